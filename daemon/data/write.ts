/** Tables as files, whole or not at all: written beside the target and renamed. */
import { open, rename, rm } from 'node:fs/promises';
import { DOUBLE, type DuckDBConnection, DuckDBDataChunk, VARCHAR } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { ColumnType } from '../protocol/datasets.ts';
import { PerchError } from '../protocol/errors.ts';
import { quoteName, quoteText, throwIfDiskFull, withDuckdb } from './duckdb.ts';
import { type Column, isoTime, type NumberColumn, type StringColumn, type Table } from './table.ts';
import { naming } from './writeBeside.ts';

/**
 * Writes a `.csv` (RFC 4180, UTF-8, a header, ISO 8601 times, null as nothing) or `.parquet` file (Snappy), replacing
 * what was there. Throws `unsupported_format`, and `disk_full` with nothing left behind.
 */
export async function writeTable(table: Table, path: string): Promise<void> {
	const kind = /\.(csv|parquet)$/i.exec(path)?.[1]?.toLowerCase();
	if (kind === undefined) {
		throw new PerchError('unsupported_format', `${path} is not of a kind that Perch writes.`, {
			file: path,
			hint: 'Name a .csv or .parquet file.',
		});
	}
	const beside = `${path}.${process.pid}.part`;
	try {
		// DuckDB says in words of its own what it may not open; the system says it by a code.
		await (await open(beside, 'w')).close();
		await (kind === 'csv' ? writeCsv(table, beside) : writeParquet(table, beside));
		await rename(beside, path);
	} catch (error) {
		await rm(beside, { force: true });
		throwIfDiskFull(error, path);
		throw naming(path, error);
	}
}

const rowsAtOnce = 8192;

async function writeCsv(table: Table, path: string): Promise<void> {
	const file = await open(path, 'w');
	try {
		await file.write(csvHeader(table));
		for (const text of csvRows(table)) await file.write(text);
	} finally {
		await file.close();
	}
}

/** The first line of a CSV file. */
export function csvHeader({ columns }: Table): string {
	return `${columns.map(({ name }) => csvText(name, true)).join(',')}\n`;
}

/** The other lines, some thousands at a time. */
export function* csvRows(table: Table): Generator<string> {
	const cells = table.columns.map(csvCells);
	for (let start = 0; start < table.rows; start += rowsAtOnce) {
		const end = Math.min(table.rows, start + rowsAtOnce);
		let text = '';
		for (let row = start; row < end; row++) {
			text += cells[0]?.(row) ?? '';
			for (let column = 1; column < cells.length; column++) text += `,${(cells[column] as CsvCells)(row)}`;
			text += '\n';
		}
		yield text;
	}
}

type CsvCells = (row: number) => string;

function csvCells(column: Column): CsvCells {
	if (column.kind === 'string') {
		const words = column.dictionary.map((word) => csvText(word));
		return (row) => words[column.codes[row] as number] ?? '';
	}
	const { values } = column;
	const shown = numberText(column.type);
	return (row) => {
		const value = values[row] as number;
		return Number.isNaN(value) ? '' : shown(value);
	};
}

function numberText(type: ColumnType): (value: number) => string {
	if (type === 'boolean') return (value) => (value === 0 ? 'false' : 'true');
	if (type === 'date') return (value) => isoTime(value).slice(0, 10);
	if (type === 'timestamp') return isoTime;
	// Without an exponent a reader takes larger whole numbers for identifiers.
	return (value) => (Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value));
}

/** Quotes what a reader would divide, or take for a blank line. */
function csvText(text: string, header = false): string {
	return /[",\r\n]/.test(text) || (header && text === '') ? `"${text.replaceAll('"', '""')}"` : text;
}

async function writeParquet(table: Table, path: string): Promise<void> {
	await withDuckdb(async (connection) => {
		const name = 'written';
		try {
			const rows = await loadTable(connection, name, table);
			await connection.run(`COPY (${rows}) TO ${quoteText(path)} (FORMAT parquet)`);
		} finally {
			await connection.run(`DROP TABLE IF EXISTS ${name}`);
		}
	});
}

/** Puts a table into a temporary one of DuckDB; returns the query of its rows with their names and types. */
export async function loadTable(connection: DuckDBConnection, name: string, table: Table): Promise<string> {
	const columns = table.columns.map((column, index) => `c${index} ${column.kind === 'number' ? 'DOUBLE' : 'VARCHAR'}`);
	await connection.run(`CREATE OR REPLACE TEMP TABLE ${name} (${columns.join(', ')})`);
	await appendTable(connection, name, table);
	const list = table.columns.map((column, index) => `${storedAs(column, `c${index}`)} AS ${quoteName(column.name)}`);
	return `SELECT ${list.join(', ')} FROM ${name}`;
}

function storedAs(column: Column, text: string): string {
	if (column.kind === 'string') return text;
	const value = `nullif(${text}, 'NaN'::DOUBLE)`;
	if (column.type === 'integer') return `CAST(${value} AS BIGINT)`;
	if (column.type === 'boolean') return `CAST(${value} AS BOOLEAN)`;
	if (column.type === 'date' || column.type === 'timestamp') {
		const time = `make_timestamp(CAST(round(${value} * 1000) AS BIGINT))`;
		return column.type === 'date' ? `CAST(${time} AS DATE)` : time;
	}
	return value;
}

/** DuckDB's vectors hold this many elements. */
const chunkRows = 2048;

/** Adds rows to a table of DuckDB that `loadTable` made of rows with the same columns. */
export async function appendTable(connection: DuckDBConnection, name: string, table: Table): Promise<void> {
	const appender = await connection.createAppender(name);
	const types = table.columns.map((column) => (column.kind === 'number' ? DOUBLE : VARCHAR));
	for (let start = 0; start < table.rows; start += chunkRows) {
		const count = Math.min(chunkRows, table.rows - start);
		const chunk = DuckDBDataChunk.create(types, count);
		table.columns.forEach((column, index) => {
			if (column.kind === 'number') copyNumbers(chunk, index, column, start, count);
			else chunk.setColumnValues(index, texts(column, start, count));
		});
		appender.appendDataChunk(chunk);
	}
	appender.closeSync();
}

function copyNumbers(
	chunk: DuckDBDataChunk,
	index: number,
	{ values }: NumberColumn,
	start: number,
	count: number,
): void {
	const vector = duckdb.data_chunk_get_vector(chunk.chunk, index);
	const part = values.slice(start, start + count);
	duckdb.copy_data_to_vector(vector, 0, part.buffer, 0, part.byteLength);
}

function texts({ codes, dictionary }: StringColumn, start: number, count: number): (string | null)[] {
	return Array.from(codes.subarray(start, start + count), (code) => dictionary[code] ?? null);
}
