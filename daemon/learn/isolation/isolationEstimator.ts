/** The isolation forest as an estimator: params, threshold, convergence, graph. */
import { isolationForestParams } from '../../protocol/project/model.ts';
import { quantile } from '../../stats/quantile.ts';
import { sorted } from '../../stats/sort.ts';
import type { Estimator, History } from '../estimator.ts';
import { type FeatureMatrix, spreadRows, takeMatrixRows } from '../preparation/featureMatrix.ts';
import { fitIsolationForest, type IsolationForest } from './isolationForest.ts';
import { addForestScore } from './isolationGraph.ts';
import { pathLengths, scoreSamples, scoresOf } from './isolationScore.ts';

/** scikit-learn's offset_ for contamination 'auto': the paper's border between normal and abnormal. */
const autoThreshold = -0.5;
const historyStep = 10;
const historyRows = 2000;
/** How far float32 scores of the graph may lie from the exact ones: measured 6e-8 with 100 trees, 5e-6 with 10,000. */
const slack = (trees: number) => Math.max(1e-6, 1e-9 * trees);

export const isolationForestEstimator: Estimator<typeof isolationForestParams> = {
	task: 'anomaly',
	measuresItself: false,
	params: isolationForestParams,
	fit(matrix, params, onStep, _labels, team) {
		const forest = fitIsolationForest(matrix, params, (done) => {
			if (done % historyStep === 0) onStep(`Growing tree ${done} of ${params.trees}`, (0.5 * done) / params.trees);
		});
		onStep('Scoring the training rows', 0.6);
		const scores = scoreSamples(forest, matrix, team);
		const ordered = sorted(scores);
		const threshold = params.contamination === 'auto' ? autoThreshold : quantile(ordered, params.contamination);
		return {
			params: { ...params, sample_size: forest.sampleSize },
			scoreKind: 'path',
			threshold,
			scores,
			history: convergence(forest, matrix, threshold),
			score: (rows) => scoreSamples(forest, rows, team),
			slack: slack(params.trees),
			addToGraph: (graph, features) => ({ score: addForestScore(graph, features, forest) }),
		};
	},
};

/**
 * Every ten trees: how much the scores of a sample of the training rows moved on average (`score_change`), and the share
 * of them below the final threshold (`sample_anomaly_rate`). A curve that flattens says that more trees would change little.
 */
function convergence(forest: IsolationForest, matrix: FeatureMatrix, threshold: number): History {
	const sample = takeMatrixRows(matrix, spreadRows(matrix.rows, historyRows));
	const sums = new Float64Array(sample.rows);
	const changes: History[string] = [];
	const rates: History[string] = [];
	let before: Float64Array | null = null;
	for (let from = 0; from < forest.trees.length; from += historyStep) {
		const step = Math.min(from + historyStep, forest.trees.length);
		const lengths = pathLengths(forest.trees.slice(from, step), sample);
		for (let row = 0; row < sums.length; row++) sums[row] = (sums[row] as number) + (lengths[row] as number);
		const scores = scoresOf(sums, step, forest.sampleSize);
		const share = (count: number) => count / sample.rows;
		rates.push({ step, value: share(scores.reduce((count, score) => count + +(score < threshold), 0)) });
		const last = before;
		if (last !== null) {
			const moved = scores.reduce((sum, score, row) => sum + Math.abs(score - (last[row] as number)), 0);
			changes.push({ step, value: share(moved) });
		}
		before = scores;
	}
	return { score_change: changes, sample_anomaly_rate: rates };
}
