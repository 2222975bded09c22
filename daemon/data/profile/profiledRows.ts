/** What the parts of a profile ask, and the sample that some of them are content with. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { type PlannedColumn, readColumns } from '../chunks.ts';
import { rowsOf } from '../duckdb.ts';
import type { NumberedRows } from '../numberedRows.ts';
import type { Table } from '../table.ts';

/** Up to so many rows everything is exact. */
export const sampleLimit = 1_000_000;

export interface ProfiledRows extends NumberedRows {
	connection: DuckDBConnection;
	rows: number;
	/** A sample holds about one row of so many. */
	every: number;
}

/** The rows of a sample of one in `every`, the same ones each time, in their order. */
export async function sampleOf(
	{ connection, from, row, rows }: ProfiledRows,
	columns: readonly PlannedColumn[],
	every: number,
): Promise<Table> {
	if (every === 1) return await readColumns(connection, columns, from, rows);
	const sampled = `${from} WHERE hash(${row}) % ${every} = 0`;
	const [[count] = []] = await rowsOf(connection, `SELECT count(*) FROM ${sampled}`);
	return await readColumns(connection, columns, sampled, Number(count));
}
