/** From DuckDB's vectors to columns, by their bytes: no row objects, no value objects. */
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { ColumnType } from '../protocol/datasets.ts';
import { PerchError } from '../protocol/errors.ts';
import { type Column, sliceRows, type Table, wordList } from './table.ts';

/** A column to be read: its SQL expression gives DOUBLE for numbers (milliseconds for times), else VARCHAR. */
export interface PlannedColumn {
	name: string;
	type: ColumnType;
	sql: string;
}

export function isText(type: ColumnType): boolean {
	return type === 'string' || type === 'other';
}

type Vector = ReturnType<typeof duckdb.data_chunk_get_vector>;
type Validity = Uint8Array | null;
type Fill = (vector: Vector, validity: Validity, at: number, count: number) => void;

/**
 * Reads the planned columns of `from` into typed arrays of `rows` rows, in the order of the source.
 * Throws `invalid_data` when the source holds fewer or more rows by now.
 */
export async function readColumns(
	connection: DuckDBConnection,
	planned: readonly PlannedColumn[],
	from: string,
	rows: number,
): Promise<Table> {
	const columns = columnsFor(planned, rows);
	const result = await streamOf(connection, planned, from);
	let at = 0;
	for (;;) {
		const chunk = await result.fetchChunk();
		const count = chunk?.rowCount ?? 0;
		if (chunk === null || count === 0 || at + count > rows) {
			at += count;
			break;
		}
		fillAll(columns, chunk, at);
		at += count;
	}
	if (at !== rows) throw changedMeanwhile(at, rows);
	return { rows, columns: columns.map(({ column }) => column) };
}

/**
 * Reads the planned columns in blocks of at most `rowsAtOnce` rows, at least the 2,048 of DuckDB's own chunks, in the
 * order of the source. Each block has memory and dictionaries of its own.
 */
export async function* readBlocks(
	connection: DuckDBConnection,
	planned: readonly PlannedColumn[],
	from: string,
	rowsAtOnce: number,
): AsyncGenerator<Table> {
	const result = await streamOf(connection, planned, from);
	const size = Math.max(rowsAtOnce, longestChunk);
	let columns = columnsFor(planned, size);
	let at = 0;
	for (;;) {
		const chunk = await result.fetchChunk();
		const count = chunk?.rowCount ?? 0;
		if (at > 0 && (count === 0 || at + count > size)) {
			yield sliceRows({ rows: size, columns: columns.map(({ column }) => column) }, 0, at);
			columns = columnsFor(planned, size);
			at = 0;
		}
		if (chunk === null || count === 0) return;
		fillAll(columns, chunk, at);
		at += count;
	}
}

/** DuckDB's chunks hold at most so many rows. */
const longestChunk = 2048;

/** The error of a file that held another number of rows when it was looked at first. */
export function changedMeanwhile(found: number, counted: number): PerchError {
	return new PerchError('invalid_data', `${found} rows were read where ${counted} were counted before.`, {
		hint: 'The file changed while it was being read; try again.',
	});
}

interface Filled {
	column: Column;
	fill: Fill;
}

function columnsFor(planned: readonly PlannedColumn[], rows: number): Filled[] {
	return planned.map((plan) => (isText(plan.type) ? textColumn(plan, rows) : numbersColumn(plan, rows)));
}

async function streamOf(connection: DuckDBConnection, planned: readonly PlannedColumn[], from: string) {
	const list = planned.map(({ sql }) => sql).join(', ');
	return await connection.stream(`SELECT ${list === '' ? '0' : list} FROM ${from}`);
}

function fillAll(columns: readonly Filled[], { chunk, rowCount }: DuckDBDataChunk, at: number): void {
	columns.forEach(({ fill }, index) => {
		const vector = duckdb.data_chunk_get_vector(chunk, index);
		fill(vector, duckdb.vector_get_validity(vector, Math.ceil(rowCount / 64) * 8), at, rowCount);
	});
}

function isNull(validity: Uint8Array, row: number): boolean {
	return ((validity[row >> 3] as number) & (1 << (row & 7))) === 0;
}

function numbersColumn({ name, type }: PlannedColumn, rows: number): Filled {
	const values = new Float64Array(rows);
	return {
		column: { kind: 'number', name, type, values },
		fill(vector, validity, at, count) {
			const bytes = duckdb.vector_get_data(vector, count * 8);
			const found = new Float64Array(bytes.buffer, bytes.byteOffset, count);
			values.set(found, at);
			if (holdsOdd(found)) {
				// An infinity has no place in a mean or a distance: like NaN it counts as no value.
				for (let row = at; row < at + count; row++) {
					if (!Number.isFinite(values[row])) values[row] = Number.NaN;
				}
			}
			if (validity === null) return;
			for (let row = 0; row < count; row++) {
				if (isNull(validity, row)) values[at + row] = Number.NaN;
			}
		},
	};
}

/** Whether there is a NaN or an infinity among them: either makes the sum of all differences from itself NaN. */
function holdsOdd(values: Float64Array): boolean {
	let sum = 0;
	for (let row = 0; row < values.length; row++) sum += (values[row] as number) - (values[row] as number);
	return sum !== 0;
}

const slots = 4096;
const inlined = 12;

/**
 * DuckDB keeps a text of up to 12 bytes in the 16 bytes of its vector's element, behind its length. Those four words are
 * the key of a small cache in which most cells of a categorical column are found without making a string of them.
 */
function textColumn({ name, type }: PlannedColumn, rows: number): Filled {
	const codes = new Int32Array(rows);
	const { words, codeOf } = wordList();
	const keys = new Int32Array(slots * 4);
	const known = new Int32Array(slots).fill(-1);
	return {
		column: { kind: 'string', name, type, codes, dictionary: words },
		fill(vector, validity, at, count) {
			const bytes = duckdb.vector_get_data(vector, count * 16);
			const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
			const parts = new Int32Array(bytes.buffer, bytes.byteOffset, count * 4);
			for (let row = 0; row < count; row++) {
				if (validity !== null && isNull(validity, row)) {
					codes[at + row] = -1;
					continue;
				}
				const length = parts[4 * row] as number;
				if (length > inlined) {
					const data = duckdb.get_data_from_pointer(
						bytes.buffer as ArrayBuffer,
						bytes.byteOffset + 16 * row + 8,
						length,
					);
					codes[at + row] = codeOf(Buffer.from(data.buffer, data.byteOffset, length).toString());
					continue;
				}
				const a = parts[4 * row + 1] as number;
				const b = parts[4 * row + 2] as number;
				const c = parts[4 * row + 3] as number;
				const hash = Math.imul(
					length ^ Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35),
					0x27d4eb2f,
				);
				const slot = hash >>> 20;
				const key = 4 * slot;
				let code = known[slot] as number;
				if (code < 0 || keys[key] !== length || keys[key + 1] !== a || keys[key + 2] !== b || keys[key + 3] !== c) {
					const start = 16 * row + 4;
					code = codeOf(buffer.toString('utf8', start, start + length));
					keys.set([length, a, b, c], key);
					known[slot] = code;
				}
				codes[at + row] = code;
			}
		},
	};
}
