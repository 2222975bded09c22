/** Sums of what is learned from, by feature and bin: what the search for a split looks at. */
import type { BinnedMatrix } from './binnedMatrix.ts';

/**
 * What a tree learns from, a row each. `gradients`: two sums a bin, the gradients and the weights (second derivatives).
 * `classes`: the number of rows of each class.
 */
export type Target =
	| { readonly kind: 'gradients'; readonly gradient: Float64Array; readonly weight: Float64Array }
	| { readonly kind: 'classes'; readonly codes: Uint16Array; readonly classes: number };

/** Numbers that a bin holds. */
export function widthOf(target: Target): number {
	return target.kind === 'gradients' ? 2 : target.classes;
}

const bins = 256;

/** A histogram for all features of a matrix, as zeros. */
export function emptyHistogram({ stride }: BinnedMatrix, target: Target): Float64Array {
	return new Float64Array(stride * bins * widthOf(target));
}

/** Adds the rows `order[from..to)` to a histogram. */
export function fillHistogram(
	histogram: Float64Array,
	matrix: BinnedMatrix,
	target: Target,
	order: Uint32Array,
	from: number,
	to: number,
): void {
	if (target.kind === 'gradients') fillPairs(histogram, matrix, target.gradient, target.weight, order, from, to);
	else fillClasses(histogram, matrix, target.codes, target.classes, order, from, to);
}

function fillPairs(
	sums: Float64Array,
	{ bins: binned, stride }: BinnedMatrix,
	gradient: Float64Array,
	weight: Float64Array,
	order: Uint32Array,
	from: number,
	to: number,
): void {
	for (let index = from; index < to; index++) {
		const row = order[index] as number;
		const g = gradient[row] as number;
		const h = weight[row] as number;
		const start = row * stride;
		// Four features at once: a loop over single ones costs 60 % more.
		for (let feature = 0; feature < stride; feature += 4) {
			const base = feature << 9;
			const at = start + feature;
			const a = base + ((binned[at] as number) << 1);
			const b = base + 512 + ((binned[at + 1] as number) << 1);
			const c = base + 1024 + ((binned[at + 2] as number) << 1);
			const d = base + 1536 + ((binned[at + 3] as number) << 1);
			sums[a] = (sums[a] as number) + g;
			sums[a + 1] = (sums[a + 1] as number) + h;
			sums[b] = (sums[b] as number) + g;
			sums[b + 1] = (sums[b + 1] as number) + h;
			sums[c] = (sums[c] as number) + g;
			sums[c + 1] = (sums[c + 1] as number) + h;
			sums[d] = (sums[d] as number) + g;
			sums[d + 1] = (sums[d + 1] as number) + h;
		}
	}
}

function fillClasses(
	counts: Float64Array,
	{ bins: binned, stride, features }: BinnedMatrix,
	codes: Uint16Array,
	classes: number,
	order: Uint32Array,
	from: number,
	to: number,
): void {
	const step = bins * classes;
	for (let index = from; index < to; index++) {
		const row = order[index] as number;
		const start = row * stride;
		let base = codes[row] as number;
		for (let feature = 0; feature < features; feature++) {
			const at = base + (binned[start + feature] as number) * classes;
			counts[at] = (counts[at] as number) + 1;
			base += step;
		}
	}
}

/** Takes one histogram off another, in place: the sibling is the parent less its brother. */
export function subtractHistogram(from: Float64Array, other: Float64Array): void {
	for (let at = 0; at < from.length; at++) from[at] = (from[at] as number) - (other[at] as number);
}
