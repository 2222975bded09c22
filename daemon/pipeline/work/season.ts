/** A reference that is chosen by the time of the current rows, once those are read. */
import { existsSync } from 'node:fs';
import { columnOf, type Table, takeRows } from '../../data/table.ts';
import { rowsBetween, rowsInSameHours, type Span, sameMonthsLastYear, spanOf } from '../../drift/seasons.ts';
import type { SeasonKind } from '../../protocol/driftReference.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { DriftSource, ReadSide } from './drift.ts';

export interface Season {
	kind: SeasonKind;
	/** The column that says when a row happened; logged requests have times of their own. */
	time: string | null;
}

/**
 * Reads the rows of `reference` that belong to the season of the current ones. Of one file a month only those of the months
 * wanted are read, of a request log only the days. Throws `empty_data` where no row is left, `invalid_arguments` without times.
 */
export async function readInSeason(
	{ kind, time }: Season,
	reference: DriftSource,
	current: ReadSide,
	read: (source: DriftSource) => Promise<ReadSide>,
): Promise<ReadSide> {
	const currentTimes = timesOf(current, time);
	const span = spanOf(currentTimes);
	if (span === null) throw noTimes('The current data');
	if (kind === 'same_month_last_year') {
		const { since, until, first, last } = sameMonthsLastYear(span);
		const side = await read(narrowed(reference, { since, until, first, last }));
		const words = first === last ? first : `${first} to ${last}`;
		const why = `same_month_last_year: the current data are of ${monthsOf(span)}, these rows of ${words}.`;
		return taken(side, rowsBetween(timesOf(side, time), since, until), why, words);
	}
	const side = await read(reference.kind === 'live' ? { ...reference, until: span.from } : reference);
	const { rows, by } = rowsInSameHours(timesOf(side, time), currentTimes, span);
	const hours = by === 'week' ? 'the same hours of the week' : 'the same hours of the day';
	const fewer = by === 'day' ? ' (none were of the same weekdays)' : '';
	return taken(side, rows, `same_hours: rows before the current data in ${hours}${fewer}.`, hours);
}

function taken(side: ReadSide, rows: Uint32Array, why: string, words: string): ReadSide {
	if (rows.length === 0) {
		throw new PerchError('empty_data', `${side.side.name} has no rows of ${words} to compare with.`, {
			field: 'drift.reference',
			hint: 'Take in data of that time, or choose another reference.',
		});
	}
	return { ...side, table: takeRows(side.table, rows), side: { ...side.side, rows: rows.length, why } };
}

const template = /\{\d{4}-\d{2}\.\.\d{4}-\d{2}\}/;

interface Months {
	since: number;
	until: number;
	first: string;
	last: string;
}

/** As little of a source as holds these months. */
function narrowed(source: DriftSource, { since, until, first, last }: Months): DriftSource {
	if (source.kind === 'live') return { ...source, since, until };
	const path = source.kind === 'source' ? source.source : source.kind === 'file' ? source.path : null;
	if (typeof path !== 'string' || !template.test(path)) return source;
	const file = path.replace(template, first === last ? first : `{${first}..${last}}`);
	if (first === last && !existsSync(file)) {
		throw new PerchError('file_not_found', `${file} does not exist: it would hold the reference.`, {
			file,
			hint: 'Get the file of that month, or choose another reference.',
		});
	}
	// What is read is no version of the dataset that the whole family is.
	return { kind: 'part', path: file };
}

function monthsOf({ from, to }: Span): string {
	const [first, last] = [from, to].map((time) => new Date(time).toISOString().slice(0, 7));
	return first === last ? `${first}` : `${first} to ${last}`;
}

/** Epochs below this are seconds: as such it is the year 5138, as milliseconds 1973. */
const firstMilliseconds = 1e11;

/** When each row happened, in milliseconds since 1970; numbers are epochs, in seconds or in milliseconds. */
export function timesOf({ table, times }: Pick<ReadSide, 'table' | 'times'>, name: string | null): Float64Array {
	if (times !== undefined) return times;
	if (name === null) throw noTimes('A project');
	return columnTimes(table, name);
}

function columnTimes(table: Table, name: string): Float64Array {
	const column = columnOf(table, name);
	if (column.kind === 'string' || column.type === 'boolean') {
		throw new PerchError('invalid_data', `Column ${JSON.stringify(name)} holds no times.`, {
			field: 'data.time',
			hint: 'It must hold dates, timestamps, or seconds or milliseconds since 1970.',
		});
	}
	if (column.type === 'date' || column.type === 'timestamp') return column.values;
	const largest = column.values.reduce((most, value) => (value > most ? value : most), 0);
	return largest < firstMilliseconds ? column.values.map((value) => value * 1000) : column.values;
}

function noTimes(what: string): PerchError {
	return new PerchError('invalid_arguments', `${what} must say when its rows happened for such a reference.`, {
		field: 'data.time',
		hint: 'Name the column: data: {time: COLUMN}.',
	});
}
