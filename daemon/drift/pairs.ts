/** How two columns of one name are compared, whatever their types: as numbers, as categories, or not at all. */

import { type Column, countNulls, type NumberColumn, type StringColumn } from '../data/table.ts';
import { codesFrom } from '../stats/gather.ts';
import { numberOf, type ReadText, readText, timeOf } from './readText.ts';
import { percent, shortened } from './report/wording.ts';
import { testTitles } from './sound/measures.ts';
import { type Evidence, fewestValues, floors, type Test, unknown } from './sound/sound.ts';

/** Both samples in the order of their rows; NaN is null. */
export interface NumberPair {
	kind: 'numbers';
	/** The numbers are points in time: milliseconds since 1970. */
	time: boolean;
	reference: Float64Array;
	current: Float64Array;
	notes: string[];
}

/** Both samples as codes into one list of labels, in the order of their rows; -1 is null. */
export interface CategoryPair {
	kind: 'categories';
	/** Text, in which each row may have a value of its own. */
	text: boolean;
	labels: string[];
	reference: Int32Array;
	current: Int32Array;
	notes: string[];
}

/** What is said instead of a test. */
export interface Incomparable {
	kind: 'incomparable';
	evidence: Evidence;
	notes: string[];
}

export type Pair = NumberPair | CategoryPair | Incomparable;

type Family = 'number' | 'boolean' | 'time' | 'text';

function familyOf(column: Column): Family {
	if (column.kind === 'string') return 'text';
	if (column.type === 'boolean') return 'boolean';
	return column.type === 'date' || column.type === 'timestamp' ? 'time' : 'number';
}

function countValues(column: Column): number {
	return (column.kind === 'number' ? column.values.length : column.codes.length) - countNulls(column);
}

/**
 * The rules, by what the two sides hold:
 * - the same kind: numbers and dates by their values, booleans and text by category;
 * - nothing but nulls on a side: the type of that side means nothing, and there is nothing to compare;
 * - numbers and booleans: as numbers, false 0 and true 1;
 * - text and numbers (or dates): the text is read as such; where a tenth or more of it cannot be, the column has
 *   changed its nature, which is drift; what else cannot be read counts as null;
 * - text and booleans: as categories `true` and `false`, in any case, and whatever else the text holds;
 * - dates and numbers: unknown units, not comparable.
 * `test` asks for one test: `ks`, `kuiper` and `mmd` take numbers alone; numbers are the caller's to cut into bins for the others.
 */
export function pairColumns(reference: Column, current: Column, test: 'auto' | Test): Pair {
	const notes: string[] = [];
	const [known, found] = [countValues(reference) > 0, countValues(current) > 0];
	if (known && found && reference.type !== current.type) {
		notes.push(`The type is ${reference.type} in the reference and ${current.type} in the current data.`);
	}
	if (!known || !found) return pairOneEmpty(reference, current, known, notes);
	const families = [familyOf(reference), familyOf(current)] as const;
	const pair = pairValues(reference, current, families, notes);
	if (test === 'auto' || test === 'chi_square' || test === 'psi' || pair.kind !== 'categories') return pair;
	if (reference.kind === 'number' && current.kind === 'number') {
		return asNumbers(reference.values, current.values, false, notes);
	}
	const reason = `The ${testTitles[test]} test needs numbers; this column holds text.`;
	return { kind: 'incomparable', evidence: unknown(reason), notes };
}

/** One side says nothing: both take the shape of the other, so that its distribution can still be drawn. */
function pairOneEmpty(reference: Column, current: Column, known: boolean, notes: string[]): Pair {
	const shape = known ? reference : current;
	const [first, second] = [shapedAs(shape, reference), shapedAs(shape, current)];
	if (first.kind === 'number' && second.kind === 'number' && shape.type !== 'boolean') {
		return asNumbers(first.values, second.values, familyOf(shape) === 'time', notes);
	}
	return asCategories(first, second, notes);
}

/** The column itself where it has the kind of the other, else as many nulls of that kind. */
function shapedAs(shape: Column, column: Column): Column {
	if (column.kind === shape.kind) return column;
	return column.kind === 'number'
		? { ...column, kind: 'string', codes: new Int32Array(column.values.length).fill(-1), dictionary: [] }
		: { ...column, kind: 'number', values: new Float64Array(column.codes.length).fill(Number.NaN) };
}

function pairValues(
	reference: Column,
	current: Column,
	[first, second]: readonly [Family, Family],
	notes: string[],
): Pair {
	if (first === second) {
		return reference.kind === 'number' && current.kind === 'number' && first !== 'boolean'
			? asNumbers(reference.values, current.values, first === 'time', notes)
			: asCategories(reference, current, notes);
	}
	const both = [first, second];
	if (both.includes('text')) {
		if (both.includes('boolean')) return asCategories(reference, current, notes);
		return readAndPair(reference, current, both.includes('time'), notes);
	}
	if (both.includes('time')) {
		const evidence = unknown(
			`${reference.type} in the reference, ${current.type} in the current data: dates and numbers cannot be compared.`,
		);
		return { kind: 'incomparable', evidence, notes };
	}
	notes.push('False and true are compared as 0 and 1.');
	return asNumbers((reference as NumberColumn).values, (current as NumberColumn).values, false, notes);
}

function asNumbers(reference: Float64Array, current: Float64Array, time: boolean, notes: string[]): NumberPair {
	if (time) {
		notes.push('Dates are compared as points in time: samples taken at different times differ by their nature.');
	}
	return { kind: 'numbers', time, reference, current, notes };
}

function asCategories(reference: Column, current: Column, notes: string[]): CategoryPair {
	const mixed = reference.kind !== current.kind;
	const labels: string[] = [];
	const codes = new Map<string, number>();
	const codeOf = (label: string): number => {
		const known = codes.get(label);
		if (known !== undefined) return known;
		codes.set(label, labels.length);
		labels.push(label);
		return labels.length - 1;
	};
	const coded = (column: Column): Int32Array => {
		if (column.kind === 'number') {
			const [no, yes] = [codeOf('false'), codeOf('true')];
			return codesFrom(column.values, (value) => (Number.isNaN(value) ? -1 : value === 0 ? no : yes));
		}
		const words = Int32Array.from(column.dictionary, (word) => codeOf(mixed ? booleanWord(word) : word));
		const { codes } = column;
		// The first of two columns keeps its codes, and so does one with the same words in the same order.
		if (words.every((word, code) => word === code)) return codes;
		const coded = new Int32Array(codes.length);
		for (let row = 0; row < codes.length; row++) {
			const code = codes[row] as number;
			coded[row] = code < 0 ? -1 : (words[code] as number);
		}
		return coded;
	};
	const [first, second] = [coded(reference), coded(current)];
	return {
		kind: 'categories',
		text: reference.kind === 'string' || current.kind === 'string',
		labels,
		reference: first,
		current: second,
		notes,
	};
}

/** `True` and ` FALSE` beside a column of booleans. */
function booleanWord(word: string): string {
	const lower = word.trim().toLowerCase();
	return lower === 'true' || lower === 'false' ? lower : word;
}

function readAndPair(reference: Column, current: Column, time: boolean, notes: string[]): Pair {
	const what = time ? 'date' : 'number';
	const parsed = time ? timeOf : numberOf;
	const [text, side] =
		reference.kind === 'string' ? [reference, 'the reference'] : [current as StringColumn, 'the current data'];
	const read = readText(text, parsed);
	const other = reference.kind === 'string' ? current : reference;
	const filled = [countValues(text), countValues(other)] as const;
	const share = read.unread / filled[0];
	if (share >= floors.ks && Math.min(...filled) >= fewestValues) {
		const reason = `The nature of the column changed: ${percent(share)} of it in ${side} is text that is no ${what}, such as ${quoted(read)}.`;
		return { kind: 'incomparable', evidence: { kind: 'settled', drift: true, effect: share, reason }, notes };
	}
	if (read.unread > 0) {
		const count = read.unread === 1 ? '1 value is' : `${read.unread} values are`;
		notes.push(`${count} no ${what} in ${side}, such as ${quoted(read)}, and counted as null.`);
	}
	const values = (column: Column) => (column.kind === 'string' ? read.values : column.values);
	return asNumbers(values(reference), values(current), time, notes);
}

function quoted({ example }: ReadText): string {
	return JSON.stringify(shortened(example ?? ''));
}
