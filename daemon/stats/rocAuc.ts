/**
 * How well does a score part positives from negatives? The area under the ROC curve: the chance that a positive scores
 * higher than a negative, ties counting half; 0.5 for no better than chance, 1 for all. NaN where one kind is missing.
 *
 * `scores` and `positive` are of the same rows. rocAuc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]) = 0.75.
 * Source: Hanley and McNeil, Radiology 143 (1982) 29-36.
 */
export function rocAuc(scores: Float64Array, positive: ArrayLike<number>): number {
	const order = Uint32Array.from(scores, (_, row) => row);
	order.sort((a, b) => (scores[a] as number) - (scores[b] as number));
	let [wins, negatives, from] = [0, 0, 0];
	while (from < order.length) {
		let [to, above] = [from, 0];
		while (to < order.length && scores[order[to] as number] === scores[order[from] as number]) {
			above += +((positive[order[to] as number] as number) > 0);
			to++;
		}
		const below = to - from - above;
		wins += above * (negatives + below / 2);
		negatives += below;
		from = to;
	}
	return wins / (negatives * (scores.length - negatives));
}
