/** Products of matrices and the gates of long short-term memory. */
import { type KernelMemory, kernelsOver } from './kernelMemory.ts';
import { lstmModule } from './modules/lstm.ts';

/** All places and strides count numbers (float32) from the begin of the memory, not bytes. */
export interface LstmKernels {
	/**
	 * C = A·B, or C + A·B if `added`. A row of A begins `aRow` after the one before it and its numbers are `aColumn` apart, so that A may also be
	 * read across; rows of B and C lie as one piece. `rows` is a multiple of four, `columns` of eight.
	 */
	multiply(
		a: number,
		aRow: number,
		aColumn: number,
		b: number,
		bRow: number,
		c: number,
		cRow: number,
		rows: number,
		inner: number,
		columns: number,
		added: boolean,
	): void;
	/**
	 * One step of all rows. `gates` (`[rows][4·units]`: input, output, forget, candidate) hold sums and then what the gates
	 * say; `before` and `cells` are the cells before and after it, `bent` their tanh, all `[rows][units]`; `hidden` is the
	 * state, whose rows are `hiddenRow` apart. `units` is a multiple of four.
	 */
	activate(
		gates: number,
		before: number,
		cells: number,
		bent: number,
		hidden: number,
		hiddenRow: number,
		rows: number,
		units: number,
	): void;
	/**
	 * The same backwards: from the derivatives by the state (`byHidden`) and the cells (`byCells`) to those by the sums,
	 * which take the place of `gates`, and by the cells before, which take the place of `byCells`.
	 */
	differentiate(
		gates: number,
		before: number,
		bent: number,
		byHidden: number,
		byCells: number,
		rows: number,
		units: number,
	): void;
}

export function lstmKernels(memory: KernelMemory): LstmKernels {
	return kernelsOver(memory, lstmModule, (buffer) => lstmTwin(new Float32Array(buffer, 0, buffer.byteLength >> 2)));
}

/** The kernels in plain TypeScript; over float64 they are what the others are held against. */
export function lstmTwin(values: Float32Array | Float64Array): LstmKernels {
	const at = (place: number) => values[place] as number;
	return {
		multiply(a, aRow, aColumn, b, bRow, c, cRow, rows, inner, columns, added) {
			for (let row = 0; row < rows; row++) {
				for (let column = 0; column < columns; column++) {
					const to = c + row * cRow + column;
					let sum = added ? at(to) : 0;
					for (let place = 0; place < inner; place++) {
						sum += at(a + row * aRow + place * aColumn) * at(b + place * bRow + column);
					}
					values[to] = sum;
				}
			}
		},
		activate(gates, before, cells, bent, hidden, hiddenRow, rows, units) {
			for (let row = 0; row < rows; row++) {
				for (let unit = 0; unit < units; unit++) {
					const gate = gates + row * 4 * units + unit;
					const cell = row * units + unit;
					const input = 1 / (1 + Math.exp(-at(gate)));
					const output = 1 / (1 + Math.exp(-at(gate + units)));
					const forget = 1 / (1 + Math.exp(-at(gate + 2 * units)));
					const candidate = Math.tanh(at(gate + 3 * units));
					const kept = forget * at(before + cell) + input * candidate;
					const shown = Math.tanh(kept);
					values[gate] = input;
					values[gate + units] = output;
					values[gate + 2 * units] = forget;
					values[gate + 3 * units] = candidate;
					values[cells + cell] = kept;
					values[bent + cell] = shown;
					values[hidden + row * hiddenRow + unit] = output * shown;
				}
			}
		},
		differentiate(gates, before, bent, byHidden, byCells, rows, units) {
			for (let row = 0; row < rows; row++) {
				for (let unit = 0; unit < units; unit++) {
					const gate = gates + row * 4 * units + unit;
					const cell = row * units + unit;
					const [input, output] = [at(gate), at(gate + units)];
					const [forget, candidate] = [at(gate + 2 * units), at(gate + 3 * units)];
					const [shown, slope] = [at(bent + cell), at(byHidden + cell)];
					const byCell = at(byCells + cell) + slope * output * (1 - shown * shown);
					values[gate] = byCell * candidate * input * (1 - input);
					values[gate + units] = slope * shown * output * (1 - output);
					values[gate + 2 * units] = byCell * at(before + cell) * forget * (1 - forget);
					values[gate + 3 * units] = byCell * input * (1 - candidate * candidate);
					values[byCells + cell] = byCell * forget;
				}
			}
		},
	};
}
