import { chiSquareTail } from './chiSquare.ts';
import { quantile } from './quantile.ts';
import { sorted } from './sort.ts';
import { symmetricEigen } from './symmetricEigen.ts';
import type { TestResult } from './tTest.ts';

/** Where the characteristic functions are held against each other, in halves of the interquartile range. */
const points = [0.4, 0.8] as const;

/**
 * Do two samples come from one distribution, continuous or not? The Epps-Singleton test: the empirical characteristic
 * functions at two points, against the covariance of their cosines and sines.
 *
 * Both samples finite, of five values at least and in any order, with an interquartile range (of both together) above 0.
 * The statistic W is 0 or more, about 4 where both samples come from one distribution; p, 0 to 1, comes from chi-square
 * with as many degrees as the covariance has rank, 4 as a rule. Below 25 values W is corrected for size.
 *
 * Worked value: 0..9 against 5..14 gives W = 9.2376, p = 0.0554.
 * Source: Epps and Singleton, Journal of Statistical Computation and Simulation 26 (1986) 177-203; SciPy's
 * epps_singleton_2samp.
 */
export function eppsSingletonTest(a: Float64Array, b: Float64Array): TestResult {
	const [n, m] = [a.length, b.length];
	const all = n + m;
	const scale = interquartileRange(a, b) / 2;
	const [first, second] = [waves(a, scale), waves(b, scale)];
	const covariance = first.covariance.map((row, i) =>
		row.map((value, j) => (all / n) * value + (all / m) * ((second.covariance[i] as number[])[j] as number)),
	);
	const { values, vectors } = symmetricEigen(covariance);
	const largest = Math.max(...values.map(Math.abs));
	const inverted = values.map((value) => (Math.abs(value) > 4 * Number.EPSILON * largest ? 1 / value : 0));
	const rank = inverted.filter((value) => value !== 0).length;
	const gap = first.means.map((mean, i) => mean - (second.means[i] as number));
	let statistic = 0;
	for (const [k, weight] of inverted.entries()) {
		const along = gap.reduce((sum, value, i) => sum + value * ((vectors[i] as number[])[k] as number), 0);
		statistic += weight * along * along;
	}
	statistic *= all;
	if (Math.max(n, m) < 25) statistic /= 1 + all ** -0.45 + 10.1 * (n ** -1.7 + m ** -1.7);
	return { statistic, p: rank === 0 ? Number.NaN : chiSquareTail(statistic, rank) };
}

/** Of both samples together. */
export function interquartileRange(a: Float64Array, b: Float64Array): number {
	const both = new Float64Array(a.length + b.length);
	both.set(a);
	both.set(b, a.length);
	const ascending = sorted(both);
	return quantile(ascending, 0.75) - quantile(ascending, 0.25);
}

/** Means and covariances (divided by n) of the cosines and sines of the values. */
function waves(values: Float64Array, scale: number): { means: number[]; covariance: number[][] } {
	const size = points.length * 2;
	const columns = [Math.cos, Math.sin].flatMap((wave) =>
		points.map((point) => values.map((value) => wave((point / scale) * value))),
	);
	const means = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / values.length);
	const covariance = Array.from({ length: size }, () => new Array<number>(size).fill(0));
	for (let i = 0; i < size; i++) {
		for (let j = 0; j <= i; j++) {
			let sum = 0;
			const [x, y] = [columns[i] as Float64Array, columns[j] as Float64Array];
			const [middleX, middleY] = [means[i] as number, means[j] as number];
			for (let row = 0; row < values.length; row++)
				sum += ((x[row] as number) - middleX) * ((y[row] as number) - middleY);
			const mean = sum / values.length;
			(covariance[i] as number[])[j] = mean;
			(covariance[j] as number[])[i] = mean;
		}
	}
	return { means, covariance };
}
