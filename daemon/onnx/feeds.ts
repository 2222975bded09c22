/** From the columns of a table to the tensors that a graph is fed. */
import { Tensor } from 'onnxruntime-node';
import { type Column, columnOf, knownColumns, type NumberColumn, type Table } from '../data/table.ts';
import { PerchError } from '../protocol/errors.ts';
import { greatestFloat, type InputType, inputColumns, type ModelInput } from './description.ts';
import type { FusedInput } from './fuseInputs.ts';

/** One tensor that is fed, and the inputs of the model that lie side by side in it. */
export interface Feed {
	name: string;
	type: InputType;
	inputs: ModelInput[];
	/** Dimensions of the tensor: 1 for `[N]`, 2 for `[N, k]`. */
	rank: 1 | 2;
}

/** A row that the model cannot take, and why. */
export interface RejectedRow {
	row: number;
	reason: string;
}

/** What is fed for each input of a model, given those that were fused and the ranks of the others. */
export function planFeeds(
	inputs: readonly ModelInput[],
	fused: readonly FusedInput[],
	rankOf: (name: string) => number,
): Feed[] {
	const byName = new Map(inputs.map((input) => [input.name, input]));
	const feeds = fused.flatMap(({ name, inputs: names }): Feed[] => {
		const parts = names.flatMap((part) => byName.get(part) ?? []);
		for (const part of names) byName.delete(part);
		const [first] = parts;
		return first === undefined ? [] : [{ name, type: first.type, inputs: parts, rank: 2 }];
	});
	const single = [...byName.values()].map(
		(input): Feed => ({ name: input.name, type: input.type, inputs: [input], rank: rankOf(input.name) < 2 ? 1 : 2 }),
	);
	return [...feeds, ...single];
}

/** The values of one column of a feed, ready to be copied into tensors. */
type Source = { kind: 'number'; values: Float64Array } | { kind: 'text'; at: (row: number) => string };

export interface BoundFeed {
	feed: Feed;
	sources: Source[];
}

/**
 * Finds the columns of each feed: by name, and for inputs with several columns all columns of their kind in their order.
 * Throws `unknown_column` for one that is missing and `invalid_data` for one that can never fit; cells that do not fit
 * are reported by row.
 */
export function bindFeeds(feeds: readonly Feed[], table: Table, reject: (row: RejectedRow) => void): BoundFeed[] {
	const named = new Set(
		feeds.flatMap(({ inputs }) => inputs.filter(({ width }) => width === 1).map(({ name }) => name)),
	);
	return feeds.map((feed) => ({
		feed,
		sources: feed.inputs.flatMap((input) =>
			columnsOf(table, input, named).map((column) => sourceOf(column, input.type, reject)),
		),
	}));
}

function columnsOf(table: Table, input: ModelInput, named: ReadonlySet<string>): Column[] {
	const { name, type, width } = input;
	if (width === 1) return [columnOf(table, name)];
	const own = ownColumns(table, input);
	if (own !== null) return own;
	const kind = type === 'string' ? 'string' : 'number';
	const fitting = table.columns.filter((column) => column.kind === kind && !isTime(column) && !named.has(column.name));
	if (fitting.length < (width ?? 1)) {
		const what = kind === 'string' ? 'text' : 'numeric';
		throw new PerchError(
			'invalid_data',
			`The model takes ${width ?? 'some'} ${what} columns, and the data has ${fitting.length}.`,
			{ field: name, hint: knownColumns(table.columns.map((column) => column.name)) },
		);
	}
	return fitting.slice(0, width ?? fitting.length);
}

/** The columns that bear the name of a wide input with their places; null where one is missing. */
function ownColumns(table: Table, input: ModelInput): Column[] | null {
	const byName = new Map(table.columns.map((column) => [column.name, column]));
	const own = inputColumns(input).flatMap((name) => byName.get(name) ?? []);
	return own.length > 0 && own.length === input.width ? own : null;
}

function isTime(column: Column): boolean {
	return column.type === 'date' || column.type === 'timestamp';
}

function sourceOf(column: Column, type: InputType, reject: (row: RejectedRow) => void): Source {
	if (type === 'string') return { kind: 'text', at: textOf(column) };
	if (isTime(column)) {
		throw new PerchError(
			'invalid_data',
			`Column ${JSON.stringify(column.name)} holds a ${column.type}, the model takes a number.`,
			{
				field: column.name,
				hint: 'Give the same numbers that the model was trained on.',
			},
		);
	}
	const values = column.kind === 'number' ? column.values : parsed(column, reject);
	if (type === 'float') rejectBeyondFloat(column.name, values, reject);
	else if (type !== 'double') rejectBroken(column.name, values, type, reject);
	return { kind: 'number', values };
}

/** The text of a cell as one-hot encoding knows it: numbers as they are written, booleans as true and false, null as ''. */
export function textOf(column: Column): (row: number) => string {
	if (column.kind === 'string') {
		const { codes, dictionary } = column;
		// The runtime ends a text at its first zero byte, where it could become another category.
		const words = dictionary.map((word) => (word.includes('\0') ? word.replaceAll('\0', '\ufffd') : word));
		return (row) => words[codes[row] as number] ?? '';
	}
	const { values, type } = column;
	return (row) => {
		const value = values[row] as number;
		if (Number.isNaN(value)) return '';
		return type === 'boolean' ? String(value !== 0) : isTime(column) ? new Date(value).toISOString() : String(value);
	};
}

/** Text read as numbers: true and false are 1 and 0, nothing is null, anything else rejects its row. */
function parsed(column: Extract<Column, { kind: 'string' }>, reject: (row: RejectedRow) => void): Float64Array {
	const numbers = column.dictionary.map((word) => {
		const text = word.trim().toLowerCase();
		if (text === '' || text === 'nan') return Number.NaN;
		if (text === 'true' || text === 'false') return +(text === 'true');
		const number = Number(text);
		return Number.isNaN(number) ? null : number;
	});
	const { codes, dictionary, name } = column;
	const values = new Float64Array(codes.length);
	for (let row = 0; row < codes.length; row++) {
		const code = codes[row] as number;
		const number = code < 0 ? Number.NaN : (numbers[code] ?? null);
		values[row] = number ?? Number.NaN;
		if (number === null) {
			reject({ row, reason: `${name}: ${JSON.stringify(shortened(dictionary[code]))} is not a number` });
		}
	}
	return values;
}

function shortened(word = ''): string {
	return word.length > 40 ? `${word.slice(0, 37)}...` : word;
}

/** In float32 they would be infinite, which is no value. */
function rejectBeyondFloat(name: string, values: Float64Array, reject: (row: RejectedRow) => void): void {
	for (let row = 0; row < values.length; row++) {
		const value = values[row] as number;
		if (value > greatestFloat || value < -greatestFloat)
			reject({ row, reason: `${name}: is ${value}, and the model takes numbers of up to 3.4e38` });
	}
}

/** Whole numbers and booleans have no way to say null. */
function rejectBroken(name: string, values: Float64Array, type: InputType, reject: (row: RejectedRow) => void): void {
	for (let row = 0; row < values.length; row++) {
		const value = values[row] as number;
		if (Number.isSafeInteger(value)) continue;
		const found = Number.isNaN(value) ? 'is empty' : `is ${value}`;
		reject({
			row,
			reason: `${name}: ${found}, and the model takes ${type === 'bool' ? 'true or false' : 'whole numbers'}`,
		});
	}
}

/** The tensor of a feed for the rows `from` to `to` (exclusive). */
export function tensorOf({ feed, sources }: BoundFeed, from: number, to: number): Tensor {
	const rows = to - from;
	const width = sources.length;
	const dims = feed.rank === 1 ? [rows] : [rows, width];
	const size = rows * width;
	if (feed.type === 'string') {
		const words = new Array<string>(size);
		sources.forEach((source, column) => {
			for (let row = 0; row < rows; row++)
				words[row * width + column] = source.kind === 'text' ? source.at(from + row) : '';
		});
		return new Tensor('string', words, dims);
	}
	const columns = sources.map((source) => (source.kind === 'number' ? source.values : new Float64Array(rows)));
	switch (feed.type) {
		case 'float':
			return new Tensor('float32', interleave(new Float32Array(size), columns, from, rows), dims);
		case 'double':
			return new Tensor('float64', interleave(new Float64Array(size), columns, from, rows), dims);
		case 'int32':
			return new Tensor('int32', interleave(new Int32Array(size), columns, from, rows), dims);
		case 'bool':
			return new Tensor('bool', interleave(new Uint8Array(size), columns, from, rows), dims);
		case 'int64': {
			const whole = interleave(new Float64Array(size), columns, from, rows);
			const values = new BigInt64Array(size);
			for (let at = 0; at < size; at++) {
				const value = whole[at] as number;
				values[at] = Number.isSafeInteger(value) ? BigInt(value) : 0n;
			}
			return new Tensor('int64', values, dims);
		}
	}
}

function interleave<A extends Float32Array | Float64Array | Int32Array | Uint8Array>(
	target: A,
	columns: readonly NumberColumn['values'][],
	from: number,
	rows: number,
): A {
	const width = columns.length;
	for (let column = 0; column < width; column++) {
		const values = columns[column] as Float64Array;
		for (let row = 0, at = column; row < rows; row++, at += width) target[at] = values[from + row] as number;
	}
	return target;
}
