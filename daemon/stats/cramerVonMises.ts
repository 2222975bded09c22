import { logGamma } from './gamma.ts';
import { eachTiedValue } from './tiedRanks.ts';
import type { TestResult } from './tTest.ts';

/** Up to this many values in the larger sample p is exact, as in SciPy's method `auto`. */
const largestExact = 20;

/**
 * Do two samples come from one distribution? The Cramér-von Mises test, which weighs the squared difference of the two
 * empirical distribution functions over all values: less sensitive to one gap than Kolmogorov-Smirnov, more to many small
 * ones.
 *
 * Both samples ascending, of two values at least. The statistic T is 0 or more, near 1/6 where both samples come from one
 * distribution; equal values share their mean rank. p is 0 to 1, exact where neither sample has more than 20 values.
 *
 * Worked value: 1 2 3 against 4 5 6 gives T = 0.5278 (19/36), p = 2/20. Source: Anderson, Annals of Mathematical
 * Statistics 33 (1962) 1148-1159; exact p by Xiao, Gordon and Yakovlev, Journal of Statistical Software 17 (2006) 8.
 */
export function cramerVonMisesTest(a: Float64Array, b: Float64Array): TestResult {
	const [n, m] = [a.length, b.length];
	const all = n + m;
	let [first, second] = [0, 0];
	eachTiedValue(a, b, ({ inFirst, inSecond, belowFirst, belowSecond }) => {
		const rank = belowFirst + belowSecond + (inFirst + inSecond + 1) / 2;
		first += squaredGaps(rank - belowFirst, inFirst);
		second += squaredGaps(rank - belowSecond, inSecond);
	});
	const u = n * first + m * second;
	const statistic = u / (n * m * all) - (4 * n * m - 1) / (6 * all);
	return { statistic, p: Math.max(n, m) <= largestExact ? exact(u, n, m) : limit(statistic, n, m) };
}

/** The sum of (gap − i)² for i = 1..count. */
function squaredGaps(gap: number, count: number): number {
	return count * gap * gap - gap * count * (count + 1) + (count * (count + 1) * (2 * count + 1)) / 6;
}

/** p by the distribution without end of the one-sample statistic, to which T is brought by its mean and variance. */
function limit(statistic: number, n: number, m: number): number {
	const [pairs, all] = [n * m, n + m];
	const mean = (1 + 1 / all) / 6;
	const variance = ((all + 1) * (4 * pairs * all - 3 * (n * n + m * m) - 2 * pairs)) / (45 * all * all * 4 * pairs);
	const x = 1 / 6 + (statistic - mean) / Math.sqrt(45 * variance);
	return x < 0.003 ? 1 : Math.max(0, 1 - limitCdf(x));
}

/** Terms of the series below this are left out, as SciPy does. */
const smallestTerm = 1e-7;

/**
 * P(W² <= x) of the Cramér-von Mises statistic of very many values, for x > 0.
 * Source: Csörgő and Faraway, JRSS B 58 (1996) 221-234, equation 1.2.
 */
function limitCdf(x: number): number {
	let sum = 0;
	for (let k = 0; ; k++) {
		const weight = Math.exp(logGamma(k + 0.5) - logGamma(k + 1)) / (Math.PI ** 1.5 * Math.sqrt(x));
		const y = 4 * k + 1;
		const term = weight * Math.sqrt(y) * fallingBessel((y * y) / (16 * x));
		sum += term;
		if (term < smallestTerm) return sum;
	}
}

/**
 * exp(−q) K(q) with the modified Bessel function of the second kind of order 1/4, q > 0: the integral of
 * exp(−q (1 + cosh t)) cosh(t/4) over t > 0 by the trapezoidal rule, which is exact to the last digits for such a
 * function. Source: NIST DLMF 10.32.9.
 */
function fallingBessel(q: number): number {
	const step = 1 / 16;
	let sum = Math.exp(-2 * q) / 2;
	for (let i = 1; ; i++) {
		const t = i * step;
		const term = Math.exp(-q * (1 + Math.cosh(t))) * Math.cosh(t / 4);
		sum += term;
		if (term <= sum * 1e-17) return sum * step;
	}
}

/**
 * The share of all orders of the two samples whose statistic is as large. Each order is a path of n and m steps; for each
 * point of the grid a table counts its paths by their sum of squared gaps, in whole numbers.
 */
function exact(u: number, n: number, m: number): number {
	const common = (n * m) / greatestDivisor(n, m);
	const [up, right] = [common / n, common / m];
	const pairs = n * m;
	const scaled = common ** 2 * (n + m) * (6 * u - pairs * (4 * pairs - 1));
	const least = Math.floor(scaled / (6 * pairs ** 2));
	let tables = Array.from({ length: n + 1 }, (_, i) => new Map(i === 0 ? [[0, 1]] : []));
	for (let j = 0; j <= m; j++) {
		const next: Map<number, number>[] = [];
		let before = new Map<number, number>();
		for (const [i, below] of tables.entries()) {
			const gap = (up * i - right * j) ** 2;
			const here = new Map<number, number>();
			for (const table of [before, below]) {
				for (const [sum, paths] of table) here.set(sum + gap, (here.get(sum + gap) ?? 0) + paths);
			}
			next.push(here);
			before = here;
		}
		tables = next;
	}
	let [reaching, paths] = [0, 0];
	for (const [sum, count] of tables[n] ?? []) {
		paths += count;
		if (sum >= least) reaching += count;
	}
	return reaching / paths;
}

function greatestDivisor(a: number, b: number): number {
	return b === 0 ? a : greatestDivisor(b, a % b);
}
