/** Windows of series as a table: what the graph of a net takes. */
import { numberColumn, type Table } from '../../../data/table.ts';
import { spreadRows } from '../../preparation/featureMatrix.ts';
import type { SeriesRows } from './seriesRows.ts';

/** Columns `name_0` (the oldest row) to `name_<size − 1>` of each column. */
export function windowTable({ rows, columns }: SeriesRows, windows: Uint32Array, size: number): Table {
	return {
		rows: windows.length,
		columns: columns.flatMap(({ name, values }) =>
			Array.from({ length: size }, (_, place) => {
				const taken = Float64Array.from(windows, (window) => values[rows[window + place] as number] as number);
				return numberColumn(`${name}_${place}`, taken);
			}),
		),
	};
}

/** Values that are held against the graph at most. */
const mostValues = 2_000_000;

/** Some of many windows, spread evenly. */
export function someWindows(windows: Uint32Array, size: number): Uint32Array {
	const limit = Math.max(1, Math.min(2000, Math.floor(mostValues / size)));
	return spreadRows(windows.length, limit).map((at) => windows[at] as number);
}
