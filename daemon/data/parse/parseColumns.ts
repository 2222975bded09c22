/**
 * The `parse` steps of a preparation, applied to raw columns: one function for training, drift, batch scoring and the
 * gateway. The steps travel in the model's metadata, and its graph takes what they make.
 */

import { PerchError } from '../../protocol/errors.ts';
import { type CalendarPart, madeOf, type ParseStep } from '../../protocol/project/parse.ts';
import { noValues } from '../read/noValues.ts';
import { type Column, cellOf, knownColumns, numberColumn, type StringColumn, type Table, wordList } from '../table.ts';
import { partOf, timeOf } from './parseCalendar.ts';
import { durationIn } from './parseDuration.ts';
import {
	currency,
	numberForm,
	numberInText,
	numberWithUnit,
	plainNumber,
	type ReadText,
	rangeMean,
	type Taken,
} from './parseNumber.ts';

/** A cell that no step of its column takes. */
export interface Misfit {
	/** From 0. */
	row: number;
	column: string;
	text: string;
	/** Why, as the end of a sentence. */
	reason: string;
}

/** What the steps of one column make of it. */
export interface ColumnParse {
	column: string;
	kind: 'numbers' | 'calendar' | 'category';
	/** The columns that take its place. */
	makes: string[];
	apply(column: Column): { columns: Column[]; misfits: Misfit[] };
}

/** The steps by column, in the order in which columns are first named. */
export function planParse(steps: readonly ParseStep[]): ColumnParse[] {
	const names = [...new Set(steps.map(({ column }) => column))];
	return names.map((name) =>
		planColumn(
			name,
			steps.filter(({ column }) => column === name),
		),
	);
}

function planColumn(name: string, steps: readonly ParseStep[]): ColumnParse {
	const [first] = steps;
	const kind = first === undefined ? 'numbers' : madeOf(first);
	if (first?.as === 'calendar') {
		const { parts } = first;
		const makes = parts.map((part) => `${name}_${part}`);
		return { column: name, kind, makes, apply: (column) => calendarOf(column, parts, makes) };
	}
	if (first?.as === 'category') {
		const tidy = tidyText(first.case);
		return { column: name, kind, makes: [name], apply: (column) => ({ columns: [tidied(column, tidy)], misfits: [] }) };
	}
	const read = numberReader(steps);
	return { column: name, kind, makes: [name], apply: (column) => numbersOf(column, read) };
}

/**
 * The table with the columns that the steps make in the place of those that they read; the latter stay where `keep` names
 * them. Cells that no step takes are null, and told. Throws `unknown_column` for a column that the table lacks, unless what
 * is made of it is there already, and `invalid_data` where a made column would have the name of another.
 */
export function parseTable(
	table: Table,
	steps: readonly ParseStep[],
	keep: readonly (string | null | undefined)[] = [],
): { table: Table; misfits: Misfit[] } {
	if (steps.length === 0) return { table, misfits: [] };
	const present = new Set(table.columns.map(({ name }) => name));
	const plans = new Map(planParse(steps).map((plan) => [plan.column, plan]));
	for (const { column, makes } of plans.values()) {
		if (!present.has(column) && !makes.every((name) => present.has(name))) throw unknown(column, [...present]);
		const taken = makes.find((name) => name !== column && present.has(name) && present.has(column));
		if (taken !== undefined) throw alreadyThere(taken, column);
	}
	const misfits: Misfit[] = [];
	const columns = table.columns.flatMap((column) => {
		const plan = plans.get(column.name);
		if (plan === undefined) return [column];
		const made = plan.apply(column);
		misfits.push(...made.misfits);
		return plan.kind === 'calendar' && keep.includes(column.name) ? [column, ...made.columns] : made.columns;
	});
	misfits.sort((a, b) => a.row - b.row);
	return { table: { rows: table.rows, columns }, misfits };
}

/** The raw columns that these columns are made of, each once, in their order. */
export function rawColumns(names: readonly string[], steps: readonly ParseStep[]): string[] {
	const sources = new Map(planParse(steps).flatMap(({ column, makes }) => makes.map((name) => [name, column])));
	return [...new Set(names.map((name) => sources.get(name) ?? name))];
}

function unknown(column: string, present: readonly string[]): PerchError {
	return new PerchError('unknown_column', `There is no column ${JSON.stringify(column)} to parse.`, {
		field: column,
		hint: knownColumns(present),
	});
}

function alreadyThere(name: string, column: string): PerchError {
	return new PerchError(
		'invalid_data',
		`Parsing ${JSON.stringify(column)} makes a column ${JSON.stringify(name)}, and there is one already.`,
		{ field: name, hint: 'Leave the step or that column out.' },
	);
}

/** Longer texts are prose, which no rule for numbers takes. */
const longestNumber = 200;

/** Reads a text by the first step that takes it; a plain number stays one, nothing and its usual words are NaN. */
function numberReader(steps: readonly ParseStep[]): ReadText {
	const rules = steps.map(readerOf);
	return (given) => {
		const text = given.trim();
		if (text === '' || noValues.includes(text) || text.toLowerCase() === 'nan') return Number.NaN;
		if (text.length > longestNumber) return { refused: `text of ${text.length} characters` };
		const reasons: string[] = [];
		for (const rule of rules) {
			const taken = rule(text);
			if (typeof taken !== 'number') reasons.push(taken.refused);
			else if (Number.isFinite(taken)) return taken;
			else reasons.push('a number that is too large');
		}
		return { refused: reasons.join(', ') };
	};
}

function readerOf(step: ParseStep): ReadText {
	const form = numberForm('decimal' in step ? step.decimal : '.');
	const plain = plainNumber(form);
	const rule = ruleOf(step, form);
	return (text) => plain(text) ?? rule(text);
}

function ruleOf(step: ParseStep, form: ReturnType<typeof numberForm>): ReadText {
	switch (step.as) {
		case 'range_mean':
			return rangeMean(form);
		case 'number_with_unit':
			return numberWithUnit(form, step.units);
		case 'number_in_text':
			return numberInText(form);
		case 'currency':
			return currency(form);
		case 'duration':
			return durationIn(step.unit);
		default:
			return () => ({ refused: `nothing that ${step.as} makes a number of` });
	}
}

/** Each word of a column is read once. */
function readWords(
	{ codes, dictionary, name }: StringColumn,
	read: ReadText,
): { values: Float64Array; misfits: Misfit[] } {
	const taken = dictionary.map(read);
	const values = new Float64Array(codes.length);
	const misfits: Misfit[] = [];
	for (let row = 0; row < codes.length; row++) {
		const code = codes[row] as number;
		const found: Taken = code < 0 ? Number.NaN : (taken[code] as Taken);
		values[row] = typeof found === 'number' ? found : Number.NaN;
		if (typeof found !== 'number') {
			misfits.push({ row, column: name, text: dictionary[code] as string, reason: found.refused });
		}
	}
	return { values, misfits };
}

function numbersOf(column: Column, read: ReadText): { columns: Column[]; misfits: Misfit[] } {
	if (column.kind === 'number') {
		const isTime = column.type === 'date' || column.type === 'timestamp';
		return isTime ? refuseAll(column, [column.name], `a ${column.type}`) : { columns: [column], misfits: [] };
	}
	const { values, misfits } = readWords(column, read);
	return { columns: [numberColumn(column.name, values)], misfits };
}

function calendarOf(column: Column, parts: readonly CalendarPart[], makes: readonly string[]) {
	if (column.kind === 'number' && column.type !== 'date' && column.type !== 'timestamp') {
		return refuseAll(column, makes, 'a number, and no date or time');
	}
	const { values, misfits } =
		column.kind === 'number' ? { values: column.values, misfits: [] } : readWords(column, readTime);
	return {
		columns: parts.map((part, index) =>
			numberColumn(
				makes[index] as string,
				values.map((time) => partOf(part, time)),
				'integer',
			),
		),
		misfits,
	};
}

function readTime(given: string): Taken {
	const text = given.trim();
	return text === '' || noValues.includes(text) ? Number.NaN : timeOf(text);
}

/** A column of a kind that the steps do not take: every cell that is not empty is a misfit. */
function refuseAll(column: Column, makes: readonly string[], reason: string): { columns: Column[]; misfits: Misfit[] } {
	const rows = column.kind === 'number' ? column.values.length : column.codes.length;
	const misfits: Misfit[] = [];
	for (let row = 0; row < rows; row++) {
		const cell = cellOf(column, row);
		if (cell !== null) misfits.push({ row, column: column.name, text: String(cell), reason });
	}
	return { columns: makes.map((name) => numberColumn(name, new Float64Array(rows).fill(Number.NaN))), misfits };
}

function tidyText(letters: 'keep' | 'lower' | 'upper'): (text: string) => string {
	return (text) => {
		const trimmed = text.trim().replaceAll(/\s+/g, ' ');
		return letters === 'keep' ? trimmed : letters === 'lower' ? trimmed.toLowerCase() : trimmed.toUpperCase();
	};
}

/** Text with one spelling a category; columns of numbers stay as they are. */
function tidied(column: Column, tidy: (text: string) => string): Column {
	if (column.kind === 'number') return column;
	const { words, codeOf } = wordList();
	const codes = column.dictionary.map((word) => {
		const text = tidy(word);
		return text === '' ? -1 : codeOf(text);
	});
	return { ...column, codes: column.codes.map((code) => codes[code] ?? -1), dictionary: words };
}
