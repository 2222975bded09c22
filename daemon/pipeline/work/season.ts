/** A reference that is chosen by the time of the current rows, once those are read. */
import { existsSync } from 'node:fs';
import { fingerprintOf, printColumn } from '../../data/fingerprint/fingerprint.ts';
import { takeColumn, unknownColumn } from '../../data/table.ts';
import { rowsBetween, rowsInSameHours, type Span, sameMonthsLastYear, spanOf } from '../../drift/seasons.ts';
import type { DatasetColumn } from '../../protocol/datasets.ts';
import type { SeasonKind } from '../../protocol/driftReference.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { DriftSource, OpenSide } from './driftSides.ts';

export interface Season {
	kind: SeasonKind;
	/** The column that says when a row happened; logged requests have times of their own. */
	time: string | null;
}

/** Opens one side for work. */
export type OpenOne = <T>(source: DriftSource, work: (side: OpenSide) => Promise<T>) => Promise<T>;

/**
 * Opens the rows of `reference` that belong to the season of the current ones. Of one file a month only those of the months
 * wanted are read, of a request log only the days. Throws `empty_data` where no row is left, `invalid_arguments` without times.
 */
export async function withSeason<T>(
	{ kind, time }: Season,
	reference: DriftSource,
	current: OpenSide,
	open: OpenOne,
	work: (side: OpenSide) => Promise<T>,
): Promise<T> {
	const currentTimes = await timesOf(current, time);
	const span = spanOf(currentTimes);
	if (span === null) throw noTimes('The current data');
	if (kind === 'same_month_last_year') {
		const months = sameMonthsLastYear(span);
		const { since, until, first, last } = months;
		const words = first === last ? first : `${first} to ${last}`;
		const why = `same_month_last_year: the current data are of ${monthsOf(span)}, these rows of ${words}.`;
		const part = narrowed(reference, months);
		// Of a family of months of which only some are read nothing tells the version of the whole.
		const whole = part === reference ? null : { identity: null, identify: null };
		return await open(part, async (side) =>
			work(taken({ ...side, ...whole }, rowsBetween(await timesOf(side, time), since, until), why, words)),
		);
	}
	// Logged traffic is read up to where the current one begins.
	const before = reference.kind === 'live' ? Number.POSITIVE_INFINITY : undefined;
	return await open(reference, async (side) => {
		const { rows, by } = rowsInSameHours(await timesOf(side, time), currentTimes, span, before);
		const hours = by === 'week' ? 'the same hours of the week' : 'the same hours of the day';
		const fewer = by === 'day' ? ' (none were of the same weekdays)' : '';
		return await work(taken(side, rows, `same_hours: rows before the current data in ${hours}${fewer}.`, hours));
	});
}

/** Some rows of a side, which bear the version of the dataset that they are taken from. */
function taken(whole: OpenSide, rows: Uint32Array, why: string, words: string): OpenSide {
	const { source, side, times, identity, identify } = whole;
	if (rows.length === 0) {
		throw new PerchError('empty_data', `${side.name} has no rows of ${words} to compare with.`, {
			field: 'drift.reference',
			hint: 'Take in data of that time, or choose another reference.',
		});
	}
	// What the whole holds is told by its columns, which pass here one after the other.
	const prints = new Map<string, DatasetColumn>();
	const told = identify === null ? null : () => identify(fingerprintOf(printsOf(source.names, prints), source.rows));
	return {
		source: {
			rows: rows.length,
			names: source.names,
			times: source.times,
			quarantined: source.quarantined,
			files: [],
			async read(names) {
				const columns = await source.read(names);
				if (told !== null) {
					for (const column of columns) if (!prints.has(column.name)) prints.set(column.name, printColumn(column));
				}
				return columns.map((column) => takeColumn(column, rows));
			},
			get notes() {
				return source.notes;
			},
		},
		side: { ...side, why },
		...{ identity, identify: told },
		...(times !== undefined && { times: Float64Array.from(rows, (row) => times[row] as number) }),
	};
}

function printsOf(names: readonly string[], prints: ReadonlyMap<string, DatasetColumn>): DatasetColumn[] {
	return names.flatMap((name) => prints.get(name) ?? []);
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
	if (source.kind !== 'source' || typeof source.source !== 'string' || !template.test(source.source)) return source;
	const path = source.source;
	const file = path.replace(template, first === last ? first : `{${first}..${last}}`);
	if (first === last && !existsSync(file)) {
		throw new PerchError('file_not_found', `${file} does not exist: it would hold the reference.`, {
			file,
			hint: 'Get the file of that month, or choose another reference.',
		});
	}
	return { kind: 'file', path: file, dataset: source.dataset };
}

function monthsOf({ from, to }: Span): string {
	const [first, last] = [from, to].map((time) => new Date(time).toISOString().slice(0, 7));
	return first === last ? `${first}` : `${first} to ${last}`;
}

/** Epochs below this are seconds: as such it is the year 5138, as milliseconds 1973. */
const firstMilliseconds = 1e11;

/** When each row happened, in milliseconds since 1970; numbers are epochs, in seconds or in milliseconds. */
export async function timesOf({ source, times }: OpenSide, name: string | null): Promise<Float64Array> {
	if (times !== undefined) return times;
	if (name === null) throw noTimes('A project');
	if (!source.names.includes(name)) throw unknownColumn(name, source.names);
	const [column] = await source.read([name]);
	if (column === undefined || column.kind === 'string' || column.type === 'boolean') {
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
