/** How sure the difference of two figures of the same rows is. */
import { autocorrelationTime } from './autocorrelationTime.ts';
import { moments } from './moments.ts';
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
 * ends are NaN. Rows with memory are drawn in blocks of neighbours, the first row following the last one.
 * Sources: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapters 8 and 13; for blocks Politis and
 * Romano, in: Exploring the Limits of Bootstrap (1992) 263-270.
 */
export function bootstrapInterval(
	rows: number,
	seed: number,
	statistic: (drawn: Uint32Array) => number,
	block = 1,
): Interval {
	const samples = Math.round(Math.min(most, Math.max(fewest, budget / rows)));
	const random = createRandom(seed, 'paired bootstrap');
	const drawn = new Uint32Array(rows);
	const values = new Float64Array(samples);
	for (let sample = 0; sample < samples; sample++) {
		for (let from = 0; from < rows; from += block) {
			const first = random.integer(rows);
			for (let at = from; at < Math.min(rows, from + block); at++) drawn[at] = (first + at - from) % rows;
		}
		values[sample] = statistic(drawn);
	}
	const ascending = sorted(values);
	return { low: quantile(ascending, 0.025), high: quantile(ascending, 0.975) };
}

/**
 * How many neighbouring rows to draw together, from a series of what is averaged, in the order of its rows: 1 for one
 * without memory. The length that is best for an AR(1) series of that memory, (3/2 · (2ρ / (1 − ρ²))² · n)^(1/3), a
 * quarter of the rows at most. Source: Politis and White, Econometric Reviews 23 (2004) 53-70: (2 G² n / D)^(1/3) with
 * D = 4/3 g(0)², and here G = 2ρ / (1 − ρ)² and g(0) = (1 + ρ) / (1 − ρ) variances.
 */
export function blockLength(series: Float64Array): number {
	const { mean } = moments(series);
	const time = autocorrelationTime(series.map((value) => value - mean));
	const correlation = (time - 1) / (time + 1);
	const memory = (2 * correlation) / (1 - correlation ** 2);
	const length = Math.ceil((1.5 * memory ** 2 * series.length) ** (1 / 3));
	return Math.max(1, Math.min(length, Math.floor(series.length / 4)));
}
