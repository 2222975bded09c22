/**
 * Maximum mean discrepancy of two samples of numbers: how far apart the mean embeddings of two distributions lie under a Gaussian
 * kernel. It is 0 only where they are equal, sees changes of shape that leave quantiles near one another, and is bounded, so
 * far values count no more than others.
 *
 * The values are taken as up to 256 cells: single values, or quantiles of both samples with the mean of what they hold. So
 * all rows count, whatever their number, and nothing grows with their square.
 *
 * Source: Gretton, Borgwardt, Rasch, Schölkopf and Smola, Journal of Machine Learning Research 13 (2012) 723-773.
 */
import { quadraticFormTail } from '../../stats/quadraticForm.ts';
import { quantile } from '../../stats/quantile.ts';
import { symmetricEigen } from '../../stats/symmetricEigen.ts';
import { countAtMost, countByCuts } from '../deciles.ts';
import { finiteOnly } from '../numberSample.ts';
import { excessInterval, type Interval } from './effectInterval.ts';
import type { Sizes } from './sound.ts';

const mostCells = 256;
/** What is left out of the kernel's trace, which is 1, when its weights are found. */
const leftOut = 1e-7;

export interface DiscrepancyTest {
	/** Squared, the biased estimate (equation 5): 0 to 2. */
	squared: number;
	p: number;
	/** The root of what exceeds its mean without drift: 0 to the root of 2. */
	effect: number;
	interval: Interval;
	/** As of a chi-square statistic: its degrees, and what a row of both samples together adds to it. */
	degrees: number;
	perRow: number;
}

interface Cells {
	/** Ascending. */
	places: Float64Array;
	/** Shares of each sample. */
	reference: Float64Array;
	current: Float64Array;
}

/**
 * Both samples ascending and not both constant; `sizes` are what their rows count as. The kernel of two values a median
 * distance apart is 1/e, the median being that of all pairs of different rows. Without drift the squared discrepancy is a sum
 * of squares whose weights are the eigenvalues of the centred kernel (Gretton et al. 2012, theorem 12), from which p follows.
 *
 * Worked value: 0 1 2 against 10 11 12 has a median distance of 9; 1.3720 squared. Within each sample the nine pairs, a value
 * with itself too, have the mean (3 + 4 e^(−1/81) + 2 e^(−4/81)) / 9; twice that less twice the mean between the samples.
 */
export function discrepancyTest(reference: Float64Array, current: Float64Array, sizes: Sizes): DiscrepancyTest {
	const cells = cellsOf(reference, current);
	const { places, reference: p, current: q } = cells;
	const width = medianDistance(cells, reference.length, current.length);
	const kernel = (i: number, j: number) => {
		const [one, other] = [places[i] as number, places[j] as number];
		// Infinite values are alike.
		return one === other ? 1 : Math.exp(-(((one - other) / width) ** 2));
	};
	const witness = p.map((_, i) => {
		let sum = 0;
		for (let j = 0; j < p.length; j++) sum += kernel(i, j) * ((p[j] as number) - (q[j] as number));
		return sum;
	});
	const squared = Math.max(
		0,
		witness.reduce((sum, value, i) => sum + value * ((p[i] as number) - (q[i] as number)), 0),
	);
	const share = sizes.reference / (sizes.reference + sizes.current);
	const pooled = p.map((value, i) => share * value + (1 - share) * (q[i] as number));
	const unit = 1 / sizes.reference + 1 / sizes.current;
	const weights = centredWeights(kernel, pooled).map((weight) => weight * unit);
	const mean = weights.reduce((sum, weight) => sum + weight, 0);
	const variance = 2 * weights.reduce((sum, weight) => sum + weight * weight, 0);
	const excess = Math.max(0, squared - mean);
	const { low, high } = excessInterval(
		squared - mean,
		variance + 4 * (spread(witness, p) / sizes.reference + spread(witness, q) / sizes.current),
	);
	const degrees = (2 * mean ** 2) / variance;
	return {
		...{ squared, degrees, p: quadraticFormTail(weights, squared), effect: Math.sqrt(excess) },
		interval: { low: Math.sqrt(low), high: Math.sqrt(high) },
		perRow: (excess * degrees * unit) / (4 * mean),
	};
}

function spread(values: Float64Array, shares: Float64Array): number {
	let [mean, square] = [0, 0];
	for (let i = 0; i < values.length; i++) {
		mean += (shares[i] as number) * (values[i] as number);
		square += (shares[i] as number) * (values[i] as number) ** 2;
	}
	return Math.max(0, square - mean * mean);
}

function cellsOf(reference: Float64Array, current: Float64Array): Cells {
	const [one, other] = [finiteOnly(reference), finiteOnly(current)];
	const single = singleValues(one, other);
	const cuts = single ?? quantileCuts(one, other);
	const inner = cuts.slice(0, -1);
	const counts = [one, other].map((sorted) => countByCuts(sorted, inner));
	const means = single ?? meansOf(cuts, one, other);
	const infinite = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
	const beyond = (sorted: Float64Array, end: number) => {
		const below = countAtMost(sorted, infinite[0]);
		return end < 0 ? below : sorted.length - countAtMost(sorted, Number.MAX_VALUE);
	};
	const shares = (sorted: Float64Array, finite: Uint32Array | undefined) =>
		Float64Array.from(
			[beyond(sorted, infinite[0]), ...(cuts.length === 0 ? [] : (finite ?? [])), beyond(sorted, infinite[1])],
			(count) => count / sorted.length,
		);
	const [p, q] = [shares(reference, counts[0]), shares(current, counts[1])];
	const filled = [...p.keys()].filter((cell) => (p[cell] as number) + (q[cell] as number) > 0);
	const places = [infinite[0], ...means, infinite[1]];
	const take = (values: ArrayLike<number>) => Float64Array.from(filled, (cell) => values[cell] as number);
	return { places: take(places), reference: take(p), current: take(q) };
}

/** The different values of both samples; null for more than cells. */
function singleValues(...samples: readonly Float64Array[]): number[] | null {
	const values = new Set<number>();
	for (const sorted of samples) {
		for (let at = 0; at < sorted.length; at = countAtMost(sorted, sorted[at] as number)) {
			values.add((sorted[at] as number) + 0);
			if (values.size > mostCells) return null;
		}
	}
	return [...values].sort((a, b) => a - b);
}

/** Ascending upper ends of cells, the last of which is the largest value. */
function quantileCuts(...samples: readonly Float64Array[]): number[] {
	const cuts = new Set<number>();
	const each = mostCells / 2;
	for (const sorted of samples.filter(({ length }) => length > 0)) {
		for (let part = 1; part <= each; part++) cuts.add(quantile(sorted, part / each));
	}
	return [...cuts].sort((a, b) => a - b);
}

/** The mean of what both samples hold in each cell; its end where that is nothing, or more than a double holds. */
function meansOf(cuts: readonly number[], ...samples: readonly Float64Array[]): number[] {
	let from = samples.map(() => 0);
	return cuts.map((cut) => {
		const to = samples.map((sorted) => countAtMost(sorted, cut));
		let [sum, count] = [0, 0];
		for (const [side, sorted] of samples.entries()) {
			for (let at = from[side] as number; at < (to[side] as number); at++) sum += sorted[at] as number;
			count += (to[side] as number) - (from[side] as number);
		}
		from = to;
		const mean = sum / count;
		return Number.isFinite(mean) ? mean : cut;
	});
}

/** The median distance of two different rows of both samples; of those that differ where most are alike. */
function medianDistance({ places, reference, current }: Cells, n: number, m: number): number {
	const finite = [...places.keys()].filter((cell) => Number.isFinite(places[cell]));
	const rows = finite.map((cell) => n * (reference[cell] as number) + m * (current[cell] as number));
	const distances: { distance: number; pairs: number }[] = [];
	let alike = 0;
	for (const [one, count] of rows.entries()) {
		alike += (count * (count - 1)) / 2;
		for (let other = 0; other < one; other++) {
			const distance = (places[finite[one] as number] as number) - (places[finite[other] as number] as number);
			if (Number.isFinite(distance)) distances.push({ distance, pairs: count * (rows[other] as number) });
		}
	}
	distances.sort((a, b) => a.distance - b.distance);
	const differ = distances.reduce((sum, { pairs }) => sum + pairs, 0);
	let left = alike < differ ? (alike + differ) / 2 - alike : differ / 2;
	for (const { distance, pairs } of distances) {
		left -= pairs;
		if (left <= 0) return distance;
	}
	return distances.at(-1)?.distance ?? 1;
}

/**
 * The eigenvalues of the kernel over values with these shares, centred. By a pivoted Cholesky factor of the kernel with the roots
 * of the shares on both sides, as few columns as leave nothing that counts.
 */
function centredWeights(kernel: (i: number, j: number) => number, shares: Float64Array): number[] {
	const roots = shares.map(Math.sqrt);
	const rest = shares.slice();
	const factor: Float64Array[] = [];
	for (;;) {
		let pivot = 0;
		for (let i = 1; i < rest.length; i++) if ((rest[i] as number) > (rest[pivot] as number)) pivot = i;
		const largest = rest[pivot] as number;
		if (factor.length === rest.length || rest.reduce((sum, value) => sum + value, 0) < leftOut || largest <= 0) break;
		const root = Math.sqrt(largest);
		const column = roots.map((value, i) => {
			let left = value * (roots[pivot] as number) * kernel(i, pivot);
			for (const known of factor) left -= (known[i] as number) * (known[pivot] as number);
			return left / root;
		});
		factor.push(column);
		for (let i = 0; i < rest.length; i++) rest[i] = Math.max(0, (rest[i] as number) - (column[i] as number) ** 2);
		rest[pivot] = 0;
	}
	const inner = (one: Float64Array, other: Float64Array) =>
		one.reduce((sum, value, i) => sum + value * (other[i] as number), 0);
	const means = factor.map((column) => inner(column, roots));
	const centred = factor.map((one, i) =>
		factor.map((other, j) => inner(one, other) - (means[i] as number) * (means[j] as number)),
	);
	return symmetricEigen(centred).values.filter((value) => value > leftOut / 100);
}
