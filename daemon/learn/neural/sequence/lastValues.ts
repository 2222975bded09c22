/** What a forecast must beat: the last value that was seen, and the one of a season ago. */
import type { NumberColumn } from '../../../data/table.ts';
import { columnOf, type Table } from '../../../data/table.ts';
import { quantile } from '../../../stats/quantile.ts';
import { sorted } from '../../../stats/sort.ts';
import { type SeriesRows, type Stretch, valueAt } from './seriesRows.ts';

/** Sentences for `noBetter`. */
export const noBetterThanLast = 'The forecast is no better than the last value';
export const noBetterThanSeason = 'The forecast is no better than the value of a season ago';

/** The last value at or before a place of its series; NaN where none is known. */
export function lastValue(series: SeriesRows, { from }: Stretch, channel: number, place: number): number {
	for (let at = place; at >= from; at--) {
		const value = valueAt(series, channel, at);
		if (!Number.isNaN(value)) return value;
	}
	return Number.NaN;
}

const day = 86_400_000;

/**
 * Rows in a season: as asked, else by the usual time between two rows a day, or a week where that is a day; 0 where no
 * time tells.
 */
export function seasonRows(
	asked: 'auto' | number,
	table: Table,
	time: string | null | undefined,
	series: SeriesRows,
): number {
	if (asked !== 'auto') return asked;
	const column = time ? columnOf(table, time) : null;
	if (column?.kind !== 'number' || (column.type !== 'timestamp' && column.type !== 'date')) return 0;
	const step = usualStep(column, series);
	if (!(step > 0)) return 0;
	const rows = Math.round((step < day ? day : 7 * day) / step);
	return rows > 1 ? rows : 0;
}

/** The median of the milliseconds between rows of a series. */
function usualStep({ values }: NumberColumn, { rows, series }: SeriesRows): number {
	const steps = series.flatMap(({ from, to }) =>
		Array.from(rows.subarray(from + 1, Math.min(to, from + mostSteps)), (row, index) => {
			return (values[row] as number) - (values[rows[from + index] as number] as number);
		}),
	);
	return quantile(sorted(Float64Array.from(steps).filter((step) => step > 0)), 0.5);
}

/** Steps of a series that are looked at. */
const mostSteps = 1000;
