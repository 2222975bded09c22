import { quantile } from '../stats/quantile.ts';

/**
 * Cuts the range of the reference into tenths with about equally many rows, so that no bin of it is empty and a far
 * value moves none of the others. `sorted` holds at least one finite number and no infinite one.
 *
 * Returns ascending cuts; a bin reaches from above one cut up to and with the next, the outer ones to infinity. A value
 * that fills a tenth or more gets a bin of its own.
 */
export function decileCuts(sorted: Float64Array): number[] {
	const cuts: number[] = [];
	for (let tenth = 1; tenth < 10; tenth++) {
		const cut = quantile(sorted, tenth / 10);
		const last = cuts.at(-1);
		if (cut !== last) cuts.push(cut);
		else if (cuts.at(-2) !== floatBelow(cut)) cuts.splice(-1, 0, floatBelow(cut));
	}
	return cuts;
}

/** How many values fall into each bin of `decileCuts`. `sorted` may hold infinite numbers. */
export function countByCuts(sorted: Float64Array, cuts: readonly number[]): Uint32Array {
	const counts = new Uint32Array(cuts.length + 1);
	let before = 0;
	for (const [bin, cut] of cuts.entries()) {
		const upTo = countAtMost(sorted, cut);
		counts[bin] = upTo - before;
		before = upTo;
	}
	counts[cuts.length] = sorted.length - before;
	return counts;
}

/** How many of the sorted values are at most `limit`. */
export function countAtMost(sorted: Float64Array, limit: number): number {
	let [low, high] = [0, sorted.length];
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((sorted[middle] as number) <= limit) low = middle + 1;
		else high = middle;
	}
	return low;
}

const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

/** The largest float64 below a finite one. */
export function floatBelow(value: number): number {
	if (value === 0) return -Number.MIN_VALUE;
	float[0] = value;
	bits[0] = (bits[0] as bigint) + (value > 0 ? -1n : 1n);
	return float[0];
}
