/** How well scores tell anomalies from normal rows. Anomalies are the positives. */
import { sorted } from '../../stats/sort.ts';

/** 1 anomaly, 0 normal, −1 unknown: such rows are not measured. */
export type Labels = Int8Array;

/** path: a lower score is more abnormal; error: a higher one. */
export type ScoreKind = 'path' | 'error';

/** Whether a row with this score is called an anomaly: it lies beyond the threshold. */
export function isAnomaly(score: number, threshold: number, kind: ScoreKind): boolean {
	return kind === 'path' ? score < threshold : score > threshold;
}

/**
 * What can be said of scores alone, `anomaly_rate`, `score_mean` and `score_std` (of the population), and with labels of
 * both kinds also `roc_auc`, `average_precision`, `precision`, `recall` and `f1`, all 0 to 1 as scikit-learn defines them
 * (precision is 0 when nothing is called an anomaly). The threshold is one for all or one a row; or it is told which rows are called.
 */
export function anomalyMetrics(
	scores: Float64Array,
	labels: Labels | null,
	threshold: number | Float64Array | ((row: number) => boolean),
	kind: ScoreKind,
): Record<string, number> {
	const { length } = scores;
	const isCalled = typeof threshold === 'function' ? threshold : callsOf(scores, threshold, kind);
	const mean = scores.reduce((sum, score) => sum + score, 0) / length;
	const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / length;
	const called = scores.reduce((count, _, row) => count + +isCalled(row), 0);
	const alone = { anomaly_rate: called / length, score_mean: mean, score_std: Math.sqrt(variance) };
	if (labels === null || !holdsBoth(labels)) return alone;
	const ranked = kind === 'path' ? scores : scores.map((score) => -score);
	return { ...alone, ...rankingMetrics(ranked, labels), ...decisionMetrics(labels, isCalled) };
}

/** Whether each row is called an anomaly, by one threshold or one a row. */
export function callsOf(
	scores: Float64Array,
	threshold: number | Float64Array,
	kind: ScoreKind,
): (row: number) => boolean {
	return typeof threshold === 'number'
		? (row) => isAnomaly(scores[row] as number, threshold, kind)
		: (row) => isAnomaly(scores[row] as number, threshold[row] as number, kind);
}

/** Whether there are anomalies and normal rows to tell apart. */
export function holdsBoth(labels: Labels): boolean {
	return labels.includes(1) && labels.includes(0);
}

/**
 * Of scores that are lower for what is more abnormal.
 * Area under the ROC curve: the chance that an anomaly scores below a normal row, ties counting half. And average
 * precision: Σ (R_n − R_{n−1})·P_n over the distinct scores, the most abnormal first.
 * Scores (1 anomaly at −0.9, one at −0.5; normal at −0.5 and −0.4): roc_auc (1+1 + 0.5+1)/4 = 0.875.
 */
export function rankingMetrics(scores: Float64Array, labels: Labels): { roc_auc: number; average_precision: number } {
	const anomalies = sorted(scores.filter((_, row) => labels[row] === 1));
	const normal = sorted(scores.filter((_, row) => labels[row] === 0));
	let wins = 0;
	let precision = 0;
	let below = 0;
	for (let first = 0; first < anomalies.length; ) {
		const score = anomalies[first] as number;
		let next = first;
		while (anomalies[next] === score) next++;
		while (below < normal.length && (normal[below] as number) < score) below++;
		let through = below;
		while (normal[through] === score) through++;
		wins += (next - first) * (normal.length - through + (through - below) / 2);
		precision += (next - first) * (next / (next + through));
		first = next;
	}
	return {
		roc_auc: wins / (anomalies.length * normal.length),
		average_precision: precision / anomalies.length,
	};
}

function decisionMetrics(labels: Labels, isCalled: (row: number) => boolean) {
	let hits = 0;
	let called = 0;
	let anomalies = 0;
	for (let row = 0; row < labels.length; row++) {
		const label = labels[row] as number;
		if (label < 0) continue;
		const isHit = +isCalled(row);
		called += isHit;
		anomalies += label;
		hits += isHit * label;
	}
	return {
		precision: called === 0 ? 0 : hits / called,
		recall: hits / anomalies,
		f1: (2 * hits) / (called + anomalies),
	};
}
