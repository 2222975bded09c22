/** The threshold of each row of a model of anomalies, what it makes of rows, and what a run keeps of it. */
import { alarmRows, createAlarms } from '../../data/alarms.ts';
import { columnOf, type Table } from '../../data/table.ts';
import type { ModelSection } from '../../protocol/project/model.ts';
import type { Fitted } from '../estimator.ts';
import { anomalyMetrics, callsOf, holdsBoth, type Labels } from '../metrics/anomalyMetrics.ts';
import { eventMetrics } from '../metrics/eventMetrics.ts';
import type { TrainingSpec } from '../training.ts';
import { type ChosenThreshold, chooseThreshold } from './chooseThreshold.ts';
import { keyTexts, seriesOf } from './series.ts';

/** The columns that order rows and tell their series apart. */
type SeriesColumns = Pick<TrainingSpec, 'time' | 'key'>;

/** As the model section says, else the estimator's own. */
export function thresholdOf(
	table: Table,
	{ time, key, model }: Pick<TrainingSpec, 'time' | 'key' | 'model'>,
	fitted: Pick<Fitted, 'threshold' | 'scores' | 'scoreKind'>,
	labels: Labels | null,
): ChosenThreshold {
	const { threshold: section } = model;
	return section === undefined || (section.quantile === undefined && section.alarms_per_day === undefined)
		? { threshold: fitted.threshold, keys: null, rows: table.rows }
		: chooseThreshold(section, fitted, { table, labels, time, key });
}

/** The threshold of each row, or that of all. */
export function thresholdsOf(
	table: Table,
	{ key }: SeriesColumns,
	{ threshold, keys }: ChosenThreshold,
): number | Float64Array {
	if (keys === null || !key) return threshold;
	const keyOf = keyTexts(columnOf(table, key));
	return Float64Array.from({ length: table.rows }, (_, row) => keys.get(keyOf(row)) ?? threshold);
}

export function thresholdParams(
	{ model }: Pick<TrainingSpec, 'model'>,
	{ keys, rows }: ChosenThreshold,
): Record<string, string> {
	const { threshold } = model;
	if (threshold === undefined) return {};
	const { quantile, alarms_per_day: alarms, clean, persistence } = threshold;
	const said = {
		'threshold.quantile': quantile,
		'threshold.alarms_per_day': alarms,
		'threshold.clean': clean && `${clean.from ?? ''}..${clean.to ?? ''}`,
		'threshold.persistence': persistence && `${persistence.k} of ${persistence.n}`,
		'threshold.keys': keys?.size,
		'threshold.clean_rows': rows,
	};
	return Object.fromEntries(
		Object.entries(said).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
	);
}

/**
 * What the scores say row by row, and with labels and times also of periods. Where alarms need several rows, a row is called
 * an anomaly while its series is in alarm.
 */
export function measureRows(
	table: Table,
	columns: SeriesColumns,
	{ threshold: section }: Pick<ModelSection, 'threshold'>,
	labels: Labels | null,
	scoreKind: Fitted['scoreKind'],
	scores: Float64Array,
	thresholds: number | Float64Array,
): Record<string, number> {
	const isBeyond = callsOf(scores, thresholds, scoreKind);
	const alarms = section?.persistence && alarmRows(table, columns, createAlarms(section.persistence), isBeyond);
	const isCalled = alarms === undefined ? isBeyond : (row: number) => alarms[row] === 1;
	const series = labels !== null && holdsBoth(labels) ? seriesOf(table, columns) : null;
	return {
		...anomalyMetrics(scores, labels, isCalled, scoreKind),
		...(series && labels && eventMetrics(series, labels, isCalled)),
	};
}
