/** What trials of each kind of model are measured on, and by what. */
import type { Table } from '../../data/table.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { TuneSection } from '../../protocol/project/tune.ts';
import { labelMetrics, predictorMetrics } from '../../protocol/project/tuneMetrics.ts';
import type { ReadyEstimator } from '../estimator.ts';
import type { AnyReady, ReadyPredictor, ReadySequence } from '../estimators.ts';
import { labelsOf } from '../labels.ts';
import { sequenceGroundRows } from '../neural/sequence/sequenceEstimator.ts';
import { foldOf } from '../neural/sequence/sequenceFolds.ts';
import { lastLabels } from '../neural/sequence/sequenceRows.ts';
import type { TrainingSpec } from '../training.ts';
import {
	detectorFolds,
	detectorRows,
	partDetector,
	pickLabels,
	prepareDetectorFold,
	requireBoth,
} from '../validation/detectorFolds.ts';
import { foldRows } from '../validation/folds.ts';
import { prepareFold } from '../validation/predictorFolds.ts';
import { partTable } from '../validation/trainingParts.ts';
import type { TrialLesson } from './lessons.ts';

export interface Ground {
	/** What the model does, in words. */
	readonly task: string;
	/** By which it may be tuned; the first unless told. */
	readonly metrics: readonly string[];
	/** Parts and prepares the rows learned from, once the metric is known to fit. */
	prepare(metric: string, onFold: (fold: number, of: number) => void): PreparedGround;
}

export interface PreparedGround {
	readonly lesson: TrialLesson;
	/** Rows that the smallest fold learns from. */
	readonly rows: number;
}

/** The ground of a model. Throws `invalid_config` where nothing says which trial is better. */
export function groundOf(table: Table, spec: TrainingSpec, tune: TuneSection, estimator: AnyReady): Ground {
	if (estimator.kind === 'predictor') return predictorGround(table, spec, tune, estimator);
	if (estimator.kind === 'anomaly') return detectorGround(table, spec, tune, estimator);
	return sequenceGround(table, spec, tune, estimator);
}

function predictorGround(table: Table, spec: TrainingSpec, tune: TuneSection, predictor: ReadyPredictor): Ground {
	const { target, by, train } = partTable(table, spec, predictor);
	return {
		task: target.task,
		metrics: predictorMetrics[target.task],
		prepare(_metric, onFold) {
			const parts = foldRows(table, target, train, { folds: tune.folds, by, seed: tune.seed }, spec);
			const folds = parts.map((part, index) => {
				onFold(index + 1, parts.length);
				return prepareFold(table, spec, predictor, part);
			});
			return { lesson: { kind: 'predictor', ...lessonOf(spec, tune), target, folds }, rows: fewest(folds) };
		},
	};
}

function detectorGround(
	whole: Table,
	asked: TrainingSpec,
	tune: TuneSection,
	{ measuresItself }: Pick<ReadyEstimator, 'measuresItself'>,
): Ground {
	const { table, spec } = partDetector(whole, asked);
	const labels = labelsOf(table, spec.target);
	if (labels === null && !measuresItself) {
		throw new PerchError('invalid_config', `model.tune: only labels say which ${spec.model.type} is better.`, {
			field: 'model.tune',
			hint: 'Name a column of labels in data.target (it is never learned from), leave out model.tune, or tune an autoencoder.',
		});
	}
	return {
		task: labels === null ? 'anomaly without labels' : 'anomaly',
		metrics: [...(labels === null ? [] : labelMetrics), ...(measuresItself ? ['validation_loss'] : [])],
		prepare(metric, onFold) {
			const { folds: parts, by } = detectorFolds(table, spec, tune);
			if (labelMetrics.includes(metric)) {
				requireBoth(
					parts.map(({ test }) => pickLabels(labels, test)),
					metric,
				);
			}
			const folds = parts.map((part, index) => {
				onFold(index + 1, parts.length);
				return prepareDetectorFold(table, spec, part);
			});
			const rows = detectorRows(table, spec, by);
			return { lesson: { kind: 'anomaly', ...lessonOf(spec, tune), folds, rows }, rows: fewest(folds) };
		},
	};
}

function sequenceGround(table: Table, spec: TrainingSpec, tune: TuneSection, { learner }: ReadySequence): Ground {
	const rows = sequenceGroundRows(table, spec, learner);
	const known = rows.labels === null ? ['validation_loss'] : [...labelMetrics, 'validation_loss'];
	return {
		task: learner.task,
		metrics: learner.task === 'forecast' ? predictorMetrics.regression : known,
		prepare(metric) {
			const folds = Array.from({ length: tune.folds }, (_, fold) => foldOf(rows, learner, fold, tune.folds));
			if (labelMetrics.includes(metric)) {
				requireBoth(
					folds.map(({ test }) => lastLabels(rows, test)),
					metric,
				);
			}
			const lesson = { kind: 'sequence', ...lessonOf(spec, tune), rows, folds: tune.folds } as const;
			return { lesson, rows: fewest(folds) };
		},
	};
}

function lessonOf({ model: { tune: _, ...model }, dir }: TrainingSpec, { seed }: TuneSection) {
	return { model, seed, dir };
}

function fewest(folds: readonly { readonly train: Uint32Array }[]): number {
	return Math.min(...folds.map(({ train }) => train.length));
}
