/** Tables in memory: columns as typed arrays, text dictionary-coded, never row objects. */

import type { ColumnSchema, ColumnType } from '../protocol/datasets.ts';
import { PerchError } from '../protocol/errors.ts';
import { gatherCodes, gatherNumbers } from '../stats/gather.ts';

export type NumberType = Exclude<ColumnType, TextType>;
export type TextType = 'string' | 'other';

/** Numbers, one a row; NaN is null. Dates and timestamps are milliseconds since 1970 (UTC), booleans 0 and 1. */
export interface NumberColumn {
	kind: 'number';
	name: string;
	type: ColumnType;
	values: Float64Array;
}

/** Text: `dictionary[codes[row]]`, code -1 is null. Nested values (`other`) are their JSON text. */
export interface StringColumn {
	kind: 'string';
	name: string;
	type: ColumnType;
	codes: Int32Array;
	dictionary: string[];
}

export type Column = NumberColumn | StringColumn;

/** Columns of equal length with distinct names. */
export interface Table {
	rows: number;
	columns: Column[];
}

/** A cell as the protocol shows it: booleans as such, dates as ISO text, null for nothing. */
export type Cell = string | number | boolean | null;

/** The column of that name; throws `unknown_column` naming the known ones. */
export function columnOf(table: Table, name: string): Column {
	const found = table.columns.find((column) => column.name === name);
	if (found !== undefined) return found;
	throw unknownColumn(
		name,
		table.columns.map((column) => column.name),
	);
}

/** The error for a name that is not among these. */
export function unknownColumn(name: string, known: readonly string[]): PerchError {
	return new PerchError('unknown_column', `There is no column ${JSON.stringify(name)}.`, {
		field: name,
		hint: knownColumns(known),
	});
}

/** The hint of an error about an unknown column. */
export function knownColumns(names: readonly string[]): string {
	const shown = names.slice(0, 30).map((name) => JSON.stringify(name));
	const more = names.length - shown.length;
	return `Known columns: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}

/** The named columns in the order asked for, sharing their memory; throws `unknown_column`. */
export function selectColumns(table: Table, names: readonly string[]): Table {
	return { rows: table.rows, columns: names.map((name) => columnOf(table, name)) };
}

/** The rows with these indices, in their order; an index may be taken more than once. */
export function takeRows(table: Table, indices: Uint32Array): Table {
	return { rows: indices.length, columns: table.columns.map((column) => takeColumn(column, indices)) };
}

/** The rows from `start` to before `end`, sharing their memory. */
export function sliceRows(table: Table, start: number, end: number): Table {
	return {
		rows: end - start,
		columns: table.columns.map((column) =>
			column.kind === 'number'
				? { ...column, values: column.values.subarray(start, end) }
				: { ...column, codes: column.codes.subarray(start, end) },
		),
	};
}

/** The values of one column at these indices, in their order. */
export function takeColumn(column: Column, indices: Uint32Array): Column {
	return column.kind === 'number'
		? { ...column, values: gatherNumbers(column.values, indices) }
		: { ...column, codes: gatherCodes(column.codes, indices) };
}

/**
 * Tables below one another. The columns are those of the first; every other table must have them by name and kind
 * (`invalid_data`, `unknown_column` else). Where types differ the wider one holds: integer and double make double.
 */
export function concatTables(tables: readonly Table[]): Table {
	const [first] = tables;
	if (first === undefined) return { rows: 0, columns: [] };
	const rows = tables.reduce((sum, table) => sum + table.rows, 0);
	const columns = first.columns.map((column) =>
		concatColumns(tables.map((table) => (table === first ? column : columnOf(table, column.name)))),
	);
	return { rows, columns };
}

/** Parts of one column below one another. */
export function concatColumns(given: readonly Column[]): Column {
	const parts = given.some((part) => part.kind === 'string') ? given.map(nullsAsText) : given;
	const [first] = parts as [Column, ...Column[]];
	if (parts.some((part) => part.kind !== first.kind)) {
		const name = JSON.stringify(first.name);
		throw new PerchError('invalid_data', `Column ${name} holds text in one part and numbers in another.`, {
			field: first.name,
			hint: 'Bring the column to one type in all files.',
		});
	}
	const rows = parts.reduce((sum, part) => sum + lengthOf(part), 0);
	const type = commonType(parts.map((part) => part.type));
	let at = 0;
	if (first.kind === 'number') {
		const values = new Float64Array(rows);
		for (const part of parts as readonly NumberColumn[]) {
			values.set(part.values, at);
			at += part.values.length;
		}
		return { kind: 'number', name: first.name, type, values };
	}
	const codes = new Int32Array(rows);
	const { words, codeOf } = wordList();
	for (const part of parts as readonly StringColumn[]) {
		const translated = Int32Array.from(part.dictionary, codeOf);
		for (const code of part.codes) {
			codes[at++] = code < 0 ? -1 : (translated[code] as number);
		}
	}
	return { kind: 'string', name: first.name, type, codes, dictionary: words };
}

/** A column without a single value has no kind of its own: a file in which it is empty shows it as numbers. */
function nullsAsText(column: Column): Column {
	if (column.kind === 'string' || countNulls(column) < column.values.length) return column;
	const codes = new Int32Array(column.values.length).fill(-1);
	return { kind: 'string', name: column.name, type: 'string', codes, dictionary: [] };
}

function commonType(types: readonly ColumnType[]): ColumnType {
	const distinct = new Set(types);
	const [first] = types;
	if (distinct.size === 1 && first !== undefined) return first;
	if (distinct.has('string')) return 'string';
	return [...distinct].every((type) => type === 'date' || type === 'timestamp') ? 'timestamp' : 'double';
}

/** The number of rows of a column. */
export function lengthOf(column: Column): number {
	return column.kind === 'number' ? column.values.length : column.codes.length;
}

/** Words numbered in the order of their first appearance: `codeOf` gives a word's number, new or known. */
export function wordList(): { words: string[]; codeOf(word: string): number } {
	const words: string[] = [];
	const codes = new Map<string, number>();
	return {
		words,
		codeOf(word) {
			const known = codes.get(word);
			if (known !== undefined) return known;
			const code = words.push(word) - 1;
			codes.set(word, code);
			return code;
		},
	};
}

/** A numeric column; null and undefined become NaN. */
export function numberColumn(
	name: string,
	values: Float64Array | readonly (number | null)[],
	type: NumberType = 'double',
): NumberColumn {
	const array = values instanceof Float64Array ? values : Float64Array.from(values, (value) => value ?? Number.NaN);
	return { kind: 'number', name, type, values: array };
}

/** A text column, dictionary-coded in the order of first appearance. */
export function stringColumn(
	name: string,
	values: readonly (string | null)[],
	type: TextType = 'string',
): StringColumn {
	const { words, codeOf } = wordList();
	const codes = Int32Array.from(values, (value) => (value === null ? -1 : codeOf(value)));
	return { kind: 'string', name, type, codes, dictionary: words };
}

/** A table of these columns; they must be equally long (`invalid_data` else). */
export function tableOf(columns: Column[]): Table {
	const rows = columns[0] === undefined ? 0 : lengthOf(columns[0]);
	const odd = columns.find((column) => lengthOf(column) !== rows);
	if (odd !== undefined) {
		throw new PerchError('invalid_data', `Column ${JSON.stringify(odd.name)} has ${lengthOf(odd)} rows, not ${rows}.`, {
			field: odd.name,
		});
	}
	return { rows, columns };
}

/** Names and types of the columns. */
export function schemaOf(table: Table): ColumnSchema[] {
	return table.columns.map(({ name, type }) => ({ name, type }));
}

/** How many values of a column are null. */
export function countNulls(column: Column): number {
	let nulls = 0;
	if (column.kind === 'number') {
		const { values } = column;
		for (let row = 0; row < values.length; row++) nulls += +Number.isNaN(values[row] as number);
	} else {
		const { codes } = column;
		for (let row = 0; row < codes.length; row++) nulls += +((codes[row] as number) < 0);
	}
	return nulls;
}

/** One cell as it is shown. */
export function cellOf(column: Column, row: number): Cell {
	if (column.kind === 'string') return column.dictionary[column.codes[row] as number] ?? null;
	const value = column.values[row] as number;
	return Number.isNaN(value) ? null : shownNumber(column.type, value);
}

/** A value of a column of numbers as it is shown: booleans as such, dates and times as ISO text. */
export function shownNumber(type: ColumnType, value: number): string | number | boolean {
	if (type === 'boolean') return value !== 0;
	if (type === 'date') return isoTime(value).slice(0, 10);
	return type === 'timestamp' ? isoTime(value) : value;
}

const latestTime = 8_640_000_000_000_000;

/** Milliseconds since 1970 as ISO 8601 text in UTC, with microseconds where there are any. */
export function isoTime(time: number): string {
	const text = new Date(Math.max(-latestTime, Math.min(latestTime, Math.floor(time)))).toISOString();
	const micros = Math.round((time - Math.floor(time)) * 1000);
	return micros === 0 ? text : `${text.slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
}
