/** A file's rows with their numbers, to be asked many times over without reading it into memory. */
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

/**
 * A Parquet file is asked as it stands. Of the others a Parquet copy is written to `copy` first: they would be parsed
 * again for each question, and keep no numbers of their rows. With `keepCells` the copy holds the cells of a CSV file
 * as their text, so that those which do not fit their column can be told; without it, and for JSON, the values as planned.
 */
export async function numberRows(
	connection: DuckDBConnection,
	{ format, from, planned }: Source,
	{ copy, keepCells = false }: { copy: string; keepCells?: boolean },
): Promise<NumberedRows> {
	if (format === 'parquet' && !planned.some(({ name }) => name.toLowerCase() === row)) {
		return { from: from.replace(/\)$/, `, ${row} = true)`), row, planned };
	}
	const cells = keepCells && format === 'csv';
	const values = planned.map(({ sql }, index) => `${sql} AS v${index}`).join(', ');
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
		planned: cells ? planned : planned.map((column, index) => ({ ...column, sql: `v${index}` })),
	};
}
