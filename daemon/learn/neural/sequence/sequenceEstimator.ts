/** The LSTM as an estimator: it takes the rows of series as they are, and cuts its windows itself. */
import type { Table } from '../../../data/table.ts';
import type { Progress } from '../../../protocol/core.ts';
import { PerchError } from '../../../protocol/errors.ts';
import type { LstmParams } from '../../../protocol/project/neural.ts';
import type { TrainedModel, TrainingSpec } from '../../training.ts';
import { trainForecast } from './trainForecast.ts';
import { trainResiduals } from './trainResiduals.ts';

export type SequenceTask = 'forecast' | 'anomaly';

/** Throws `invalid_config` for a spec without raw windows, and what the training throws. */
export function trainOnSeries(
	table: Table,
	spec: TrainingSpec,
	task: SequenceTask,
	params: LstmParams,
	onProgress: (progress: Progress) => void,
): Promise<TrainedModel> {
	const { window, target } = spec;
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
	const sequence = { spec, window: window.section, columns: window.columns, params };
	return task === 'forecast' ? trainForecast(table, sequence, onProgress) : trainResiduals(table, sequence, onProgress);
}

function refusal(field: string, what: string, hint: string): PerchError {
	return new PerchError('invalid_config', `${field}: ${what}.`, { field, hint });
}
