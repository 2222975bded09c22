/** From the body of a request to the table that the model takes. */
import { type ColumnParse, planParse } from '../data/parse/parseColumns.ts';
import { type Column, numberColumn, stringColumn, type Table, takeRows } from '../data/table.ts';
import { featuresOfEachRow } from '../data/window.ts';
import {
	greatestFloat,
	type InputType,
	inputColumns,
	type ModelDescription,
	rowsOfSeries,
} from '../onnx/description.ts';
import { PerchError } from '../protocol/errors.ts';
import type { WindowSection } from '../protocol/project/data.ts';

/** A value that callers send for each row. */
export interface Field {
	name: string;
	type: InputType;
	/** Text of it is parsed, as it was in training; a field that becomes numbers may also be one. */
	parse?: ColumnParse;
}

/** What rows look like for a model. */
export interface RowForm {
	/** In the order of bare rows. */
	inputs: Field[];
	/** An input that takes any number of columns: bare rows alone, all equally long. */
	openInput: Field | null;
	/** How rows of a series become inputs; null for a plain table. */
	series: { window: WindowSection; columns: Field[] } | null;
}

/** The rows of a request, as the model takes them. */
export interface ParsedRows {
	/** Rows in the request. */
	rows: number;
	table: Table;
	/** The row of the request for each row of the table; null when they are the same. */
	origin: Uint32Array | null;
}

/**
 * The rows that the log keeps, to be held against those of the training: of a model that takes windows as they are the row
 * that each ends with, under the names of the raw columns; of others what the model takes.
 */
export function loggedRows(
	{ table }: ParsedRows,
	{ inputs, window }: Pick<ModelDescription, 'inputs' | 'window'>,
): Table {
	if (window === null || inputs.every(({ width }) => width === 1)) return table;
	const columns = inputs.flatMap((input): Column[] => {
		const newest = table.columns.find(({ name }) => name === inputColumns(input).at(-1));
		return newest === undefined ? [] : [{ ...newest, name: input.name }];
	});
	return { rows: table.rows, columns };
}

/** Bounds of one request. */
export const limits = { rows: 100_000, cells: 10_000_000 } as const;

/** What callers of this model send. An input of several columns becomes fields `name_0`, `name_1`, ... */
export function rowForm({ inputs, window, columns, parse }: FormDescription): RowForm {
	const open = inputs.find(({ width }) => width === null) ?? null;
	const ready = inputs.flatMap((input): Field[] => inputColumns(input).map((name) => ({ name, type: input.type })));
	const series = rowsOfSeries({ inputs, columns }).map(
		({ name, type }): Field => ({ name, type: type === 'string' ? type : 'double' }),
	);
	return {
		inputs: window === null ? rawFields(ready, parse) : ready,
		openInput: open,
		series: window === null ? null : { window, columns: rawFields(series, parse) },
	};
}

type FormDescription = Pick<ModelDescription, 'inputs' | 'window' | 'columns' | 'parse'>;

/** What callers send for these columns: text where they are parsed of it. */
function rawFields(fields: readonly Field[], steps: ModelDescription['parse']): Field[] {
	const plans = planParse(steps);
	const raw = fields.map((field): Field => {
		const plan = plans.find(({ makes }) => makes.includes(field.name));
		return plan === undefined ? field : { name: plan.column, type: 'string', parse: plan };
	});
	return raw.filter(({ name }, index) => raw.findIndex((field) => field.name === name) === index);
}

/**
 * Reads `{"data": [...]}`, a list of rows, or one row as an object. A row is a list of values in the order of the inputs
 * or an object with their names; for a model of windows it may also be a raw row of one series, in order.
 * Throws `invalid_data` naming row, field, what was found and what would be right.
 */
export function parseRows(body: unknown, form: RowForm): ParsedRows {
	const { rows, at } = rowsOf(body);
	if (rows.length === 0) throw complaint('The request has no rows.', 'data', shapeHint(form));
	if (rows.length > limits.rows) {
		throw complaint(`The request has ${rows.length} rows.`, 'data', `Send at most ${limits.rows} at a time.`);
	}
	const { fields, raw } = fieldsOf(rows[0], form, at);
	if (rows.length * fields.length > limits.cells) {
		throw complaint(
			`The request has ${rows.length * fields.length} values.`,
			'data',
			`Send at most ${limits.cells} at a time.`,
		);
	}
	const table: Table = {
		rows: rows.length,
		columns: fields.flatMap((field, place) => readColumns(rows, field, place, fields, at)),
	};
	return raw && form.series !== null ? windowed(table, form.series.window) : { rows: rows.length, table, origin: null };
}

/** The value of a column in the first row, for routing; null where there is none. */
export function keyOf(body: unknown, column: string, form: RowForm): string | null {
	const { rows } = rowsOf(body);
	const [row] = rows;
	if (Array.isArray(row)) {
		const place = form.inputs.findIndex(({ name }) => name === column);
		return asKey(place < 0 ? undefined : row[place]);
	}
	return asKey(fieldOf(row, column));
}

function asKey(value: unknown): string | null {
	return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** How a row is named in messages, by its number from 0. */
type Place = (row: number) => { words: string; path: string };

function rowsOf(body: unknown): { rows: readonly unknown[]; at: Place } {
	const list = (prefix: string) => (row: number) => ({ words: `Row ${row + 1}`, path: `${prefix}[${row}]` });
	if (Array.isArray(body)) return { rows: body, at: list('') };
	const data = fieldOf(body, 'data');
	if (Array.isArray(data)) return { rows: data, at: list('data') };
	if (typeof body === 'object' && body !== null) return { rows: [body], at: () => ({ words: 'The row', path: '' }) };
	throw complaint(
		body === undefined ? 'The request has no body.' : `The body is ${shown(body)}.`,
		'data',
		'Send {"data": [[...], ...]}, a list of rows, or one row as an object.',
	);
}

function fieldOf(row: unknown, name: string): unknown {
	return typeof row === 'object' && row !== null && Object.hasOwn(row, name)
		? (row as Record<string, unknown>)[name]
		: undefined;
}

/** What the first row shows of all: ready inputs, or the raw columns of a series. */
function fieldsOf(row: unknown, form: RowForm, at: Place): { fields: Field[]; raw: boolean } {
	const { inputs, openInput, series } = form;
	if (Array.isArray(row)) {
		if (openInput !== null && row.length > inputs.length) {
			const more = Array.from({ length: row.length - inputs.length }, (_, index) => ({
				name: `${openInput.name}_${index}`,
				type: openInput.type,
			}));
			return { fields: [...inputs, ...more], raw: false };
		}
		if (row.length === inputs.length) return { fields: inputs, raw: false };
		if (series !== null && row.length === series.columns.length) return { fields: series.columns, raw: true };
		throw complaint(`${at(0).words} has ${counted(row.length, 'value')}.`, at(0).path, shapeHint(form));
	}
	if (typeof row !== 'object' || row === null) {
		throw complaint(`${at(0).words} is ${shown(row)}.`, at(0).path, 'A row is a list of values or an object.');
	}
	if (openInput !== null)
		throw complaint('This model takes bare rows alone.', at(0).path, 'Send {"data": [[...], ...]}.');
	const holds = (fields: readonly Field[]) => fields.every(({ name }) => Object.hasOwn(row, name));
	if (series !== null && !holds(inputs) && series.columns.some(({ name }) => Object.hasOwn(row, name))) {
		return { fields: series.columns, raw: true };
	}
	return { fields: inputs, raw: false };
}

function readColumns(
	rows: readonly unknown[],
	field: Field,
	place: number,
	fields: readonly Field[],
	at: Place,
): Column[] {
	const { parse } = field;
	if (parse === undefined) return [readColumn(rows, field, place, fields, at)];
	const cells = rows.map((row, index) => cellOf(row, index, field, place, fields, at));
	const ready = parse.kind === 'numbers' ? cells.map((cell) => (Number.isFinite(cell) ? (cell as number) : null)) : [];
	const texts = cells.map((cell, row) => ((ready[row] ?? null) === null ? readText(cell, row, field, at) : null));
	const { columns, misfits } = parse.apply(stringColumn(field.name, texts));
	const [misfit] = misfits;
	if (misfit !== undefined) {
		const { words, path } = at(misfit.row);
		throw complaint(
			`${words}, ${JSON.stringify(field.name)}: found ${shown(cells[misfit.row])}: ${misfit.reason}.`,
			fieldPath(path, field.name),
			'Send text as it stood in the training data, or null.',
		);
	}
	const [numbers] = columns;
	ready.forEach((value, row) => {
		if (value !== null && numbers?.kind === 'number') numbers.values[row] = value;
	});
	return columns;
}

function readColumn(
	rows: readonly unknown[],
	field: Field,
	place: number,
	fields: readonly Field[],
	at: Place,
): Column {
	if (field.type === 'string') {
		return stringColumn(
			field.name,
			rows.map((row, index) => readText(cellOf(row, index, field, place, fields, at), index, field, at)),
		);
	}
	const values = new Float64Array(rows.length);
	for (let index = 0; index < rows.length; index++) {
		const cell = cellOf(rows[index], index, field, place, fields, at);
		values[index] = typeof cell === 'number' && fits(cell, field.type) ? cell : readNumber(cell, index, field, at);
	}
	return numberColumn(field.name, values);
}

function cellOf(
	row: unknown,
	index: number,
	field: Field,
	place: number,
	fields: readonly Field[],
	at: Place,
): unknown {
	if (Array.isArray(row)) {
		if (row.length === fields.length) return row[place];
		throw complaint(
			`${at(index).words} has ${counted(row.length, 'value')}, the first has ${fields.length}.`,
			at(index).path,
			inOrder(fields),
		);
	}
	if (typeof row !== 'object' || row === null) {
		throw complaint(`${at(index).words} is ${shown(row)}.`, at(index).path, 'A row is a list of values or an object.');
	}
	if (Object.hasOwn(row, field.name)) return (row as Record<string, unknown>)[field.name];
	throw complaint(
		`${at(index).words} has no ${JSON.stringify(field.name)}.`,
		fieldPath(at(index).path, field.name),
		`A row needs ${listed(fields)}; send null for a value that is not known.`,
	);
}

/** Text inputs take numbers and booleans as they are written, as training did. */
function readText(cell: unknown, index: number, field: Field, at: Place): string | null {
	if (cell === null || typeof cell === 'string') return cell;
	if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
	throw misfit(cell, index, field, at, 'text');
}

function fits(value: number, type: InputType): boolean {
	switch (type) {
		case 'float':
			return Math.abs(value) <= greatestFloat;
		case 'int64':
			return Number.isSafeInteger(value);
		case 'int32':
			return (value | 0) === value;
		case 'bool':
			return value === 0 || value === 1;
		default:
			return Number.isFinite(value);
	}
}

function readNumber(cell: unknown, index: number, field: Field, at: Place): number {
	if (typeof cell === 'boolean') return +cell;
	const nullable = field.type === 'float' || field.type === 'double';
	if (cell === null && nullable) return Number.NaN;
	const wanted = {
		float: 'a number of up to 3.4e38',
		double: 'a number',
		int64: 'a whole number of up to 2^53',
		int32: 'a whole number of up to 2^31',
		bool: 'true or false',
		string: 'text',
	}[field.type];
	throw misfit(cell, index, field, at, `${wanted}${nullable ? ', or null' : ''}`);
}

function misfit(cell: unknown, index: number, field: Field, at: Place, wanted: string): PerchError {
	const { words, path } = at(index);
	return complaint(
		`${words}, ${JSON.stringify(field.name)}: found ${shown(cell)}.`,
		fieldPath(path, field.name),
		`Send ${wanted}.`,
	);
}

function fieldPath(row: string, name: string): string {
	return row === '' ? name : `${row}.${name}`;
}

/** Rows of series as the features of the windows that end there; those before the first full window are left out. */
function windowed(table: Table, window: WindowSection): ParsedRows {
	// Windows are cut of numbers: text is the key of a series.
	const keys = table.columns.filter(({ kind }) => kind === 'string');
	const columns = table.columns.flatMap(({ kind, name }) => (kind === 'number' ? [name] : []));
	const places = window.features === 'raw' ? window.size : window.features.length;
	const cells = Math.max(0, table.rows - window.size + 1) * places * columns.length;
	if (cells > limits.cells) {
		throw complaint(
			`The windows of the request have ${cells} values.`,
			'data',
			`Send fewer rows at a time: their windows may have ${limits.cells} values.`,
		);
	}
	const { features, complete } = featuresOfEachRow(table, window, { columns, key: keys[0]?.name });
	const origin = Uint32Array.from({ length: table.rows }, (_, row) => row).filter((row) => complete[row] === 1);
	const ready = { rows: table.rows, columns: [...features.columns, ...keys] };
	return { rows: table.rows, table: takeRows(ready, origin), origin };
}

function shapeHint({ inputs, openInput, series }: RowForm): string {
	const bare =
		openInput === null
			? `A row has ${counted(inputs.length, 'value')}: ${inOrder(inputs)}`
			: 'A row is a list of numbers.';
	return series === null ? bare : `${bare} Or send raw rows of one series: ${inOrder(series.columns)}`;
}

function inOrder(fields: readonly Field[]): string {
	return `${listed(fields)}, in this order.`;
}

function listed(fields: readonly Field[]): string {
	const names = fields.slice(0, 30).map(({ name }) => name);
	return fields.length > names.length
		? `${names.join(', ')} and ${fields.length - names.length} more`
		: names.join(', ');
}

function counted(count: number, what: string): string {
	return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function shown(value: unknown): string {
	const text =
		value === undefined ? 'nothing' : typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? '');
	return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function complaint(message: string, field: string, hint: string): PerchError {
	return new PerchError('invalid_data', message, { ...(field !== '' && { field }), hint });
}
