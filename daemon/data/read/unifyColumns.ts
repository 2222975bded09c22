/** One type a column for the files of a family, where that loses nothing. */

import { basename } from 'node:path';
import type { ColumnType } from '../../protocol/datasets.ts';
import { PerchError } from '../../protocol/errors.ts';
import { numbersFrom } from '../../stats/gather.ts';
import { isText } from '../chunks.ts';
import { type Column, countNulls, lengthOf, stringColumn, type Table } from '../table.ts';

/** How a column differs from file to file and what became of it, in a sentence. */
export interface ColumnNote {
	column: string;
	text: string;
}

/**
 * Gives tables the same columns. The rules, column by column:
 * - A column that a file lacks is empty there; a column without a value takes the type of the others.
 * - Whole numbers and fractions are fractions; dates and times are times.
 * - Text and whole numbers are whole numbers where every text is one as it would be written (`74`, not `074`), else text.
 * - Anything else is refused (`invalid_data`): text and fractions, booleans and numbers, times and numbers.
 */
export function unifyColumns(
	tables: readonly Table[],
	paths: readonly string[],
): { tables: Table[]; notes: ColumnNote[] } {
	const names = [...new Set(tables.flatMap(({ columns }) => columns.map(({ name }) => name)))];
	const notes: ColumnNote[] = [];
	const columns = names.map((name) => {
		const parts = tables.map((table) => table.columns.find((column) => column.name === name));
		const { columns, note } = unifyColumn(name, parts, tables, paths);
		if (note !== null) notes.push(note);
		return columns;
	});
	const unified = tables.map(({ rows }, index) => ({ rows, columns: columns.map((parts) => parts[index] as Column) }));
	return { tables: unified, notes };
}

/** The same for one column: its part in each file, undefined where a file lacks it. */
export function unifyColumn(
	name: string,
	parts: readonly (Column | undefined)[],
	files: readonly { rows: number }[],
	paths: readonly string[],
): { columns: Column[]; note: ColumnNote | null } {
	const { convert, note } = unify(name, parts, paths);
	return {
		columns: parts.map((part, index) => convert(part ?? emptyColumn(name, files[index]?.rows ?? 0))),
		note: note === null ? null : { column: name, text: note },
	};
}

interface Unified {
	convert(column: Column): Column;
	note: string | null;
}

function unify(name: string, parts: readonly (Column | undefined)[], paths: readonly string[]): Unified {
	const filled = parts.map((part) => (part !== undefined && countNulls(part) < lengthOf(part) ? part : undefined));
	const types = [...new Set(filled.flatMap((part) => (part === undefined ? [] : [part.type])))];
	const type = commonType(types, filled);
	const found = foundIn(parts, filled, paths);
	if (type === null) {
		const foreign = firstForeign(filled, paths);
		const told = foreign === null ? '' : ` ${foreign}`;
		throw new PerchError('invalid_data', `Column ${JSON.stringify(name)} differs from file to file: ${found}.${told}`, {
			field: name,
			hint: 'Bring the column to one type in all files, or read fewer of them.',
		});
	}
	const missing = parts.includes(undefined);
	const note =
		types.length > 1 || missing
			? `Column ${JSON.stringify(name)} differs from file to file (${found}): it is ${type}${missing ? ', and empty where it is missing' : ''}.`
			: null;
	return { convert: (column) => convert(column, type), note };
}

/** Of text among numbers the first cell that is none, as a sentence. */
function firstForeign(parts: readonly (Column | undefined)[], paths: readonly string[]): string | null {
	if (!parts.some((part) => part?.type === 'integer' || part?.type === 'double')) return null;
	for (const [index, part] of parts.entries()) {
		if (part?.kind !== 'string') continue;
		const wrong = part.dictionary.map((text) => text.trim() === '' || Number.isNaN(Number(text)));
		const row = part.codes.findIndex((code) => wrong[code] === true);
		if (row < 0) continue;
		const text = part.dictionary[part.codes[row] as number] as string;
		const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
		return `Row ${row + 1} of ${basename(paths[index] ?? '')} is no number: ${shown}.`;
	}
	return null;
}

/** null where the types have none in common. */
function commonType(types: readonly ColumnType[], parts: readonly (Column | undefined)[]): ColumnType | null {
	const [first = 'double', ...others] = types;
	if (others.length === 0) return first;
	const only = (...allowed: ColumnType[]) => types.every((type) => allowed.includes(type));
	if (only('integer', 'double')) return 'double';
	if (only('date', 'timestamp')) return 'timestamp';
	if (!only('integer', 'string')) return null;
	return parts.every((part) => part === undefined || part.kind === 'number' || part.dictionary.every(isWhole))
		? 'integer'
		: 'string';
}

function isWhole(text: string): boolean {
	return Number.isSafeInteger(Number(text)) && String(Number(text)) === text;
}

function convert(column: Column, type: ColumnType): Column {
	if (column.type === type) return column;
	if (column.kind === 'number' && !isText(type)) return { ...column, type };
	if (column.kind === 'number') {
		const words = Array.from(column.values, (value) => (Number.isNaN(value) ? null : String(value)));
		return stringColumn(column.name, words, type === 'other' ? 'other' : 'string');
	}
	if (isText(type)) return { ...column, type };
	const numbers = column.dictionary.map(Number);
	const values = numbersFrom(column.codes, (code) => numbers[code] ?? Number.NaN);
	return { kind: 'number', name: column.name, type, values };
}

function emptyColumn(name: string, rows: number): Column {
	return { kind: 'number', name, type: 'double', values: new Float64Array(rows).fill(Number.NaN) };
}

const shownFiles = 3;

/** `string in a.parquet, integer in b.parquet and 2 more`. */
function foundIn(
	parts: readonly (Column | undefined)[],
	filled: readonly (Column | undefined)[],
	paths: readonly string[],
): string {
	const kinds = new Map<string, string[]>();
	for (const [index, part] of parts.entries()) {
		const kind = part === undefined ? 'missing' : filled[index] === undefined ? 'empty' : part.type;
		kinds.set(kind, [...(kinds.get(kind) ?? []), basename(paths[index] ?? '')]);
	}
	return [...kinds]
		.map(([kind, files]) => {
			const more = files.length - shownFiles;
			return `${kind} in ${files.slice(0, shownFiles).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
		})
		.join('; ');
}
