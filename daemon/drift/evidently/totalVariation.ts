import { mersenneTwister, permute } from '../../stats/mersenneTwister.ts';
import type { Counts, Outcome } from './sample.ts';

const permutations = 1000;

/**
 * By how much do the shares of categories differ in all? The total variation distance ½ Σ |p − q|, 0 to 1, with a p-value
 * from 1000 random divisions of the values into samples of these sizes: the share of them that differ as much. Evidently
 * gives this p, not the distance, as its score; as it counts hits / 1000, p may be exactly 0.
 *
 * The divisions are those that NumPy draws after `seed(0)`, so p is Evidently's up to rounding among ties.
 *
 * Worked value: 134, 67, 133, 66 against 88, 66, 83, 63 gives a distance of 0.0975.
 * Source: evidently.legacy.calculations.stattests.tvd_stattest.
 */
export function totalVariationTest(counts: Counts): Outcome {
	const { reference: n, current: m } = counts.sizes;
	const codes = counts.codes();
	const pooled = new Int32Array(n + m);
	pooled.set(codes.reference);
	pooled.set(codes.current, n);
	const totals = counts.reference.map((count, code) => count + (counts.current[code] as number));
	// |r/n − c/m| = |r m − c n| / (n m): in whole numbers, so that equal distances are equal.
	const gap = (reference: Uint32Array) =>
		reference.reduce((sum, count, code) => sum + Math.abs(count * m - ((totals[code] as number) - count) * n), 0);
	const found = gap(counts.reference);
	const bits = mersenneTwister(0);
	const order = new Uint32Array(n + m);
	const drawn = new Uint32Array(totals.length);
	let hits = 0;
	for (let round = 0; round < permutations; round++) {
		for (let i = 0; i < order.length; i++) order[i] = i;
		permute(order, bits);
		drawn.fill(0);
		for (let i = 0; i < n; i++) {
			const code = pooled[order[i] as number] as number;
			drawn[code] = (drawn[code] as number) + 1;
		}
		hits += +(gap(drawn) >= found);
	}
	const p = hits / permutations;
	return { score: p, statistic: found / (2 * n * m), p };
}
