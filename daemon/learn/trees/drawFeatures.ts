import type { Random } from '../../stats/random.ts';

/** How many features a share of them is: one at least. */
export function countOf(features: number, share: number): number {
	return Math.max(1, Math.round(share * features));
}

/** Puts `count` features, drawn without replacement, to the front of `all`, and returns a copy of them. */
export function drawFeatures(all: Int32Array, count: number, random: Random): Int32Array {
	for (let at = 0; at < count; at++) {
		const other = at + random.integer(all.length - at);
		[all[at], all[other]] = [all[other] as number, all[at] as number];
	}
	return all.slice(0, count);
}
