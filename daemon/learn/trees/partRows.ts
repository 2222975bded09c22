/** Puts rows of a slot on either side of a cut. */
import type { TreeKernels } from '../../kernels/treeKernels.ts';
import { missingBin } from './binnedMatrix.ts';
import type { BinnedMatrix, Slot } from './growthMemory.ts';
import type { Split } from './split.ts';

type Cut = Pick<Split, 'feature' | 'bin' | 'missingLeft' | 'marks'>;

/** Writes which bins go left to where all threads see it. */
export function showMarks({ memory }: BinnedMatrix, slot: Slot, { bin, missingLeft, marks }: Cut): void {
	const shown = new Uint8Array(memory.buffer, slot.marks, 256);
	if (marks !== undefined) {
		shown.set(marks);
		return;
	}
	shown.fill(1, 0, bin + 1).fill(0, bin + 1);
	shown[missingBin] = +missingLeft;
}

/** Puts the rows that go left before the others, each side in its order; returns the place of the first of those. */
export function partRows(
	kernels: TreeKernels,
	matrix: BinnedMatrix,
	slot: Slot,
	cut: Cut,
	from: number,
	to: number,
): number {
	showMarks(matrix, slot, cut);
	const left = partInto(kernels, matrix, slot, cut.feature, from, to);
	kernels.copyRows(slot.order + 4 * from, slot.scratch + 4 * from, left);
	kernels.copyBackwards(slot.order + 4 * (from + left), slot.scratch + 4 * (to - 1), to - from - left);
	return from + left;
}

/** Writes the rows of both sides to scratch memory, by the marks that are shown; returns how many go left. */
export function partInto(
	kernels: TreeKernels,
	{ byColumn, rows }: BinnedMatrix,
	slot: Slot,
	feature: number,
	from: number,
	to: number,
): number {
	return kernels.partRows(slot.order, slot.scratch, from, to, byColumn + feature * rows, slot.marks);
}

/** `partRows` of few rows, by their ranks. */
export function partFew(kernels: TreeKernels, { few }: Slot, cut: Cut, from: number, to: number): number {
	const missing = cut.missingLeft ? missingBin : -1;
	return kernels.partFew(few.members, few.spare, from, to, few.ranks + 256 * cut.feature, cut.bin, missing);
}
