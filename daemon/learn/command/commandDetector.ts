/** A trainer in any language as an estimator of anomalies: its file gives one score a row, and the threshold is found here. */
import { numberColumn } from '../../data/table.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { ModelSection } from '../../protocol/project/model.ts';
import { quantile } from '../../stats/quantile.ts';
import { sorted } from '../../stats/sort.ts';
import type { Fitted, OnStep } from '../estimator.ts';
import type { Labels } from '../metrics/anomalyMetrics.ts';
import { leastThreshold } from '../neural/autoencoderEstimator.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import { answersOf, readExternal } from './externalModel.ts';
import { namesOf, runTrainer } from './runTrainer.ts';

/** The share of the rows learned from that count as normal, unless `model.threshold` says otherwise. */
const usual = 0.99;

/**
 * Trains with the command of a section on the rows that are not labelled as anomalies; labels themselves it never sees.
 * Scores begin at 0 and are higher for what is more abnormal. Throws `invalid_model` for others, and what the command does.
 */
export function commandDetector(section: ModelSection, dir: string) {
	return async (matrix: FeatureMatrix, onStep: OnStep, labels: Labels | null): Promise<Fitted> => {
		const names = namesOf(matrix);
		const rows = Uint32Array.from({ length: matrix.rows }, (_, row) => row).filter((row) => labels?.[row] !== 1);
		const table = {
			rows: rows.length,
			columns: matrix.columns.map((column, index) =>
				numberColumn(
					names[index] as string,
					Float64Array.from(rows, (row) => column[row] as number),
				),
			),
		};
		const env = { PERCH_TARGET: '', PERCH_TASK: 'anomaly', PERCH_CLASSES: '[]' };
		const { file, ...left } = await runTrainer(section, dir, { table, env }, onStep);
		const model = readExternal(file, names.length, 'anomaly', 1);
		const score = async (asked: FeatureMatrix) => (await answersOf(model, asked)).map((value) => Math.max(0, value));
		const scores = await answersOf(model, matrix);
		const wrong = scores.find((value) => !(value >= 0 && value < Number.POSITIVE_INFINITY));
		if (wrong !== undefined) {
			throw new PerchError(
				'invalid_model',
				`The model that the command left scores a row that it learned from ${wrong}.`,
				{
					field: 'model.run',
					hint: 'A score begins at 0 and is higher for what is more abnormal.',
				},
			);
		}
		const known = sorted(Float64Array.from(rows, (row) => scores[row] as number));
		return {
			...left,
			scoreKind: 'error',
			threshold: Math.max(leastThreshold, quantile(known, usual)),
			scores,
			score,
			addToGraph(graph, features) {
				const flat = graph.node('Squeeze', [
					model.addToGraph(graph, features),
					graph.constant(BigInt64Array.of(1n), [1]),
				]);
				return { score: graph.node('Relu', [flat]) };
			},
		};
	};
}
