/** The gradient and the weight of each row in the memory of a slot: two float64, or one int64 where weights are counts. */
import { treeKernels } from '../../kernels/trees.ts';
import { type BinnedMatrix, type Slot, stagedRows } from './growthMemory.ts';

export interface RowPairs {
	gradient(row: number): number;
	weight(row: number): number;
	/** A gradient and a weight of some rows, one after the other, before they are settled. */
	readonly stage: Float64Array;
	/** Makes whole numbers of what is staged for `order[from..to)`, once it is multiplied; a row weighs one at least. */
	settle(from: number, to: number, ofGradient: number, ofWeight: number): void;
	/** Adds up the rows `order[from..to)`. */
	sum(from: number, to: number): Float64Array;
	/** Copies the sums of a feature out of the histogram at an address: a gradient and a weight a bin. */
	readSums(histogram: number, feature: number, sums: Float64Array): void;
}

/** Bits that the sum of all gradients may take. */
export const sumBits = ({ packed }: Slot) => (packed ? 38 : 52);
/** Rows at most whose pairs can be packed: their count has 24 bits. */
export const mostPacked = 2 ** 24 - 1;

/** `thread` has a stage of its own. */
export function rowPairs({ memory, rows }: BinnedMatrix, slot: Slot, thread = 0): RowPairs {
	const { pairs, packed, order, staged } = slot;
	const kernels = treeKernels(memory);
	const stagedAt = staged[thread] as number;
	const sums = new Float64Array(memory.buffer, slot.best, 2);
	const common = {
		stage: new Float64Array(memory.buffer, stagedAt, 2 * stagedRows),
		settle(from: number, to: number, ofGradient: number, ofWeight: number) {
			const settle = packed ? kernels.settlePacked : kernels.settlePairs;
			settle(pairs, order, from, to, stagedAt, ofGradient, ofWeight);
		},
		sum(from: number, to: number) {
			(packed ? kernels.sumPacked : kernels.sumPairs)(pairs, order, from, to, slot.best);
			return sums.slice();
		},
	};
	if (!packed) {
		const numbers = new Float64Array(memory.buffer, pairs, 2 * rows);
		return {
			...common,
			gradient: (row) => numbers[2 * row] as number,
			weight: (row) => numbers[2 * row + 1] as number,
			readSums: (histogram, feature, sums) =>
				sums.set(new Float64Array(memory.buffer, histogram + 4096 * feature, 512)),
		};
	}
	// The weight is the lower 24 bits; the gradient the 40 above them.
	const lower = new Uint32Array(memory.buffer, pairs, 2 * rows);
	const upper = new Int32Array(memory.buffer, pairs, 2 * rows);
	return {
		...common,
		gradient: (row) => (upper[2 * row + 1] as number) * 256 + ((lower[2 * row] as number) >>> 24),
		weight: (row) => (lower[2 * row] as number) & 0xff_ff_ff,
		readSums(histogram, feature, sums) {
			const low = new Uint32Array(memory.buffer, histogram + 2048 * feature, 512);
			const high = new Int32Array(memory.buffer, histogram + 2048 * feature, 512);
			for (let bin = 0; bin < 256; bin++) {
				const part = low[2 * bin] as number;
				sums[2 * bin] = (high[2 * bin + 1] as number) * 256 + (part >>> 24);
				sums[2 * bin + 1] = part & 0xff_ff_ff;
			}
		},
	};
}

/** The power of two that makes whole numbers of numbers up to `largest`, of which so many add up to less than 2^bits. */
export function exactScale(largest: number, count: number, bits: number): number {
	return largest === 0 ? 1 : 2 ** (bits - Math.ceil(Math.log2(largest)) - Math.ceil(Math.log2(count + 1)));
}
