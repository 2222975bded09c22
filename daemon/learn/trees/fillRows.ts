/** Histograms of the rows of a node. */
import type { TreeKernels } from '../../kernels/treeKernels.ts';
import { type BinnedMatrix, type Slot, stagedRows } from './growthMemory.ts';

/** Bytes that the cache holds. */
const nearBytes = 1 << 21;
/** Rows that lie nearer than that are waited for by the processor itself. */
const farApart = 8;

/**
 * Adds rows to a histogram. Where they lie far apart in memory, to wait for each takes longer than to add it up: so some are
 * brought together first, where many are waited for at a time. `thread` has room of its own for that.
 */
export function fillRows(
	kernels: TreeKernels,
	matrix: BinnedMatrix,
	slot: Slot,
	histogram: number,
	from: number,
	to: number,
	thread = 0,
): void {
	const { bins, stride, features, memory } = matrix;
	const { packed, pairs, order, ascending } = slot;
	const fill = packed ? kernels.fillPacked : kernels.fillPairs;
	const pairBytes = packed ? 8 : 16;
	const nearStride = Math.ceil(stride / 16) * 16;
	const rowsAtOnce = Math.min(stagedRows, Math.floor((stagedRows * 16) / (nearStride + pairBytes)));
	const places = new Uint32Array(memory.buffer, order, matrix.rows);
	const span = to > from ? (places[to - 1] as number) - (places[from] as number) : 0;
	if (rowsAtOnce < 64 || span < farApart * (to - from) || span * stride < nearBytes) {
		fill(histogram, bins, stride, features, pairs, order, from, to);
		return;
	}
	const near = slot.staged[thread] as number;
	const nearPairs = near + rowsAtOnce * nearStride;
	for (let at = from; at < to; at += rowsAtOnce) {
		const end = Math.min(to, at + rowsAtOnce);
		kernels.bringRows(order, at, end, bins, stride, pairs, pairBytes, near, nearStride, nearPairs);
		fill(histogram, near, nearStride, features, nearPairs, ascending, 0, end - at);
	}
}
