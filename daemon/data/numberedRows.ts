/** A file's rows with their numbers, to be asked many times over without reading it into memory. */
import { randomUUID } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { PlannedColumn } from './chunks.ts';
import { quotePath, quoteText, throwIfDiskFull } from './duckdb.ts';
import type { Source } from './rowSource.ts';

/** `from` has a column for each part of the planned SQL, and the 0-based number of the row in the file under `row`. */
export interface NumberedRows {
	from: string;
	row: string;
	planned: PlannedColumn[];
}

const row = 'file_row_number';

/** Parquet names all of its columns for every question: a table with more of them is held by DuckDB, where it is small. */
const manyColumns = 500;
const mostCells = 8_000_000;

/**
 * A Parquet file is asked as it stands, unless it has very many columns. Of the others a Parquet copy is written to `copy` first: they would be parsed
 * again for each question, and keep no numbers of their rows. With `keepCells` the copy holds the cells of a CSV file
 * as their text, so that those which do not fit their column can be told; without it, and for JSON, the values as planned.
 */
export async function numberRows(
	connection: DuckDBConnection,
	{ format, from, planned, rows }: Source,
	{ copy, keepCells = false }: { copy: string; keepCells?: boolean },
): Promise<NumberedRows> {
	const wide = !keepCells && planned.length >= manyColumns && planned.length * rows <= mostCells;
	if (!wide && format === 'parquet' && !planned.some(({ name }) => name.toLowerCase() === row)) {
		return { from: from.replace(/\)$/, `, ${row} = true)`), row, planned };
	}
	const cells = keepCells && format === 'csv';
	const values = planned.map(({ sql }, index) => `${sql} AS v${index}`).join(', ');
	const numbered = planned.map((column, index) => ({ ...column, sql: `v${index}` }));
	if (wide) {
		const table = `numbered_${randomUUID().replaceAll('-', '')}`;
		await connection.run(`CREATE TEMP TABLE ${table} AS SELECT ${values} FROM ${from}`);
		return { from: table, row: 'rowid', planned: numbered };
	}
	try {
		await connection.run(
			`COPY (SELECT ${cells ? '*' : values} FROM ${from}) TO ${quoteText(copy)} (FORMAT parquet, COMPRESSION snappy)`,
		);
	} catch (error) {
		throwIfDiskFull(error, copy);
		throw error;
	}
	return {
		from: `read_parquet(${quotePath(copy)}, ${row} = true)`,
		row,
		planned: cells ? planned : numbered,
	};
}
