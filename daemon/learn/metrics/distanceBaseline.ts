/** What a model of anomalies must beat: how far a row lies from the mean, column by column. */
import { moments } from '../../stats/moments.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import { holdsBoth, type Labels, rankingMetrics } from './anomalyMetrics.ts';

type Ranking = ReturnType<typeof rankingMetrics>;

/** How well distance from the mean of `learned` tells anomalies among `rows`; null without labels of both kinds. */
export function distanceBaseline(learned: FeatureMatrix, rows: FeatureMatrix, labels: Labels | null): Ranking | null {
	if (labels === null || !holdsBoth(labels)) return null;
	// Rankings go by what is lower for what is more abnormal.
	const near = squaredDistances(learned, rows).map((distance) => -distance);
	return rankingMetrics(near, labels);
}

/** The sum over the features of their squared distances from the mean, in the variances of `learned`; a missing value lies on it. */
export function squaredDistances(learned: FeatureMatrix, rows: FeatureMatrix): Float64Array {
	const distances = new Float64Array(rows.rows);
	for (const [feature, column] of learned.columns.entries()) {
		const known = column.filter((value) => !Number.isNaN(value));
		const { mean, squares } = moments(known);
		const variance = squares / known.length;
		if (!(variance > 0)) continue;
		const values = rows.columns[feature] as Float32Array;
		for (let row = 0; row < values.length; row++) {
			const value = values[row] as number;
			if (!Number.isNaN(value)) distances[row] = (distances[row] as number) + (value - mean) ** 2 / variance;
		}
	}
	return distances;
}

/** A warning where the model ranks no better. */
export function noBetterThanDistance(model: number | undefined, baseline: Ranking | null): string[] {
	if (baseline === null || model === undefined || model > baseline.roc_auc) return [];
	const figures = `roc_auc ${model.toPrecision(4)} against ${baseline.roc_auc.toPrecision(4)}`;
	return [`The model tells anomalies no better than their distance from the mean does: ${figures}.`];
}
