/** A net that forecasts: long short-term memory, and a linear layer on its last state. */
import { createRandom, type Random } from '../../../stats/random.ts';
import type { Trainable } from '../trainEpochs.ts';
import { createLstm, type Lstm, type LstmMemory, type LstmShape, lstmNumbers, rowWidth } from './lstm.ts';

export interface SequenceShape extends Omit<LstmShape, 'batch'> {
	readonly outputs: number;
}

/** `parameters` are the weights of the memory, those of the layer (`[output][unit]`), and its biases. */
export interface SequenceNet {
	readonly shape: SequenceShape;
	readonly parameters: Float64Array;
}

/** What a net learns from: windows known by number, and what follows them. */
export interface Windows {
	/** Writes the inputs of a step of a window into `values` from `at` on. */
	fill(window: number, step: number, values: Float32Array | Float64Array, at: number): void;
	/** What an output should say after a window; NaN where it is not known. */
	target(window: number, output: number): number;
}

/** How the parameters lie. */
export function partsOf({ shape, parameters }: SequenceNet) {
	const { units, outputs } = shape;
	const weights = rowWidth(shape) * 4 * units;
	return {
		weights: parameters.subarray(0, weights),
		layer: parameters.subarray(weights, weights + outputs * units),
		biases: parameters.subarray(weights + outputs * units),
	};
}

/**
 * Weights drawn as Keras draws them: of the inputs as Glorot and Bengio (2010) have it, of the state orthogonal (Saxe and
 * others 2014), and the bias of the forget gate 1. The last layer begins at 0, so that the first forecast is no change.
 */
export function createSequenceNet(shape: SequenceShape, seed: number): SequenceNet {
	const { inputs, units, outputs } = shape;
	const columns = 4 * units;
	const random = createRandom(seed, 'weights');
	const parameters = new Float64Array(rowWidth(shape) * columns + outputs * (units + 1));
	orthogonalRows(units, columns, random).forEach((row, unit) => {
		parameters.set(row, unit * columns);
	});
	const limit = Math.sqrt(6 / (inputs + columns));
	for (let at = units * columns; at < (units + inputs) * columns; at++) {
		parameters[at] = (2 * random.next() - 1) * limit;
	}
	const bias = (units + inputs) * columns;
	parameters.fill(1, bias + 2 * units, bias + 3 * units);
	return { shape, parameters };
}

/** Rows of length 1 at right angles to each other, by Gram and Schmidt, each twice for the sake of rounding. */
function orthogonalRows(count: number, length: number, random: Random): Float64Array[] {
	const rows: Float64Array[] = [];
	while (rows.length < count) {
		const row = Float64Array.from({ length }, () => random.normal());
		for (const other of [...rows, ...rows]) {
			const along = row.reduce((sum, value, at) => sum + value * (other[at] as number), 0);
			for (let at = 0; at < length; at++) row[at] = (row[at] as number) - along * (other[at] as number);
		}
		const norm = Math.hypot(...row);
		rows.push(row.map((value) => value / norm));
	}
	return rows;
}

/** A net at work on windows. */
export interface SequenceAtWork extends Trainable {
	/** What the outputs say after each of these windows, `[window][output]`. */
	say(windows: Uint32Array): Float64Array;
}

/** Memory for so many numbers. */
export type Allocate = (numbers: number) => LstmMemory;

/** The loss is the mean squared error over the targets that are known. `batch` is the most windows that are learned from at once. */
export function sequenceOn(net: SequenceNet, windows: Windows, batch: number, allocate: Allocate): SequenceAtWork {
	const { shape, parameters } = net;
	const { steps, units, outputs } = shape;
	const whole: LstmShape = { ...shape, batch: Math.ceil(batch / 4) * 4 };
	const lstm = createLstm(whole, allocate(lstmNumbers(whole)));
	const { values } = lstm;
	const { weights, layer, biases } = partsOf(net);
	const width = rowWidth(shape);
	const said = new Float64Array(whole.batch * outputs);

	function forward(examples: Uint32Array): void {
		for (let place = 0; place < examples.length; place++) {
			for (let step = 0; step < steps; step++) {
				windows.fill(examples[place] as number, step, values, lstm.inputsAt(step, place));
			}
		}
		values.set(weights, lstm.weights);
		lstm.forward();
		for (let place = 0; place < examples.length; place++) {
			const state = lstm.state + place * width;
			for (let output = 0; output < outputs; output++) {
				let sum = biases[output] as number;
				for (let unit = 0; unit < units; unit++) {
					sum += (layer[output * units + unit] as number) * (values[state + unit] as number);
				}
				said[place * outputs + output] = sum;
			}
		}
	}

	/** The squared errors of a batch that went forward, summed, and how many targets are known; errors take the place of what was said. */
	function measure(examples: Uint32Array): { squares: number; known: number } {
		let squares = 0;
		let known = 0;
		for (let place = 0; place < examples.length; place++) {
			for (let output = 0; output < outputs; output++) {
				const at = place * outputs + output;
				const error = (said[at] as number) - windows.target(examples[place] as number, output);
				const isKnown = !Number.isNaN(error);
				said[at] = isKnown ? error : 0;
				squares += isKnown ? error * error : 0;
				known += +isKnown;
			}
		}
		return { squares, known };
	}

	return {
		parameters,
		learn(examples, gradient) {
			forward(examples);
			const { squares, known } = measure(examples);
			gradient.fill(0);
			if (known === 0) return 0;
			learnLayer(net, lstm, whole.batch, said, examples.length, 2 / known, gradient);
			lstm.backward();
			gradient.set(values.subarray(lstm.gradient, lstm.gradient + weights.length));
			return squares / known;
		},
		loss(examples) {
			let [squares, known] = [0, 0];
			for (let from = 0; from < examples.length; from += batch) {
				const some = examples.subarray(from, from + batch);
				forward(some);
				const of = measure(some);
				squares += of.squares;
				known += of.known;
			}
			return known === 0 ? 0 : squares / known;
		},
		say(examples) {
			const all = new Float64Array(examples.length * outputs);
			for (let from = 0; from < examples.length; from += batch) {
				const some = examples.subarray(from, from + batch);
				forward(some);
				all.set(said.subarray(0, some.length * outputs), from * outputs);
			}
			return all;
		},
	};
}

/** The gradient of the last layer, and the derivatives by the state that it works on. */
function learnLayer(
	net: SequenceNet,
	{ values, state, byState }: Lstm,
	batch: number,
	errors: Float64Array,
	count: number,
	scale: number,
	gradient: Float64Array,
): void {
	const { units, outputs } = net.shape;
	const { weights, layer } = partsOf(net);
	const width = rowWidth(net.shape);
	const biases = weights.length + outputs * units;
	values.fill(0, byState, byState + batch * units);
	for (let place = 0; place < count; place++) {
		for (let output = 0; output < outputs; output++) {
			const slope = (errors[place * outputs + output] as number) * scale;
			gradient[biases + output] = (gradient[biases + output] as number) + slope;
			for (let unit = 0; unit < units; unit++) {
				const at = weights.length + output * units + unit;
				gradient[at] = (gradient[at] as number) + slope * (values[state + place * width + unit] as number);
				const by = byState + place * units + unit;
				values[by] = (values[by] as number) + slope * (layer[output * units + unit] as number);
			}
		}
	}
}
