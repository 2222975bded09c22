import { createRandom, shuffle } from '../../stats/random.ts';
import { sorted } from '../../stats/sort.ts';
import type { Failure, Outcome } from './sample.ts';

const permutations = 100;

/** So many values of both samples together are compared pair by pair; of more, so many are drawn, in proportion. */
export const mostCompared = 4000;

/**
 * Do two samples come from one distribution, by the means of a Gaussian kernel over all pairs? The unbiased squared maximum
 * mean discrepancy with a p-value from 100 random divisions of the values. The width of the kernel is taken from the
 * reference alone: the root of half the median squared distance of its pairs.
 *
 * Both samples finite, in any order, of two values at least. The statistic is about 0 without drift and at most 2; p is
 * hits / 100, so it may be exactly 0. The divisions are drawn from a seed of their own (Evidently's are not seeded), and
 * no more than 4,000 values are compared, so memory stays bounded. Work grows with the square of the values.
 *
 * Worked value: 0 1 2 against 10 11 12 gives 0.5027: a width of 0.7071, within each sample the mean of e⁻¹, e⁻¹ and e⁻⁴,
 * nothing between them.
 * Source: Gretton et al., Journal of Machine Learning Research 13 (2012) 723-773, equation 3;
 * evidently.legacy.calculations.stattests.mmd_stattest.
 */
export function empiricalMmd(reference: Float64Array, current: Float64Array): Outcome | Failure {
	if (Math.min(reference.length, current.length) < 2) {
		return { failure: 'The maximum mean discrepancy needs two values in each sample.' };
	}
	const random = createRandom('empirical_mmd', reference.length, current.length);
	const share = Math.min(1, mostCompared / (reference.length + current.length));
	const thinned = (values: Float64Array) =>
		share === 1 ? values : shuffle(values.slice(), random).slice(0, Math.max(2, Math.floor(values.length * share)));
	const [first, second] = [thinned(reference), thinned(current)];
	const [n, m] = [first.length, second.length];
	const pooled = new Float64Array(n + m);
	pooled.set(first);
	pooled.set(second, n);
	const labels = Array.from({ length: permutations + 1 }, (_, round) => {
		const label = new Float64Array(n + m).fill(1, 0, n);
		return round === 0 ? label : shuffle(label, random);
	});
	const width = medianSquare(sorted(first)) / 2 || 0.5;
	const [found, ...others] = discrepancies(pooled, labels, n, 1 / (2 * width)) as [number, ...number[]];
	const p = others.filter((other) => found <= other).length / permutations;
	return { score: p, statistic: found, p };
}

/** The discrepancy for each division; one row of the kernel is held at a time. */
function discrepancies(pooled: Float64Array, labels: readonly Float64Array[], n: number, gamma: number): number[] {
	const m = pooled.length - n;
	const row = new Float64Array(pooled.length);
	const rowSums = new Float64Array(pooled.length);
	const within = new Float64Array(labels.length);
	for (let i = 1; i < pooled.length; i++) {
		const value = pooled[i] as number;
		let sum = 0;
		for (let j = 0; j < i; j++) {
			const kernel = Math.exp(-gamma * ((pooled[j] as number) - value) ** 2);
			row[j] = kernel;
			rowSums[j] = (rowSums[j] as number) + kernel;
			sum += kernel;
		}
		rowSums[i] = (rowSums[i] as number) + sum;
		for (const [round, label] of labels.entries()) {
			if (label[i] === 0) continue;
			let inside = 0;
			for (let j = 0; j < i; j++) inside += (row[j] as number) * (label[j] as number);
			within[round] = (within[round] as number) + inside;
		}
	}
	const all = rowSums.reduce((sum, value) => sum + value, 0);
	return labels.map((label, round) => {
		const first = 2 * (within[round] as number);
		const touching = label.reduce((sum, mark, i) => sum + mark * (rowSums[i] as number), 0);
		const between = touching - first;
		const second = all - first - 2 * between;
		return first / (n * (n - 1)) + second / (m * (m - 1)) - (2 * between) / (n * m);
	});
}

/** The middle of the squared distances of all ordered pairs, each value with itself too, by halving the range. */
function medianSquare(ascending: Float64Array): number {
	const n = ascending.length;
	const wanted = roundHalfEven((n * n - 1) / 2) + 1;
	let [low, high] = [0, (ascending.at(-1) as number) - (ascending[0] as number)];
	if (pairsWithin(ascending, 0) >= wanted) return 0;
	for (;;) {
		const middle = (low + high) / 2;
		if (middle <= low || middle >= high) return high * high;
		if (pairsWithin(ascending, middle) >= wanted) high = middle;
		else low = middle;
	}
}

/** Ordered pairs no further apart than `distance`. */
function pairsWithin(ascending: Float64Array, distance: number): number {
	let [pairs, from] = [0, 0];
	for (const [i, value] of ascending.entries()) {
		while (value - (ascending[from] as number) > distance) from++;
		pairs += 2 * (i - from) + 1;
	}
	return pairs;
}

function roundHalfEven(value: number): number {
	const below = Math.floor(value);
	if (value - below !== 0.5) return Math.round(value);
	return below % 2 === 0 ? below : below + 1;
}
