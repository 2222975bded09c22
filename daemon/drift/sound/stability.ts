/**
 * The population stability index as a test: not against a fixed 0.1 or 0.2, but against what it is without drift with as many
 * rows. 10 tenths of 100 rows a side give an index of 0.1 and more in 83 of 100 pairs of samples of one distribution.
 */
import { chiSquareTail } from '../../stats/chiSquare.ts';
import { drawHypergeometric } from '../../stats/hypergeometric.ts';
import { createRandom } from '../../stats/random.ts';
import { sorted } from '../../stats/sort.ts';
import { countByCuts, decileCuts } from '../deciles.ts';
import { finiteOnly } from '../numberSample.ts';
import { emptyShare, populationStability } from '../psi.ts';
import { excessInterval, type Interval } from './effectInterval.ts';
import { effectiveSizes, type Memory, type Sizes } from './sound.ts';

/** From so many expected values in the smallest bin on, the index is chi-square by (1/n + 1/m) without drift. */
const fewestExpected = 500;
/** So many times the index is drawn below that; of many bins fewer times, but never fewer than the second. */
const [mostDraws, fewestDraws] = [999, 199];
const mostCells = 2_000_000;
/** Of so many values a side each draw has tenths of its own; from there on those of a sample are those of the whole. */
const largeSample = 2000;
/** So many draws must reach the index for their share to be p; a rarer one is told by a gamma distribution. */
const fewestHits = 10;

export interface StabilityTest {
	psi: number;
	p: number;
	/** The index less its mean without drift, 0 or more. */
	excess: number;
	interval: Interval;
	/** As of a chi-square statistic: its degrees, and what a row of both samples together adds to it. */
	degrees: number;
	perRow: number;
}

/** Two samples of numbers, ascending, that the tenths of the first cut into bins. */
export interface Tenths {
	reference: Float64Array;
	current: Float64Array;
}

/**
 * Of two sets of counts of the same bins or categories, of rows that count for 1 / `memory`; null where fewer than two bins hold
 * values. In small samples the index is held against draws without drift: random tables with the same margins, or, for the
 * `tenths` of numbers, both samples shuffled and cut anew (cuts that fit the reference fit the current data worse, which tables
 * do not know). p = (1 + hits) / (1 + draws); below 10 hits the tail of the gamma distribution with their mean and variance.
 *
 * Worked value: 134, 67, 133, 66 against 88, 66, 83, 63 has an index of 0.0410. Its mean without drift is about 3 (1/400 + 1/300),
 * and as 7.02 of a chi-square with 3 degrees its p is 0.071.
 * Source: Yurdakul and Naranjo, Journal of Risk Model Validation 14 (2020) 89-100.
 */
export function stabilityTest(
	reference: ArrayLike<number>,
	current: ArrayLike<number>,
	memory: Memory,
	tenths: Tenths | null = null,
): StabilityTest | null {
	const filled = Array.from(reference, (_, bin) => bin).filter(
		(bin) => (reference[bin] as number) + (current[bin] as number) > 0,
	);
	if (filled.length < 2) return null;
	const take = (counts: ArrayLike<number>) => Float64Array.from(filled, (bin) => counts[bin] as number);
	const [one, other] = [take(reference), take(current)];
	const psi = populationStability(one, other);
	const sizes = effectiveSizes({ reference: total(one), current: total(other) }, memory);
	const unit = 1 / sizes.reference + 1 / sizes.current;
	const pooled = one.map((count, bin) => count / memory.reference + (other[bin] as number) / memory.current);
	const { p, mean, variance } = withoutDrift(psi, pooled, sizes, tenths);
	const excess = Math.max(0, psi - mean);
	const degrees = (2 * mean ** 2) / variance;
	return {
		...{ psi, p, excess, degrees },
		interval: excessInterval(psi - mean, variance + slopeVariance(one, other, sizes)),
		perRow: (excess * degrees * unit) / (4 * mean),
	};
}

interface WithoutDrift {
	/** How likely the index is to be reached. */
	p: number;
	mean: number;
	variance: number;
}

function withoutDrift(psi: number, pooled: Float64Array, sizes: Sizes, tenths: Tenths | null): WithoutDrift {
	const share = sizes.reference / (sizes.reference + sizes.current);
	const smallest = pooled.reduce((least, count) => Math.min(least, count)) * Math.min(share, 1 - share);
	if (smallest >= fewestExpected) {
		const unit = 1 / sizes.reference + 1 / sizes.current;
		const degrees = pooled.length - 1;
		return { p: chiSquareTail(psi / unit, degrees), mean: unit * degrees, variance: 2 * unit ** 2 * degrees };
	}
	const draws = Math.max(fewestDraws, Math.min(mostDraws, Math.floor(mostCells / pooled.length)));
	const draw =
		tenths === null || sizes.reference >= largeSample ? drawTables(pooled, share) : shuffleRows(tenths, sizes);
	let [hits, sum, squares] = [0, 0, 0];
	for (let round = 0; round < draws; round++) {
		const index = draw();
		hits += +(index >= psi);
		sum += index;
		squares += index * index;
	}
	const mean = Math.max(sum / draws, Number.MIN_VALUE);
	const variance = Math.max((squares - sum * mean) / (draws - 1), 1e-12 * mean ** 2, Number.MIN_VALUE);
	const counted = (1 + hits) / (1 + draws);
	const tail = chiSquareTail((2 * mean * psi) / variance, (2 * mean ** 2) / variance);
	return { p: hits >= fewestHits ? counted : Math.min(counted, tail), mean, variance };
}

/** Tables with the margins of both samples together. */
function drawTables(pooled: Float64Array, share: number): () => number {
	const margins = pooled.map(Math.round);
	const all = total(margins);
	const first = Math.min(all - 1, Math.max(1, Math.round(all * share)));
	const random = createRandom('psi tables', all, first, margins.length);
	const [one, other] = [new Float64Array(margins.length), new Float64Array(margins.length)];
	return () => {
		let [left, wanted] = [all, first];
		for (let bin = 0; bin < margins.length; bin++) {
			const margin = margins[bin] as number;
			const drawn = drawHypergeometric(left, margin, wanted, random);
			one[bin] = drawn;
			other[bin] = margin - drawn;
			left -= margin;
			wanted -= drawn;
		}
		return populationStability(one, other);
	};
}

/** Both samples shuffled, as many values of each as count; of a large second one fewer. */
function shuffleRows({ reference, current }: Tenths, sizes: Sizes): () => number {
	const [n, m] = [Math.round(sizes.reference), Math.min(Math.round(sizes.current), largeSample)];
	const pooled = new Float64Array(reference.length + current.length);
	pooled.set(reference);
	pooled.set(current, reference.length);
	const ascending = sorted(pooled);
	const step = ascending.length / (n + m);
	const values = Float64Array.from({ length: n + m }, (_, at) => ascending[Math.floor((at + 0.5) * step)] as number);
	const random = createRandom('psi rows', n, m);
	const order = Uint32Array.from({ length: n + m }, (_, at) => at);
	const [one, other] = [new Float64Array(n), new Float64Array(m)];
	const [fewer, isFewer] = [Math.min(n, m), new Uint8Array(n + m)];
	const ofFirst = n <= m ? 1 : 0;
	return () => {
		isFewer.fill(0);
		for (let at = 0; at < fewer; at++) {
			const place = at + random.integer(n + m - at);
			const row = order[place] as number;
			order[place] = order[at] as number;
			order[at] = row;
			isFewer[row] = 1;
		}
		let [first, second] = [0, 0];
		for (let at = 0; at < n + m; at++) {
			if (isFewer[at] === ofFirst) one[first++] = values[at] as number;
			else other[second++] = values[at] as number;
		}
		const finite = finiteOnly(one);
		const cuts = finite.length === 0 ? [0] : decileCuts(finite);
		return populationStability(countByCuts(one, cuts), countByCuts(other, cuts));
	};
}

/** How much the index varies where there is drift, by its slope along each share (the delta method). */
function slopeVariance(reference: Float64Array, current: Float64Array, sizes: Sizes): number {
	const [n, m] = [total(reference), total(current)];
	let [mean, square, otherMean, otherSquare] = [0, 0, 0, 0];
	for (let bin = 0; bin < reference.length; bin++) {
		const [p, q] = [(reference[bin] as number) / n, (current[bin] as number) / m];
		const ratio = (p || emptyShare) / (q || emptyShare);
		const [slope, otherSlope] = [Math.log(ratio) + 1 - 1 / ratio, 1 - ratio - Math.log(ratio)];
		mean += p * slope;
		square += p * slope ** 2;
		otherMean += q * otherSlope;
		otherSquare += q * otherSlope ** 2;
	}
	return (square - mean ** 2) / sizes.reference + (otherSquare - otherMean ** 2) / sizes.current;
}

function total(counts: ArrayLike<number>): number {
	let sum = 0;
	for (let bin = 0; bin < counts.length; bin++) sum += counts[bin] as number;
	return sum;
}
