/**
 * References by the time of the current rows: the same months a year before, or the same hours of the week. Times are
 * milliseconds since 1970, months and hours those of UTC; NaN is no time.
 */
import { quantile } from '../stats/quantile.ts';
import { sorted } from '../stats/sort.ts';

const hour = 3_600_000;
const hoursOfWeek = 168;

export interface Span {
	from: number;
	to: number;
}

/**
 * When a sample happened: from its 0.5 % to its 99.5 % quantile, as single rows bear wrong dates (trips of 2021 that began in
 * 2008). null without a time.
 */
export function spanOf(times: Float64Array): Span | null {
	const ascending = sorted(times);
	if (ascending.length === 0) return null;
	// Up to 200 rows no row is so rare.
	if (ascending.length <= 200) return { from: ascending[0] as number, to: ascending.at(-1) as number };
	return { from: Math.ceil(quantile(ascending, 0.005)), to: Math.floor(quantile(ascending, 0.995)) };
}

/** The whole months a year before those of a span: `since` inclusive, `until` exclusive, and their names. */
export function sameMonthsLastYear({ from, to }: Span): { since: number; until: number; first: string; last: string } {
	const [start, end] = [new Date(from), new Date(to)];
	const since = Date.UTC(start.getUTCFullYear() - 1, start.getUTCMonth());
	const until = Date.UTC(end.getUTCFullYear() - 1, end.getUTCMonth() + 1);
	const name = (time: number) => new Date(time).toISOString().slice(0, 7);
	return { since, until, first: name(since), last: name(until - 1) };
}

/** The rows from `since` to before `until`. */
export function rowsBetween(times: Float64Array, since: number, until: number): Uint32Array {
	return rowsWhere(times, (time) => time >= since && time < until);
}

/**
 * The rows before a span, or before another moment, that happened in hours of the week in which rows of the span did; where
 * there are none, in the same hours of the day.
 */
export function rowsInSameHours(
	reference: Float64Array,
	current: Float64Array,
	{ from, to }: Span,
	before = Math.floor(from / hour) * hour,
): { rows: Uint32Array; by: 'week' | 'day' } {
	const [week, day] = [new Uint8Array(hoursOfWeek), new Uint8Array(24)];
	for (const time of current) {
		if (!(time >= from && time <= to)) continue;
		week[slotOf(time, hoursOfWeek)] = 1;
		day[slotOf(time, 24)] = 1;
	}
	const rows = rowsWhere(reference, (time) => time < before && week[slotOf(time, hoursOfWeek)] === 1);
	if (rows.length > 0) return { rows, by: 'week' };
	return { rows: rowsWhere(reference, (time) => time < before && day[slotOf(time, 24)] === 1), by: 'day' };
}

/** The hour of a time in a cycle of so many hours, 0 or more. */
function slotOf(time: number, cycle: number): number {
	const slot = Math.floor(time / hour) % cycle;
	return slot < 0 ? slot + cycle : slot;
}

function rowsWhere(times: Float64Array, holds: (time: number) => boolean): Uint32Array {
	const rows = new Uint32Array(times.length);
	let count = 0;
	for (let row = 0; row < times.length; row++) if (holds(times[row] as number)) rows[count++] = row;
	return rows.slice(0, count);
}
