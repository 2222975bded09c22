/** The rows of series with all that is known of them: what nets on series learn from and are measured with. */
import { columnOf, selectColumns, type Table, takeRows } from '../../../data/table.ts';
import { PerchError } from '../../../protocol/errors.ts';
import type { WindowSection } from '../../../protocol/project/data.ts';
import { labelsOf } from '../../labels.ts';
import type { Labels } from '../../metrics/anomalyMetrics.ts';
import type { TrainingSpec } from '../../training.ts';
import { type SeriesRows, seriesRows } from './seriesRows.ts';
import { learnedStretch } from './windowParts.ts';

export interface SequenceRows {
	readonly series: SeriesRows;
	/** By row of the table, of a net that tells anomalies. */
	readonly labels: Labels | null;
	/** Time and key of the rows, where there are such. */
	readonly around: Table;
	readonly spec: Pick<TrainingSpec, 'time' | 'key' | 'target' | 'model'>;
	readonly window: WindowSection;
	readonly columns: readonly string[];
}

/** `target` holds labels where anomalies are told. */
export function sequenceRows(
	table: Table,
	{ spec, window, columns }: { spec: TrainingSpec; window: WindowSection; columns: readonly string[] },
	task: 'forecast' | 'anomaly',
): SequenceRows {
	const { time, key, target, model } = spec;
	const names = [time, key].filter((name) => typeof name === 'string' && name !== '') as string[];
	return {
		series: seriesRows(table, columns, spec),
		labels: task === 'anomaly' ? labelsOf(table, target) : null,
		around: selectColumns(table, [...new Set(names)]),
		spec: { time, key, target, model },
		window,
		columns,
	};
}

/** The same without the last share of each series. */
export function withoutLast(rows: SequenceRows, share: number): SequenceRows {
	const { series } = rows;
	return { ...rows, series: { ...series, series: series.series.map((one) => learnedStretch(one, share)) } };
}

/**
 * The share at the end of each series that is measured with: as `split` says, else `usual`; none where there are rows to
 * test on. Throws `invalid_config` for a split by anything but the time.
 */
export function heldShare({ split, test }: TrainingSpec, usual: number): number {
	const by = split?.by ?? 'time';
	if (by !== 'time') {
		throw new PerchError(
			'invalid_config',
			`split.by: a net on series is measured on the last rows of each, not ${by}.`,
			{
				field: 'split.by',
				hint: 'Use by: time.',
			},
		);
	}
	return test === undefined ? (split?.test ?? usual) : 0;
}

/** Time and key of the row that each window ends with. */
export function aroundWindows(rows: SequenceRows, windows: Uint32Array): Table {
	return takeRows(rows.around, lastRows(rows, windows));
}

/** The label of the row that each window ends with. */
export function lastLabels(rows: SequenceRows, windows: Uint32Array): Labels | null {
	const { labels } = rows;
	return labels && Int8Array.from(lastRows(rows, windows), (row) => labels[row] as number);
}

/** 1 for windows that hold an anomaly, else 0. */
export function markedWindows({ labels, series, window }: SequenceRows, windows: Uint32Array): Labels | null {
	if (labels === null) return null;
	return Int8Array.from(windows, (first) => {
		const rows = series.rows.subarray(first, first + window.size);
		return +rows.some((row) => labels[row] === 1);
	});
}

/** The row of the table that each window ends with. */
export function lastRows({ series, window }: SequenceRows, windows: Uint32Array): Uint32Array {
	return windows.map((first) => series.rows[first + window.size - 1] as number);
}

/** A table of windows with their key beside them, where the graph asks for it. */
export function withKey(table: Table, rows: SequenceRows, windows: Uint32Array, key: string | null): Table {
	if (key === null) return table;
	return { ...table, columns: [...table.columns, columnOf(aroundWindows(rows, windows), key)] };
}
