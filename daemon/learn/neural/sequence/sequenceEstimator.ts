/** The LSTM as an estimator: it takes the rows of series as they are, and cuts its windows itself. */
import type { Table } from '../../../data/table.ts';
import type { Progress } from '../../../protocol/core.ts';
import { PerchError } from '../../../protocol/errors.ts';
import type { TrainedModel, TrainingSpec } from '../../training.ts';
import type { SequenceLearner } from './sequenceFolds.ts';
import { heldShare, type SequenceRows, sequenceRows, withoutLast } from './sequenceRows.ts';
import type { SequenceSpec } from './sequenceSpec.ts';
import { trainForecast, usualShare } from './trainForecast.ts';
import { trainResiduals } from './trainResiduals.ts';

/** Throws `invalid_config` for a spec without raw windows, and what the training throws. */
export function trainOnSeries(
	table: Table,
	spec: TrainingSpec,
	learner: SequenceLearner,
	onProgress: (progress: Progress) => void,
): Promise<TrainedModel> {
	const sequence = sequenceSpec(spec, learner);
	return learner.task === 'forecast'
		? trainForecast(table, sequence, onProgress)
		: trainResiduals(table, sequence, onProgress);
}

/** What is asked of a net, once it is known to fit; else throws `invalid_config`. */
export function sequenceSpec(spec: TrainingSpec, { task, params }: SequenceLearner): SequenceSpec {
	const { window, target, prepare } = spec;
	if (window?.section.features !== 'raw') {
		throw refusal(
			'data.window',
			'lstm takes windows of a series as they are',
			'Add data: {window: {size: 30, features: raw}}.',
		);
	}
	if (task === 'forecast' && target && !window.columns.includes(target)) {
		throw refusal(
			'data.target',
			`${JSON.stringify(target)} is not among the columns of the windows`,
			'Name it in data.columns.',
		);
	}
	if (task === 'anomaly' && params.horizon !== 1) {
		throw refusal('model.params.horizon', 'an anomaly is told by the next row', 'Leave it out, or forecast.');
	}
	const step = prepare.findIndex((one) => !('parse' in one));
	if (step >= 0) {
		throw refusal(
			`prepare[${step}]`,
			'an lstm scales its columns itself, and takes a gap for the last value',
			'Leave the step out; only parse comes before an lstm.',
		);
	}
	return { spec, window: window.section, columns: window.columns, params };
}

/** The rows of series that trials are measured on: all but those that the training keeps to measure with. */
export function sequenceGroundRows(table: Table, spec: TrainingSpec, learner: SequenceLearner): SequenceRows {
	const rows = sequenceRows(table, sequenceSpec(spec, learner), learner.task);
	return withoutLast(rows, heldShare(spec, learner.task === 'forecast' ? usualShare : 0));
}

function refusal(field: string, what: string, hint: string): PerchError {
	return new PerchError('invalid_config', `${field}: ${what}.`, { field, hint });
}
