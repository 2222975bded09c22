/** How sure the difference of two figures of the same rows is. */
import { quantile } from './quantile.ts';
import { createRandom } from './random.ts';
import { sorted } from './sort.ts';

export interface Interval {
	readonly low: number;
	readonly high: number;
}

/** Rows that are drawn in all, and the fewest and most samples that are made of them. */
const budget = 20_000_000;
const fewest = 200;
const most = 2000;

/**
 * The 95 % percentile interval of a statistic under resampling of rows with replacement; `statistic` takes the numbers
 * of the drawn rows. Two models are paired by drawing the same rows for both: what the rows have in common cancels out.
 * 2,000 samples, fewer (at least 200) for over 10,000 rows. Samples without a value (NaN) do not count; of none both
 * ends are NaN. Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapters 8 and 13.
 */
export function bootstrapInterval(rows: number, seed: number, statistic: (drawn: Uint32Array) => number): Interval {
	const samples = Math.round(Math.min(most, Math.max(fewest, budget / rows)));
	const random = createRandom(seed, 'paired bootstrap');
	const drawn = new Uint32Array(rows);
	const values = new Float64Array(samples);
	for (let sample = 0; sample < samples; sample++) {
		for (let at = 0; at < rows; at++) drawn[at] = random.integer(rows);
		values[sample] = statistic(drawn);
	}
	const ascending = sorted(values);
	return { low: quantile(ascending, 0.025), high: quantile(ascending, 0.975) };
}
