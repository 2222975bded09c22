/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997; with forget gates, Gers and others 2000) over a batch of windows
 * of equal length, and its gradient through time. Bias, input and recurrence are one product: a row of `values` is
 * [state | inputs | 1 | padding], and the weights have a row for each of these. The gates are in the order of ONNX: input,
 * output, forget, candidate.
 */
import type { LstmKernels } from '../../../kernels/lstm.ts';

export interface LstmShape {
	/** Rows of a window. */
	readonly steps: number;
	/** Windows in a batch, a multiple of four. */
	readonly batch: number;
	/** Values in a row. */
	readonly inputs: number;
	/** A multiple of eight. */
	readonly units: number;
}

/** Numbers with the kernels that work on them. */
export interface LstmMemory {
	readonly values: Float32Array | Float64Array;
	readonly kernels: LstmKernels;
}

export interface Lstm {
	readonly values: LstmMemory['values'];
	/** `[width][4·units]`. */
	readonly weights: number;
	/** As many as there are weights; filled by `backward`. */
	readonly gradient: number;
	/** Where the inputs of a window at a step begin. */
	inputsAt(step: number, window: number): number;
	/** The state after the last step, whose rows are `width` apart. */
	readonly state: number;
	/** Derivatives by the state, `[batch][units]`, to be filled in before `backward`, with 0 where there is no window. */
	readonly byState: number;
	forward(): void;
	backward(): void;
}

/** Numbers in a row: state, inputs, one, and padding to a multiple of four. */
export function rowWidth({ inputs, units }: Pick<LstmShape, 'inputs' | 'units'>): number {
	return Math.ceil((units + inputs + 1) / 4) * 4;
}

/** Where everything lies in memory. */
function layoutOf(shape: LstmShape) {
	const { steps, batch, units } = shape;
	const width = rowWidth(shape);
	let end = 0;
	const reserve = (count: number) => {
		const at = end;
		end += Math.ceil(count / 16) * 16;
		return at;
	};
	const places = {
		rows: reserve((steps + 1) * batch * width),
		gates: reserve(steps * batch * 4 * units),
		cells: reserve((steps + 1) * batch * units),
		bent: reserve(steps * batch * units),
		weights: reserve(width * 4 * units),
		across: reserve(4 * units * units),
		gradient: reserve(width * 4 * units),
		byState: reserve(batch * units),
		byCells: reserve(batch * units),
	};
	return { ...places, width, count: end };
}

/** Numbers that a net of this shape needs. */
export function lstmNumbers(shape: LstmShape): number {
	return layoutOf(shape).count;
}

/** A net over zeroed memory of `lstmNumbers`. */
export function createLstm(shape: LstmShape, { values, kernels }: LstmMemory): Lstm {
	const { steps, batch, units } = shape;
	const { rows, gates, cells, bent, weights, across, gradient, byState, byCells, width } = layoutOf(shape);
	const columns = 4 * units;
	for (let row = 0; row < steps * batch; row++) values[rows + row * width + units + shape.inputs] = 1;

	/** The weights of the state, read across. */
	function turnWeights(): void {
		for (let unit = 0; unit < units; unit++) {
			for (let column = 0; column < columns; column++) {
				values[across + column * units + unit] = values[weights + unit * columns + column] as number;
			}
		}
	}

	return {
		values,
		weights,
		gradient,
		byState,
		state: rows + steps * batch * width,
		inputsAt: (step, window) => rows + (step * batch + window) * width + units,
		forward() {
			for (let step = 0; step < steps; step++) {
				const from = rows + step * batch * width;
				const gate = gates + step * batch * columns;
				const cell = cells + step * batch * units;
				kernels.multiply(from, width, 1, weights, columns, gate, columns, batch, width, columns, false);
				const after = cell + batch * units;
				const shown = bent + step * batch * units;
				kernels.activate(gate, cell, after, shown, from + batch * width, width, batch, units);
			}
		},
		backward() {
			turnWeights();
			values.fill(0, byCells, byCells + batch * units);
			values.fill(0, gradient, gradient + width * columns);
			for (let step = steps - 1; step >= 0; step--) {
				const gate = gates + step * batch * columns;
				const cell = step * batch * units;
				kernels.differentiate(gate, cells + cell, bent + cell, byState, byCells, batch, units);
				// At once, while the derivatives are in the cache.
				const from = rows + step * batch * width;
				kernels.multiply(from, 1, width, gate, columns, gradient, columns, width, batch, columns, true);
				if (step > 0) kernels.multiply(gate, columns, 1, across, units, byState, units, batch, columns, units, false);
			}
		},
	};
}
