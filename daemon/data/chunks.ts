/** From DuckDB's vectors to columns, by their bytes: no row objects, no value objects. */
import type { DuckDBConnection } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { ColumnType } from '../protocol/datasets.ts';
import { PerchError } from '../protocol/errors.ts';
import { type Column, type Table, wordList } from './table.ts';

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
	const columns = planned.map((plan) => (isText(plan.type) ? textColumn(plan, rows) : numbersColumn(plan, rows)));
	const list = planned.map(({ sql }) => sql).join(', ');
	const result = await connection.stream(`SELECT ${list === '' ? '0' : list} FROM ${from}`);
	let at = 0;
	for (;;) {
		const chunk = await result.fetchChunk();
		const count = chunk?.rowCount ?? 0;
		if (chunk === null || count === 0 || at + count > rows) {
			at += count;
			break;
		}
		columns.forEach(({ fill }, index) => {
			const vector = duckdb.data_chunk_get_vector(chunk.chunk, index);
			fill(vector, duckdb.vector_get_validity(vector, Math.ceil(count / 64) * 8), at, count);
		});
		at += count;
	}
	if (at !== rows) {
		throw new PerchError('invalid_data', `${at} rows were read where ${rows} were counted before.`, {
			hint: 'The file changed while it was being read; try again.',
		});
	}
	return { rows, columns: columns.map(({ column }) => column) };
}

function isNull(validity: Uint8Array, row: number): boolean {
	return ((validity[row >> 3] as number) & (1 << (row & 7))) === 0;
}

function numbersColumn({ name, type }: PlannedColumn, rows: number): { column: Column; fill: Fill } {
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
function textColumn({ name, type }: PlannedColumn, rows: number): { column: Column; fill: Fill } {
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
