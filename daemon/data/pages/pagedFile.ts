/** A data file prepared for paging: Parquet as it stands, everything else as a Parquet copy that is cheap to page. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType } from '../../protocol/datasets.ts';
import type { Quarantined, Reading } from '../../protocol/reading.ts';
import type { TableColumn } from '../../protocol/table.ts';
import type { PlannedColumn } from '../chunks.ts';
import { quoteName, quotePath, quoteText, rowsOf, throwIfDiskFull, withDuckdb } from '../duckdb.ts';
import { numberRows } from '../numberedRows.ts';
import { unreadable } from '../read/jsonFault.ts';
import { formatOf, mustBeFile, withSource } from '../read/source.ts';
import { milliseconds } from '../read/textCells.ts';
import { describeColumns } from '../read/typedColumns.ts';
import type { Source } from '../rowSource.ts';

/** A column as it is shown, ordered and filtered. */
export interface PagedColumn extends TableColumn {
	/** SQL of its text, which loses no digit. */
	text: string;
	/** SQL of what it is ordered by and compared with. */
	value: string;
	/** SQL that reads a bound text as such a value; null where the text is none. */
	parse(parameter: string): string;
}

export interface PagedFile {
	/** What to select from; `rowNumber` is the 0-based number of the row in the file. */
	from: string;
	rows: number;
	columns: PagedColumn[];
	/** What of the file was set aside. */
	quarantined: Quarantined;
}

export const rowNumber = 'file_row_number';

/** Opens a file. A copy, where one is needed, is written into the folder `scratch` and left there. Errors are those of `readTable`. */
export async function openPaged(path: string, scratch: string, reading: Reading): Promise<PagedFile> {
	const format = formatOf(path);
	const copy = `${scratch}/rows.parquet`;
	if (format === 'csv') {
		return await withSource(path, reading, async (connection, source) => {
			const { from } = await numberRows(connection, source, { copy, keepCells: true });
			return { from, rows: source.rows, columns: source.planned.map(cellColumn), quarantined: asideOf(source) };
		});
	}
	if (format === 'json') {
		return await withSource(path, reading, async (connection, source) => {
			await copyRows(connection, source.from, copy);
			return { ...(await openParquet(connection, copy)), quarantined: asideOf(source) };
		});
	}
	await mustBeFile(path);
	return await withDuckdb(async (connection) => {
		try {
			return { ...(await openParquet(connection, path)), quarantined: [] };
		} catch (error) {
			throw unreadable(path, error);
		}
	});
}

function asideOf({ quarantined }: Source): Quarantined {
	return quarantined === null ? [] : [quarantined];
}

async function copyRows(connection: DuckDBConnection, from: string, copy: string): Promise<void> {
	try {
		await connection.run(`COPY (SELECT * FROM ${from}) TO ${quoteText(copy)} (FORMAT parquet, COMPRESSION snappy)`);
	} catch (error) {
		throwIfDiskFull(error, copy);
		throw error;
	}
}

async function openParquet(connection: DuckDBConnection, path: string): Promise<Omit<PagedFile, 'quarantined'>> {
	const plain = `read_parquet(${quotePath(path)})`;
	const columns = await describeColumns(connection, plain);
	const [[rows] = []] = await rowsOf(connection, `SELECT count(*) FROM ${plain}`);
	// A column of the file that has the name of the number is shown under it, and takes its place in SQL.
	const taken = columns.some(({ name }) => name.toLowerCase() === rowNumber);
	const names = columns.map((_, index) => quoteName(`c${index}`)).join(', ');
	const from = taken
		? `(SELECT *, row_number() OVER () - 1 AS ${rowNumber} FROM ${plain} AS own(${names}))`
		: `read_parquet(${quotePath(path)}, ${rowNumber} = true)`;
	return {
		from,
		rows: Number(rows),
		columns: columns.map(({ name, type }, index) => typedColumn(name, type, taken ? `c${index}` : name)),
	};
}

function typedColumn(name: string, exact: string, column: string): PagedColumn {
	const own = quoteName(column);
	const type = kindOf(exact);
	const text = `CAST(${own} AS VARCHAR)`;
	const value = type === 'other' ? text : own;
	return { name, type, exact, text, value, parse: (it) => (type === 'other' ? it : `TRY_CAST(${it} AS ${exact})`) };
}

function kindOf(exact: string): ColumnType {
	if (/^(STRUCT|MAP|UNION|VARIANT)\b|\]$|^(BLOB|BIT|GEOMETRY|JSON)/.test(exact)) return 'other';
	if (exact === 'BOOLEAN') return 'boolean';
	if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(exact)) return 'integer';
	if (/^(FLOAT|DOUBLE|DECIMAL)/.test(exact)) return 'double';
	if (exact === 'DATE') return 'date';
	return exact.startsWith('TIMESTAMP') ? 'timestamp' : 'string';
}

/** A column of a CSV file: shown as it is written, ordered as what it means. */
function cellColumn({ name, type, sql }: PlannedColumn, index: number): PagedColumn {
	const text = `c${index}`;
	switch (type) {
		case 'integer':
		case 'double':
			return { name, type, exact: type, text, value: sql, parse: (it) => `TRY_CAST(${it} AS DOUBLE)` };
		case 'boolean':
			return {
				...{ name, type, exact: type, text, value: sql },
				parse: (it) => `TRY_CAST(TRY_CAST(${it} AS BOOLEAN) AS DOUBLE)`,
			};
		case 'date':
		case 'timestamp':
			return {
				...{ name, type, exact: type, text, value: sql },
				parse: (it) => milliseconds(`TRY_CAST(${it} AS TIMESTAMPTZ)`),
			};
		default:
			return { name, type, exact: type, text, value: text, parse: (it) => it };
	}
}
