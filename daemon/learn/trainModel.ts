/** From a table to a finished model file, with the estimator that the model section names. */
import type { Table } from '../data/table.ts';
import { alone } from '../kernels/team.ts';
import type { Progress } from '../protocol/core.ts';
import { PerchError } from '../protocol/errors.ts';
import { type AnyReady, estimatorOf } from './estimators.ts';
import { trainDetector } from './trainDetector.ts';
import type { TrainedModel, TrainingSpec } from './training.ts';
import { trainPredictor } from './trainPredictor.ts';
import { requireWeighable } from './weights/requireWeighable.ts';

export type { TrainedModel, TrainingSpec } from './training.ts';

/**
 * Trains a model and writes it as one ONNX graph that contains the preparation. A model of anomalies is never trained on
 * the target, which only measures it; a model that predicts learns it. Throws `invalid_config` (params, preparation), `unknown_column`, `empty_data`, `invalid_data` (no usable
 * column, a target that is no label) and `model_mismatch` when graph and estimator disagree about a training row.
 */
export async function trainModel(
	table: Table,
	spec: TrainingSpec,
	onProgress: (progress: Progress) => void = () => {},
	team = alone,
): Promise<TrainedModel> {
	const estimator = estimatorOf(spec.model, { team, dir: spec.dir });
	if (table.rows < 2) {
		throw new PerchError(
			'empty_data',
			`There ${table.rows === 1 ? 'is 1 row' : `are ${table.rows} rows`} to train on.`,
			{
				hint: 'Give at least two rows; a few hundred make a useful model.',
			},
		);
	}
	requireWeighable(spec, estimator.kind);
	if (spec.model.threshold !== undefined && !tellsAnomalies(estimator)) {
		throw new PerchError('invalid_config', `model.threshold: ${spec.model.type} has none to choose here.`, {
			field: 'model.threshold',
			hint: 'It goes with models of anomalies.',
		});
	}
	if (spec.model.threshold?.persistence && estimator.kind === 'anomaly' && (spec.window?.section.step ?? 1) > 1) {
		throw new PerchError(
			'invalid_config',
			'model.threshold.persistence: counts every row of a series, and data.window.step leaves some out.',
			{ field: 'data.window.step', hint: 'Use step: 1.' },
		);
	}
	if (estimator.kind === 'sequence') return estimator.train(table, spec, onProgress);
	return estimator.kind === 'predictor'
		? trainPredictor(table, spec, estimator, onProgress)
		: trainDetector(table, spec, estimator, onProgress);
}

function tellsAnomalies(estimator: AnyReady): boolean {
	return estimator.kind === 'anomaly' || (estimator.kind === 'sequence' && estimator.learner.task === 'anomaly');
}
