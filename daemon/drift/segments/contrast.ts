import { normalCdf } from '../../stats/normal.ts';

/** Counts of one sample by the parts of a column. */
export type PartCounts = ArrayLike<number>;

/** One set of rows on both sides. */
export interface Change {
	reference: PartCounts;
	current: PartCounts;
}

/**
 * Did a column change in a segment as it changed elsewhere? The p-value of that hypothesis, 0 to 1.
 *
 * For each part of the column (for each cut between ordered parts) the change of its share in the segment is held against
 * its change elsewhere: z = (Δs − Δe) / √(Vs + Ve), two-sided, where V is the variance of a difference of two shares with
 * one success and one failure added to each (Agresti and Caffo, The American Statistician 54 (2000) 280-288). The least p
 * counts, times the number of places (Bonferroni): dependent places make it too large, never too small.
 *
 * Worked value, two parts: segment 50/50 against 20/80, elsewhere 50/50 against 50/50, 100 rows each: Δs = −0.3, Δe = 0,
 * shares 51/102, 21/102, so Vs = 0.0024510 + 0.0016029, Ve = 2 · 0.0024510, z = −3.1701, p = 0.001524 (one cut).
 */
export function contrastP(segment: Change, elsewhere: Change, ordered: boolean): number {
	const parts = segment.reference.length;
	const places = ordered ? parts - 1 : parts;
	const [inside, outside] = [stepsOf(segment), stepsOf(elsewhere)];
	let least = 1;
	for (let place = 0; place < places; place++) {
		const [one, other] = [inside.next(place, ordered), outside.next(place, ordered)];
		const z = (one.change - other.change) / Math.sqrt(one.variance + other.variance);
		least = Math.min(least, 2 * normalCdf(-Math.abs(z)));
	}
	return Math.min(1, least * Math.max(1, places));
}

function stepsOf({ reference, current }: Change) {
	const [n, m] = [sumOf(reference), sumOf(current)];
	let [before, after] = [0, 0];
	return {
		next(place: number, ordered: boolean): { change: number; variance: number } {
			const [a, b] = [reference[place] as number, current[place] as number];
			[before, after] = ordered ? [before + a, after + b] : [a, b];
			return { change: after / m - before / n, variance: varianceOf(before, n) + varianceOf(after, m) };
		},
	};
}

function varianceOf(count: number, size: number): number {
	const share = (count + 1) / (size + 2);
	return (share * (1 - share)) / (size + 2);
}

/** The widest gap between the cumulated shares, 0 to 1: the KS distance of numbers that are known by their parts. */
export function partsDistance({ reference, current }: Change): number {
	const [n, m] = [sumOf(reference), sumOf(current)];
	let [before, after, widest] = [0, 0, 0];
	for (let part = 0; part < reference.length; part++) {
		before += reference[part] as number;
		after += current[part] as number;
		widest = Math.max(widest, Math.abs(before / n - after / m));
	}
	return widest;
}

export function sumOf(counts: PartCounts): number {
	let sum = 0;
	for (let part = 0; part < counts.length; part++) sum += counts[part] as number;
	return sum;
}
