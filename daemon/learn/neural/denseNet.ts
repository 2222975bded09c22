/** A net of dense layers, tanh in the hidden ones and linear at the end, and its gradient by backpropagation. */
import type { Random } from '../../stats/random.ts';

/**
 * `sizes` are the widths from the input to the output. Layer by layer `parameters` holds the weights of each output
 * (`[out][in]`) and then the biases.
 */
export interface DenseNet {
	readonly sizes: readonly number[];
	readonly parameters: Float64Array;
}

/** What a batch leaves behind on its way through a net; made once and used again. */
export interface DensePass {
	/** The values of each layer, row by row; the first are the inputs, to be filled in by the caller. */
	readonly values: readonly Float64Array[];
	/** The derivatives of the loss by the sums of each layer; those of the last are filled in by the caller. */
	readonly deltas: readonly Float64Array[];
}

/** Weights drawn as Glorot and Bengio (2010) have it, uniform in ±√(6 / (in + out)), biases 0: what Keras starts with. */
export function createDenseNet(sizes: readonly number[], random: Random): DenseNet {
	const layers = layersOf(sizes);
	const parameters = new Float64Array(layers.reduce((sum, { width, height }) => sum + (width + 1) * height, 0));
	for (const { at, width, height } of layers) {
		const limit = Math.sqrt(6 / (width + height));
		for (let index = at; index < at + width * height; index++) parameters[index] = (2 * random.next() - 1) * limit;
	}
	return { sizes, parameters };
}

/** A layer: the place of its weights among the parameters, how many values it takes, and how many it gives. */
interface Layer {
	readonly at: number;
	readonly width: number;
	readonly height: number;
}

/** Where the parameters of each layer lie. */
export function layersOf(sizes: readonly number[]): Layer[] {
	let at = 0;
	return sizes.slice(1).map((height, index) => {
		const width = sizes[index] as number;
		const layer = { at, width, height };
		at += (width + 1) * height;
		return layer;
	});
}

export function createPass({ sizes }: DenseNet, rows: number): DensePass {
	return {
		values: sizes.map((size) => new Float64Array(size * rows)),
		deltas: sizes.map((size) => new Float64Array(size * rows)),
	};
}

/** Fills in the values of all layers but the first, for so many rows. */
export function passForward({ sizes, parameters }: DenseNet, { values }: DensePass, rows: number): void {
	layersOf(sizes).forEach(({ at, width, height }, index) => {
		const [from, to] = [values[index] as Float64Array, values[index + 1] as Float64Array];
		multiply(parameters, at, width, height, from, to, rows);
		if (index < sizes.length - 2) bend(to, rows * height);
	});
}

/** One product of all rows with the weights of a layer, four outputs at a time so that a value is loaded once for them. */
function multiply(
	parameters: Float64Array,
	at: number,
	width: number,
	height: number,
	from: Float64Array,
	to: Float64Array,
	rows: number,
): void {
	const biases = at + width * height;
	for (let row = 0; row < rows; row++) {
		const start = row * width;
		let output = 0;
		for (; output + 4 <= height; output += 4) {
			let a = parameters[biases + output] as number;
			let b = parameters[biases + output + 1] as number;
			let c = parameters[biases + output + 2] as number;
			let d = parameters[biases + output + 3] as number;
			let weight = at + output * width;
			for (let input = 0; input < width; input++, weight++) {
				const value = from[start + input] as number;
				a += (parameters[weight] as number) * value;
				b += (parameters[weight + width] as number) * value;
				c += (parameters[weight + 2 * width] as number) * value;
				d += (parameters[weight + 3 * width] as number) * value;
			}
			const place = row * height + output;
			to[place] = a;
			to[place + 1] = b;
			to[place + 2] = c;
			to[place + 3] = d;
		}
		for (; output < height; output++) {
			let sum = parameters[biases + output] as number;
			const weight = at + output * width;
			for (let input = 0; input < width; input++) {
				sum += (parameters[weight + input] as number) * (from[start + input] as number);
			}
			to[row * height + output] = sum;
		}
	}
}

/** tanh x = 1 − 2 / (e^2x + 1), which is faster than Math.tanh and as exact as the layers need. */
function bend(values: Float64Array, length: number): void {
	for (let index = 0; index < length; index++) values[index] = 1 - 2 / (Math.exp(2 * (values[index] as number)) + 1);
}

/** From the deltas of the last layer to the gradient of all parameters, summed over the rows. */
export function passBackward(
	{ sizes, parameters }: DenseNet,
	{ values, deltas }: DensePass,
	rows: number,
	gradient: Float64Array,
): void {
	gradient.fill(0);
	const layers = layersOf(sizes);
	for (let index = layers.length - 1; index >= 0; index--) {
		const { at, width, height } = layers[index] as Layer;
		const [from, delta] = [values[index] as Float64Array, deltas[index + 1] as Float64Array];
		addGradient(gradient, at, width, height, from, delta, rows);
		if (index > 0) passDeltas(parameters, at, width, height, from, delta, deltas[index] as Float64Array, rows);
	}
}

function addGradient(
	gradient: Float64Array,
	at: number,
	width: number,
	height: number,
	from: Float64Array,
	delta: Float64Array,
	rows: number,
): void {
	const biases = at + width * height;
	for (let row = 0; row < rows; row++) {
		const start = row * width;
		for (let output = 0; output < height; output++) {
			const slope = delta[row * height + output] as number;
			const weight = at + output * width;
			for (let input = 0; input < width; input++) {
				const place = weight + input;
				gradient[place] = (gradient[place] as number) + slope * (from[start + input] as number);
			}
			gradient[biases + output] = (gradient[biases + output] as number) + slope;
		}
	}
}

/** The deltas of the layer before, whose values are tanh: its slope is 1 − value². */
function passDeltas(
	parameters: Float64Array,
	at: number,
	width: number,
	height: number,
	from: Float64Array,
	delta: Float64Array,
	before: Float64Array,
	rows: number,
): void {
	for (let row = 0; row < rows; row++) {
		const start = row * width;
		for (let input = 0; input < width; input++) {
			let sum = 0;
			let weight = at + input;
			for (let output = 0; output < height; output++, weight += width) {
				sum += (delta[row * height + output] as number) * (parameters[weight] as number);
			}
			const value = from[start + input] as number;
			before[start + input] = sum * (1 - value * value);
		}
	}
}
