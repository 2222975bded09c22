/** How well scores tell two classes apart where rows count more or less. */

/**
 * `roc_auc` and `average_precision` as `rankingMetrics` defines them (positives are 1, and score low), each row as often
 * as it weighs, as with scikit-learn's `sample_weight`.
 * Scores (1: −0.9 weighing 2, −0.5; 0: −0.5, −0.4 weighing 3): roc_auc (2·4 + 1·(0.5 + 3)) / (3·4) = 0.958333.
 */
export function weightedRanking(
	scores: Float64Array,
	labels: Int8Array,
	weights: Float64Array,
): { roc_auc: number; average_precision: number } {
	const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[a] as number) - (scores[b] as number));
	const total = [0, 0];
	for (const row of order)
		total[labels[row] as number] = (total[labels[row] as number] ?? 0) + (weights[row] as number);
	const [negatives = 0, positives = 0] = total;
	let [wins, precision, hits, misses] = [0, 0, 0, 0];
	for (let first = 0; first < order.length; ) {
		const score = scores[order[first] as number];
		let [hit, miss] = [0, 0];
		for (; first < order.length && scores[order[first] as number] === score; first++) {
			const row = order[first] as number;
			if (labels[row] === 1) hit += weights[row] as number;
			else miss += weights[row] as number;
		}
		wins += hit * (negatives - misses - miss / 2);
		hits += hit;
		misses += miss;
		if (hit > 0) precision += hit * (hits / (hits + misses));
	}
	return { roc_auc: wins / (positives * negatives), average_precision: precision / positives };
}
