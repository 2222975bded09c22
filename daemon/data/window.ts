/** Windows of series and their features: the one definition that training, batch scoring, gateway and streams share. */

import { PerchError } from '../protocol/errors.ts';
import type { WindowSection } from '../protocol/project/data.ts';
import { gatherNumbers } from '../stats/gather.ts';
import { type Column, columnOf, type NumberColumn, numberColumn, type Table, takeRows } from './table.ts';

type WindowFeature = Exclude<WindowSection['features'], 'raw'>[number];

/** What to cut: numeric columns, and which columns tell series apart, order their rows and label them. */
export interface WindowOptions {
	columns: readonly string[];
	/** Tells one series from another; no window crosses two. */
	key?: string | null | undefined;
	/** Orders the rows of a series; file order without it. */
	time?: string | null | undefined;
	/** A numeric column; a window is labelled 1 where it is positive in any row, else 0. */
	label?: string | null | undefined;
	/** Rows between two windows; the window's own step unless told. */
	step?: number | undefined;
}

/**
 * One row a window: `<column>_<feature>` for each column and feature in their order (`<column>_<place>` for raw values),
 * then the key column and the label column under their own names. `lastRow` is the index, in the table that was cut, of the row where each window ends.
 */
export interface WindowedTable extends Table {
	lastRow: Uint32Array;
}

/** Names of the features in the order in which they are computed; of raw values they are the places, 0 is the oldest. */
export function windowFeatureNames(
	{ size, features }: Pick<WindowSection, 'size' | 'features'>,
	columns: readonly string[],
): string[] {
	const names = features === 'raw' ? Array.from({ length: size }, (_, place) => String(place)) : features;
	return columns.flatMap((column) => names.map((name) => `${column}_${name}`));
}

/**
 * Cuts all full windows, series by series in the order of their first row. A null is left out of its window's features; a
 * window without a single value of a column has NaN for it. Throws `unknown_column`, and `invalid_data` for text.
 */
export function cutWindows(table: Table, window: WindowSection, options: WindowOptions): WindowedTable {
	const key = options.key == null ? null : columnOf(table, options.key);
	const time = options.time == null ? null : numericColumn(table, options.time);
	const label = options.label == null ? null : numericColumn(table, options.label);
	const sources = options.columns.map((name) => numericColumn(table, name));
	const series = seriesOf(table.rows, key, time);
	const step = options.step ?? window.step;
	const count = series.reduce((sum, { length }) => sum + windowsIn(length, window.size, step), 0);

	const lastRow = new Uint32Array(count);
	const { features } = window;
	const width = features === 'raw' ? window.size : features.length;
	const computed = sources.map(() => Array.from({ length: width }, () => new Float64Array(count)));
	const labels = new Float64Array(count);
	let at = 0;
	for (const rows of series) {
		const gathered = sources.map(({ values }) => gatherNumbers(values, rows));
		const marks = label === null ? null : gatherNumbers(label.values, rows);
		for (let start = 0; start + window.size <= rows.length; start += step) {
			const end = start + window.size;
			gathered.forEach((values, index) => {
				const into = computed[index] as Float64Array[];
				if (features === 'raw') fillRaw(values, start, into, at);
				else fillFeatures(values, start, end, features, into, at);
			});
			labels[at] = +(marks?.subarray(start, end).some((mark) => mark > 0) ?? false);
			lastRow[at++] = rows[end - 1] as number;
		}
	}

	const names = windowFeatureNames(window, options.columns);
	const columns: Column[] = computed.flat().map((values, index) => numberColumn(names[index] as string, values));
	if (key !== null) columns.push(...takeRows({ rows: table.rows, columns: [key] }, lastRow).columns);
	if (label !== null) columns.push(numberColumn(label.name, labels, 'integer'));
	return { rows: count, columns, lastRow };
}

/**
 * For scoring: every row answered by the features of the window of its series that ends there, in the order of the table,
 * whatever the step of the window says. A row that no full window ends in is NaN throughout, and 0 in `complete`, else 1.
 * Columns as `cutWindows` names them, without key and label.
 */
export function featuresOfEachRow(
	table: Table,
	window: WindowSection,
	options: Omit<WindowOptions, 'label' | 'step'>,
): { features: Table; complete: Uint8Array } {
	const cut = cutWindows(table, window, { ...options, step: 1 });
	const names = windowFeatureNames(window, options.columns);
	const columns = names.map((name, index) => {
		const values = new Float64Array(table.rows).fill(Number.NaN);
		const computed = (cut.columns[index] as NumberColumn).values;
		for (let at = 0; at < cut.rows; at++) values[cut.lastRow[at] as number] = computed[at] as number;
		return numberColumn(name, values);
	});
	const complete = new Uint8Array(table.rows);
	for (const row of cut.lastRow) complete[row] = 1;
	return { features: { rows: table.rows, columns }, complete };
}

/** Throws `unknown_column`, and `invalid_data` for text. */
export function numericColumn(table: Table, name: string): NumberColumn {
	const column = columnOf(table, name);
	if (column.kind === 'number') return column;
	throw new PerchError('invalid_data', `Column ${JSON.stringify(name)} holds text; windows are cut of numbers.`, {
		field: name,
		hint: 'Name numeric columns only, or turn the text into numbers.',
	});
}

function windowsIn(rows: number, size: number, step: number): number {
	return rows < size ? 0 : Math.floor((rows - size) / step) + 1;
}

/** The rows of each series in time order; rows of equal time, or without one, keep their order, the latter come last. */
export function seriesOf(rows: number, key: Column | null, time: NumberColumn | null): Uint32Array[] {
	const series = key === null ? [Uint32Array.from({ length: rows }, (_, row) => row)] : rowsByKey(key);
	if (time === null) return series;
	const { values } = time;
	for (const indices of series) {
		const late = (row: number) =>
			Number.isNaN(values[row] as number) ? Number.POSITIVE_INFINITY : (values[row] as number);
		const inOrder = indices.every((row, index) => index === 0 || late(indices[index - 1] as number) <= late(row));
		if (!inOrder) indices.sort((a, b) => (late(a) === late(b) ? a - b : late(a) < late(b) ? -1 : 1));
	}
	return series;
}

function rowsByKey(key: Column): Uint32Array[] {
	const found = new Map<number, number[]>();
	const codes = key.kind === 'string' ? key.codes : key.values;
	codes.forEach((code, row) => {
		const rows = found.get(code);
		if (rows === undefined) found.set(code, [row]);
		else rows.push(row);
	});
	return [...found.values()].map((rows) => Uint32Array.from(rows));
}

/** The values from `start` on, one a place. */
function fillRaw(values: Float64Array, start: number, into: readonly Float64Array[], at: number): void {
	into.forEach((place, offset) => {
		place[at] = values[start + offset] as number;
	});
}

/**
 * The features of values[start..end) without NaN: mean, population standard deviation, least, greatest, and the
 * least-squares slope per row (places of missing rows count). One value has deviation and slope 0; none has NaN.
 */
function fillFeatures(
	values: Float64Array,
	start: number,
	end: number,
	features: readonly WindowFeature[],
	into: readonly Float64Array[],
	at: number,
): void {
	let count = 0;
	let sum = 0;
	let places = 0;
	let min = Number.POSITIVE_INFINITY;
	let max = Number.NEGATIVE_INFINITY;
	for (let row = start; row < end; row++) {
		const value = values[row] as number;
		if (Number.isNaN(value)) continue;
		count++;
		sum += value;
		places += row - start;
		if (value < min) min = value;
		if (value > max) max = value;
	}
	const mean = sum / count;
	const middle = places / count;
	let squares = 0;
	let spread = 0;
	let product = 0;
	for (let row = start; row < end; row++) {
		const value = values[row] as number;
		if (Number.isNaN(value)) continue;
		const place = row - start - middle;
		squares += (value - mean) * (value - mean);
		spread += place * place;
		product += place * (value - mean);
	}
	const computed: Record<WindowFeature, number> = {
		mean,
		std: Math.sqrt(squares / count),
		min,
		max,
		slope: spread === 0 ? 0 : product / spread,
	};
	features.forEach((feature, index) => {
		(into[index] as Float64Array)[at] = count === 0 ? Number.NaN : computed[feature];
	});
}
