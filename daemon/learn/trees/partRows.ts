/** Puts rows of a slot on either side of a cut. */
import type { TreeKernels } from '../../kernels/treeKernels.ts';
import { missingBin } from './binnedMatrix.ts';
import type { BinnedMatrix, Slot } from './growthMemory.ts';
import type { Split } from './split.ts';

type Cut = Pick<Split, 'feature' | 'bin' | 'missingLeft' | 'marks'>;

/** The bin of a cut that goes by the marks of its slot. */
export const markedBin = -2;

/** Puts the marks of a cut by categories where all threads see them; returns its bin, or the one that says so. */
export function showMarks({ memory }: BinnedMatrix, { marks: at }: Slot, { bin, marks }: Cut): number {
	if (marks === undefined) return bin;
	new Uint8Array(memory.buffer, at, 256).set(marks);
	return markedBin;
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
	const shown = { ...cut, bin: showMarks(matrix, slot, cut) };
	const left = partInto(kernels, matrix, slot, shown, from, to);
	kernels.copyRows(slot.order + 4 * from, slot.scratch + 4 * from, left);
	kernels.copyBackwards(slot.order + 4 * (from + left), slot.scratch + 4 * (to - 1), to - from - left);
	return from + left;
}

/** Writes the rows of both sides to scratch memory, by the marks that are shown where the bin says so; returns how many go left. */
export function partInto(
	kernels: TreeKernels,
	{ byColumn, rows }: BinnedMatrix,
	slot: Slot,
	cut: Omit<Cut, 'marks'>,
	from: number,
	to: number,
): number {
	const column = byColumn + cut.feature * rows;
	if (cut.bin === markedBin) return kernels.partMarked(slot.order, slot.scratch, from, to, column, 1, slot.marks);
	return kernels.partRows(slot.order, slot.scratch, from, to, column, 1, cut.bin, missingOf(cut));
}

/** `partRows` of few rows, by their ranks. */
export function partFew(kernels: TreeKernels, { few }: Slot, cut: Cut, from: number, to: number): number {
	return kernels.partFew(few.members, few.spare, from, to, few.ranks + 256 * cut.feature, cut.bin, missingOf(cut));
}

/** The bin that goes left beside those up to the cut; −1: none. */
function missingOf({ missingLeft }: Pick<Cut, 'missingLeft'>): number {
	return missingLeft ? missingBin : -1;
}
