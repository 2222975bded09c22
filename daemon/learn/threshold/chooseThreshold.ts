/** From the scores of rows that are taken for normal to the score from which a row is an anomaly. */
import { createAlarms, type Persistence } from '../../data/alarms.ts';
import { columnOf, type Table } from '../../data/table.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { ThresholdSection } from '../../protocol/project/threshold.ts';
import { quantile } from '../../stats/quantile.ts';
import { sorted } from '../../stats/sort.ts';
import type { Fitted } from '../estimator.ts';
import type { Labels } from '../metrics/anomalyMetrics.ts';
import { keyTexts, type SeriesRows, seriesOf, timesOf } from './series.ts';

/** A key with fewer clean rows has the threshold of all. */
const fewestOfKey = 50;

export interface ChosenThreshold {
	readonly threshold: number;
	/** By the key's text; null without `per_key`. */
	readonly keys: ReadonlyMap<string, number> | null;
	/** Clean rows that it was chosen from. */
	readonly rows: number;
}

/** What is known of the rows that were scored. */
export interface ScoredRows {
	readonly table: Table;
	readonly labels: Labels | null;
	readonly time: string | null | undefined;
	readonly key: string | null | undefined;
}

/** Throws `invalid_config` where a column is missing for it, `empty_data` where no row is clean. */
export function chooseThreshold(
	section: ThresholdSection,
	{ scores, scoreKind }: Pick<Fitted, 'scores' | 'scoreKind'>,
	{ table, labels, time, key }: ScoredRows,
): ChosenThreshold {
	const clean = cleanRows(section, table, labels, time);
	// Of numbers that are higher for what is more abnormal.
	const abnormality = scoreKind === 'path' ? scores.map((score) => -score) : scores;
	const series = section.alarms_per_day === undefined ? null : requireSeries(table, time, key);
	const isClean = new Uint8Array(table.rows);
	for (const row of clean) isClean[row] = 1;
	const choose = (rows: Uint32Array, of: SeriesRows | null) => {
		const border =
			of === null
				? quantile(sorted(Float64Array.from(rows, (row) => abnormality[row] as number)), section.quantile as number)
				: alarmBorder(abnormality, of, section.alarms_per_day as number, section.persistence);
		return scoreKind === 'path' ? -border : border;
	};
	const threshold = choose(clean, series && cleanSeries(series, isClean, series.series));
	if (!section.per_key) return { threshold, keys: null, rows: clean.length };
	if (!key) {
		throw new PerchError('invalid_config', 'model.threshold.per_key: needs data.key.', {
			field: 'model.threshold.per_key',
			hint: 'Name the column in data.key.',
		});
	}
	const keyOf = keyTexts(columnOf(table, key));
	const byKey = new Map<string, number[]>();
	for (const row of clean) {
		const rows = byKey.get(keyOf(row));
		if (rows === undefined) byKey.set(keyOf(row), [row]);
		else rows.push(row);
	}
	const keys = new Map<string, number>();
	for (const [name, rows] of byKey) {
		// The runtime takes an empty text for a missing one.
		if (rows.length < fewestOfKey || name === '') continue;
		const own = series?.series.filter((one) => keyOf(one[0] as number) === name) ?? [];
		keys.set(name, choose(Uint32Array.from(rows), series && cleanSeries(series, isClean, own)));
	}
	return { threshold, keys, rows: clean.length };
}

function cleanRows(
	{ clean }: ThresholdSection,
	table: Table,
	labels: Labels | null,
	time: string | null | undefined,
): Uint32Array {
	const times = clean === undefined ? null : timesOf(table, time);
	if (clean !== undefined && times === null) throw needsTime('clean');
	const [from, to] = [Date.parse(clean?.from ?? ''), Date.parse(clean?.to ?? '')];
	const rows = Uint32Array.from({ length: table.rows }, (_, row) => row).filter((row) => {
		if (labels?.[row] === 1) return false;
		if (times === null) return true;
		const at = times[row] as number;
		return !Number.isNaN(at) && !(at < from) && !(at >= to);
	});
	if (rows.length > 0) return rows;
	throw new PerchError('empty_data', 'No row is clean, to choose a threshold from.', {
		field: 'model.threshold.clean',
		hint: 'Name another period; rows that the target marks as anomalies are not clean.',
	});
}

function requireSeries(table: Table, time: string | null | undefined, key: string | null | undefined): SeriesRows {
	const series = seriesOf(table, { time, key });
	if (series === null) throw needsTime('alarms_per_day');
	return series;
}

function needsTime(field: string): PerchError {
	return new PerchError('invalid_config', `model.threshold.${field}: needs data.time, a column of times.`, {
		field: `model.threshold.${field}`,
		hint: 'Name the column in data.time.',
	});
}

/** The clean rows of some series, and the days that they span. */
function cleanSeries({ times }: SeriesRows, isClean: Uint8Array, some: SeriesRows['series']): SeriesRows {
	const series = some.map((rows) => rows.filter((row) => isClean[row] === 1)).filter(({ length }) => length > 0);
	const first = Math.min(...series.map((rows) => times[rows[0] as number] as number));
	const last = Math.max(...series.map((rows) => times[rows.at(-1) as number] as number));
	return { series, times, days: Math.max(0, last - first) / 86_400_000 };
}

/**
 * The lowest of the scores above which the rows raise no more alarms than the budget of their days has; found by doubling
 * and halving the number of rows beyond it, as more rows beyond seldom make fewer alarms.
 */
function alarmBorder(
	abnormality: Float64Array,
	{ series, days }: SeriesRows,
	perDay: number,
	persistence: Persistence | undefined,
): number {
	const ordered = sorted(
		Float64Array.from(
			series.flatMap((rows) => [...rows]),
			(row) => abnormality[row] as number,
		),
	);
	const last = ordered.length - 1;
	const budget = perDay * days;
	const border = (beyond: number) => ordered[last - beyond] as number;
	const holds = (beyond: number) =>
		countAlarms(series, (row) => (abnormality[row] as number) > border(beyond), persistence) <= budget;
	let low = 0;
	let high = 1;
	while (high <= last && holds(high)) {
		low = high;
		high *= 2;
	}
	high = Math.min(high, last + 1);
	while (high - low > 1) {
		const middle = (low + high) >> 1;
		if (holds(middle)) low = middle;
		else high = middle;
	}
	return border(low);
}

/** Alarms: rows of a series that follow one another are one; with persistence they begin once enough of them are called. */
export function countAlarms(
	series: SeriesRows['series'],
	isCalled: (row: number) => boolean,
	persistence: Persistence | undefined = { k: 1, n: 1 },
): number {
	let alarms = 0;
	for (const rows of series) {
		const { next } = createAlarms(persistence);
		let before = false;
		for (const row of rows) {
			const inAlarm = next('', isCalled(row));
			alarms += +(inAlarm && !before);
			before = inAlarm;
		}
	}
	return alarms;
}
