/** Data files as DuckDB sees them: what to select from, and how each column is read. */
import { access, constants, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { isPerchError, PerchError } from '../protocol/errors.ts';
import type { PlannedColumn } from './chunks.ts';
import { type CsvDialect, findFault, readDialect } from './csvText.ts';
import { planCsv } from './csvTypes.ts';
import { quotePath, quoteText, withDuckdb } from './duckdb.ts';
import { jsonFault, unreadable } from './jsonFault.ts';
import { knownColumns } from './table.ts';
import { describeColumns, planTyped } from './typedColumns.ts';
import { copyUniformly } from './uniformCopy.ts';

export type Format = 'csv' | 'json' | 'parquet';

/** A file opened for reading: what to select from, how many rows it has, and how each column is read. */
export interface Source {
	format: Format;
	from: string;
	rows: number;
	planned: PlannedColumn[];
	/** How a CSV file is written; null for the others, whose columns have types of their own. */
	dialect: CsvDialect | null;
}

/**
 * Opens a file for `work`, with all its columns or those named. Whatever reading throws meanwhile becomes an error that
 * says where the file is wrong.
 */
export async function withSource<T>(
	path: string,
	names: readonly string[] | undefined,
	work: (connection: DuckDBConnection, source: Source) => Promise<T>,
): Promise<T> {
	const format = formatOf(path);
	await mustBeFile(path);
	const dialect = format === 'csv' ? await orRefuse(path, format, null, () => readDialect(path)) : null;
	return await withDuckdb((connection) =>
		orRefuse(path, format, dialect, async () => {
			let copies: string | null = null;
			try {
				let source = await openSource(connection, path, format, dialect, names).catch(async (error: unknown) => {
					if (dialect === null || isPerchError(error) || (await findFault(path, dialect)) !== null) throw error;
					return null;
				});
				if (dialect !== null && (source === null || source.rows === 0)) {
					// DuckDB takes one kind of line end a file; where it finds none or refuses a sound file, there are two.
					copies = await mkdtemp(join(tmpdir(), 'perch-read-'));
					const copy = join(copies, 'uniform.csv');
					await copyUniformly(path, dialect.delimiter, copy);
					source = await openSource(connection, path, format, dialect, names, copy);
				}
				if (source === null || source.rows === 0) {
					throw new PerchError('empty_data', `${path} has no rows.`, {
						file: path,
						hint: 'It needs at least one row of data.',
					});
				}
				return await work(connection, source);
			} finally {
				if (copies !== null) await rm(copies, { recursive: true, force: true });
			}
		}),
	);
}

/** The kind of a file by its name; throws `unsupported_format`. */
export function formatOf(path: string): Format {
	const name = path.toLowerCase();
	if (/\.(csv|tsv|txt)(\.gz)?$/.test(name)) return 'csv';
	if (/\.(json|jsonl|ndjson)(\.gz)?$/.test(name)) return 'json';
	if (name.endsWith('.parquet')) return 'parquet';
	throw new PerchError('unsupported_format', `${path} is not of a kind that Perch reads.`, {
		file: path,
		hint: 'Use a .csv, .tsv, .json, .jsonl or .parquet file; .csv.gz and .jsonl.gz work too.',
	});
}

/** Throws unless there is a file with something in it that may be read. */
export async function mustBeFile(path: string): Promise<void> {
	const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
		if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
		throw new PerchError('file_not_found', `${path} does not exist.`, { file: path, hint: 'Check the path.' });
	});
	if (found.isDirectory()) {
		throw new PerchError('invalid_data', `${path} is a folder.`, { file: path, hint: 'Name a file in it.' });
	}
	await access(path, constants.R_OK);
	if (found.size === 0) {
		throw new PerchError('empty_data', `${path} is empty.`, { file: path, hint: 'It needs at least one row of data.' });
	}
}

async function openSource(
	connection: DuckDBConnection,
	path: string,
	format: Format,
	dialect: CsvDialect | null,
	names: readonly string[] | undefined,
	readFrom = path,
): Promise<Source> {
	if (dialect !== null) {
		const cells = dialect.names.map((name, index) => ({ name, cell: `c${index}` }));
		const chosen = choose(path, cells, names);
		// Where the semicolon parts the cells, the comma is free for the decimals.
		const decimalComma = dialect.delimiter === ';';
		const from = csvSource(readFrom, dialect, readFrom === path ? dialect.skip : 0);
		return { format, from, dialect, ...(await planCsv(connection, from, chosen, decimalComma)) };
	}
	const from =
		format === 'json' ? `read_json(${quotePath(path)}, sample_size = -1)` : `read_parquet(${quotePath(path)})`;
	const columns = choose(path, await describeColumns(connection, from), names);
	return { format, from, dialect, ...(await planTyped(connection, from, columns)) };
}

function choose<C extends { name: string }>(
	path: string,
	columns: readonly C[],
	names: readonly string[] | undefined,
): readonly C[] {
	return (
		names?.map((name) => {
			const found = columns.find((column) => column.name === name);
			if (found !== undefined) return found;
			throw new PerchError('unknown_column', `${path} has no column ${JSON.stringify(name)}.`, {
				file: path,
				field: name,
				hint: knownColumns(columns.map((column) => column.name)),
			});
		}) ?? columns
	);
}

/** Every cell as text, by a dialect that is already known: nothing is left to guess, so a broken row is found as such. */
function csvSource(path: string, { delimiter, names }: CsvDialect, skip: number): string {
	const columns = names.map((_, index) => `'c${index}': 'VARCHAR'`).join(', ');
	const options = [
		'auto_detect = false',
		'all_varchar = true',
		'header = true',
		`delim = ${quoteText(delimiter)}`,
		`quote = '"'`,
		`escape = '"'`,
		`comment = ''`,
		`skip = ${skip}`,
		'strict_mode = true',
		`columns = {${columns}}`,
	];
	return `read_csv(${quotePath(path)}, ${options.join(', ')})`;
}

/** Whatever reading throws, as an error that says where the file is wrong. */
async function orRefuse<T>(
	path: string,
	format: Format,
	dialect: CsvDialect | null,
	work: () => Promise<T>,
): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (isPerchError(error)) throw error;
		if (/zlib|gzip|incorrect header check|unexpected end of file/i.test(String(error))) {
			throw new PerchError('invalid_data', `${path} is not a sound gzip file.`, {
				file: path,
				hint: 'Copy or compress it again, or take .gz off its name if it is not compressed.',
				cause: error,
			});
		}
		const fault = dialect === null ? null : await findFault(path, dialect);
		throw fault ?? (format === 'json' ? await jsonFault(path, error) : unreadable(path, error));
	}
}
