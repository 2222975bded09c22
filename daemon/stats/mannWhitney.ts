import { normalCdf } from './normal.ts';
import { eachTiedValue } from './tiedRanks.ts';
import type { TestResult } from './tTest.ts';

/** Where a sample is no larger than this and nothing is tied, p is exact, as in SciPy's method `auto`. */
const largestExact = 8;

/**
 * Do values of the first sample tend to be smaller than those of the second? The one-sided Mann-Whitney U test: p is small
 * where the first is smaller, near 1 where it is larger, and it sees no change of spread.
 *
 * Both samples ascending and not empty. The statistic is U of the first sample, 0 to n m: in how many of the n m pairs its
 * value is the larger one, ties counting half. p is 0 to 1: exact in small samples without ties, else normal with
 * corrections for ties and continuity.
 *
 * Worked value: 1 2 4 against 3 5 6 gives U = 1, p = 2/20. Source: Mann and Whitney, Annals of Mathematical Statistics
 * 18 (1947) 50-60; the method by sizes as in SciPy's mannwhitneyu.
 */
export function mannWhitneyLess(a: Float64Array, b: Float64Array): TestResult {
	const [n, m] = [a.length, b.length];
	let statistic = 0;
	let ties = 0;
	eachTiedValue(a, b, ({ inFirst, inSecond, belowSecond }) => {
		statistic += inFirst * (belowSecond + inSecond / 2);
		const tied = inFirst + inSecond;
		ties += tied ** 3 - tied;
	});
	if (ties === 0 && Math.min(n, m) <= largestExact) return { statistic, p: exactUpTo(statistic, n, m) };
	const all = n + m;
	const deviation = Math.sqrt(((n * m) / 12) * (all + 1 - ties / (all * (all - 1))));
	const z = (n * m - statistic - (n * m) / 2 - 0.5) / deviation;
	return { statistic, p: normalCdf(-z) };
}

/**
 * P(U <= u) when all orders of the two samples are equally likely. The counts of the orders with U = 0, 1, … are the
 * coefficients of the Gaussian binomial, the product of (1 − q^(m + i)) / (1 − q^i) for i = 1..n with n the smaller size.
 */
function exactUpTo(u: number, first: number, second: number): number {
	const [n, m] = [Math.min(first, second), Math.max(first, second)];
	if (2 * u > n * m) return u >= n * m ? 1 : 1 - exactUpTo(n * m - u - 1, n, m);
	const counts = new Float64Array(u + 1);
	counts[0] = 1;
	let orders = 1;
	for (let i = 1; i <= n; i++) {
		for (let k = u; k >= m + i; k--) counts[k] = (counts[k] as number) - (counts[k - m - i] as number);
		for (let k = i; k <= u; k++) counts[k] = (counts[k] as number) + (counts[k - i] as number);
		orders *= (m + i) / i;
	}
	return Math.min(1, counts.reduce((sum, count) => sum + count) / orders);
}
