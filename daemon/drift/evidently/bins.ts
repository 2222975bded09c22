/** Both samples counted in the bins that Evidently uses for PSI, KL divergence and Jensen-Shannon distance. */
import { countAtMost, floatBelow } from '../deciles.ts';
import { countDistinctSorted, type Failure, type Samples } from './sample.ts';
import { sturgesEdges } from './sturges.ts';

export interface BinCounts {
	reference: ArrayLike<number>;
	current: ArrayLike<number>;
	sizes: { reference: number; current: number };
}

/** Numbers with more different values than this in the reference are cut into bins of equal width. */
const mostSingleValues = 20;

/** Numbers by Sturges' bins over both samples together where the reference has more than 20 different values; else by value. */
export function binnedCounts(samples: Samples): BinCounts | Failure {
	if (samples.type !== 'num') return samples.counts();
	const [reference, current] = [samples.reference, samples.current];
	if (countDistinctSorted(reference.ascending) <= mostSingleValues) return samples.counts();
	const [first, second] = [reference.ascending, current.ascending];
	const least = Math.min(first[0] as number, second[0] as number);
	const most = Math.max(first.at(-1) as number, second.at(-1) as number);
	const edges = sturgesEdges(least, most, first.length + second.length, reference.whole && current.whole);
	if (edges === null) return { failure: 'The range of the values is too large for bins of equal width.' };
	return {
		reference: countByEdges(first, edges),
		current: countByEdges(second, edges),
		sizes: { reference: first.length, current: second.length },
	};
}

/** Bins reach from their lower edge up to the next without it, the last one with it. */
export function countByEdges(ascending: Float64Array, edges: Float64Array): Uint32Array {
	const counts = new Uint32Array(edges.length - 1);
	let before = countAtMost(ascending, floatBelow(edges[0] as number));
	for (let bin = 0; bin < counts.length; bin++) {
		const edge = edges[bin + 1] as number;
		const upTo = countAtMost(ascending, bin === counts.length - 1 ? edge : floatBelow(edge));
		counts[bin] = upTo - before;
		before = upTo;
	}
	return counts;
}

/** Up to this smallest share, an empty one is given a millionth of it instead of this. */
const emptyShare = 1e-4;

/**
 * Counts as shares of the sample, with empty ones filled so that their logarithm is finite: 0.0001, or a millionth of the
 * smallest share that is not empty where that is 0.0001 or less. They are not brought back to a sum of 1.
 */
export function filledShares(counts: ArrayLike<number>, size: number): Float64Array {
	const shares = Float64Array.from(counts, (count) => count / size);
	const least = shares.reduce((smallest, share) => (share > 0 ? Math.min(smallest, share) : smallest), 1);
	const filling = least <= emptyShare ? least / 1e6 : emptyShare;
	return shares.map((share) => (share === 0 ? filling : share));
}
