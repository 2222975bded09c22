/** Data files as tables: CSV, TSV, JSON, JSON lines and Parquet, the texts also compressed by gzip or zstd. */
import type { Quarantined } from '../../protocol/reading.ts';
import { readColumns } from '../chunks.ts';
import { originOf, type RowOrigin } from '../rowLines.ts';
import type { Table } from '../table.ts';
import { type SourceOptions, withSource } from './source.ts';

export interface ReadOptions extends SourceOptions {
	/** Rows to read from the start of the file; types are judged by the whole file all the same. */
	limit?: number;
}

/**
 * Reads a file, rows and columns in its order. Types are judged by every cell. NaN, infinities and empty cells are null.
 *
 * Throws PerchErrors that name the file, and the line and column where there is one: `file_not_found`,
 * `unsupported_format`, `empty_data` (no rows), `unknown_column`, `invalid_data`.
 */
export async function readTable(path: string, options: ReadOptions = {}): Promise<Table> {
	return (await readWithOrigin(path, options)).table;
}

/** The same, with where the rows come from and what of the file was set aside. */
export async function readWithOrigin(
	path: string,
	options: ReadOptions,
): Promise<{ table: Table; origin: RowOrigin; quarantined: Quarantined }> {
	return await withSource(path, options, async (connection, source) => {
		const { planned, from, rows, quarantined } = source;
		// A limit makes DuckDB bring its threads in line, which takes several times as long: only where there is one.
		const table =
			options.limit === undefined || options.limit >= rows
				? await readColumns(connection, planned, from, rows)
				: await readColumns(connection, planned, `(FROM ${from} LIMIT ${options.limit})`, options.limit);
		return { table, origin: originOf(source), quarantined: quarantined === null ? [] : [quarantined] };
	});
}
