/** Rows as series in time. */
import { type Column, columnOf, type Table } from '../../data/table.ts';
import { textOf } from '../../onnx/feeds.ts';

/** Rows of one thing, in their order. */
export type Series = Uint32Array;

export interface SeriesRows {
	/** Series by the key, each ordered by time. */
	readonly series: readonly Series[];
	/** Of every row of the table, milliseconds since 1970. */
	readonly times: Float64Array;
	/** From the first row to the last. */
	readonly days: number;
}

const dayMs = 86_400_000;

/** The time of each row of a table; null where no column tells it. */
export function timesOf(table: Table, time: string | null | undefined): Float64Array | null {
	const column = table.columns.find(({ name }) => name === time);
	if (column === undefined) return null;
	if (column.kind === 'number') return column.type === 'timestamp' || column.type === 'date' ? column.values : null;
	const moments = column.dictionary.map((word) => Date.parse(word));
	const times = Float64Array.from(column.codes, (code) => moments[code] ?? Number.NaN);
	return times.some((value) => !Number.isNaN(value)) ? times : null;
}

/** The rows that have a time, by their key; null where there are none, or all are of one moment. */
export function seriesOf(
	table: Table,
	{ time, key }: { time?: string | null | undefined; key?: string | null | undefined },
): SeriesRows | null {
	const times = timesOf(table, time);
	if (times === null) return null;
	const keyed = key && table.columns.some(({ name }) => name === key) ? keyTexts(columnOf(table, key)) : () => '';
	const groups = new Map<string, number[]>();
	let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	for (const [row, at] of times.entries()) {
		if (Number.isNaN(at)) continue;
		first = Math.min(first, at);
		last = Math.max(last, at);
		const group = groups.get(keyed(row));
		if (group === undefined) groups.set(keyed(row), [row]);
		else group.push(row);
	}
	if (!(last > first)) return null;
	const series = [...groups.values()].map((rows) =>
		Uint32Array.from(rows.sort((a, b) => (times[a] as number) - (times[b] as number) || a - b)),
	);
	return { series, times, days: (last - first) / dayMs };
}

/** The key of each row as text, as a graph takes it. */
export function keyTexts(column: Column): (row: number) => string {
	return textOf(column);
}
