import { sorted } from './sort.ts';

/**
 * How well does a score part positives from negatives? The area under the ROC curve: the chance that a positive scores
 * higher than a negative, ties counting half; 0.5 for no better than chance, 1 for all. NaN where one kind is missing.
 *
 * `scores` and `positive` are of the same rows. rocAuc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]) = 0.75.
 * Source: Hanley and McNeil, Radiology 143 (1982) 29-36.
 */
export function rocAuc(scores: Float64Array, positive: ArrayLike<number>): number {
	const isPositive = (row: number) => (positive[row] as number) > 0;
	const high = sorted(scores.filter((_, row) => isPositive(row)));
	const low = sorted(scores.filter((_, row) => !isPositive(row)));
	let [wins, below, upTo] = [0, 0, 0];
	for (const score of high) {
		while (below < low.length && (low[below] as number) < score) below++;
		upTo = Math.max(upTo, below);
		while (upTo < low.length && low[upTo] === score) upTo++;
		wins += (below + upTo) / 2;
	}
	return wins / (high.length * low.length);
}
