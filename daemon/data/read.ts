/** Data files as tables: CSV, TSV, JSON, JSON lines and Parquet, the texts also gzipped. */
import { access, constants, readFile, stat } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnSchema } from '../protocol/datasets.ts';
import { isPerchError, PerchError } from '../protocol/errors.ts';
import { type PlannedColumn, readColumns } from './chunks.ts';
import { type CsvDialect, findFault, readDialect } from './csvText.ts';
import { planCsv } from './csvTypes.ts';
import { firstSentence, quotePath, quoteText, withDuckdb } from './duckdb.ts';
import { knownColumns, type Table } from './table.ts';
import { describeColumns, planTyped } from './typedColumns.ts';

type Format = 'csv' | 'json' | 'parquet';

export interface ReadOptions {
	/** The columns to read, in this order; all unless told. */
	columns?: readonly string[];
	/** Rows to read from the start of the file; types are judged by the whole file all the same. */
	limit?: number;
}

/** A file opened for reading: what to select from, how many rows it has, and how each column is read. */
interface Source {
	from: string;
	rows: number;
	planned: PlannedColumn[];
}

/**
 * Reads a file, rows and columns in its order. Types are judged by every cell. NaN, infinities and empty cells are null.
 *
 * Throws PerchErrors that name the file, and the line and column where there is one: `file_not_found`,
 * `unsupported_format`, `empty_data` (no rows), `unknown_column`, `invalid_data`.
 */
export async function readTable(path: string, options: ReadOptions = {}): Promise<Table> {
	return await withSource(path, options.columns, async (connection, source) => {
		const rows = Math.min(source.rows, options.limit ?? source.rows);
		return await readColumns(connection, source.planned, source.from, rows);
	});
}

/** Names and types of a file's columns, as `readTable` would find them; the same errors. */
export async function readSchema(path: string): Promise<ColumnSchema[]> {
	return await withSource(path, undefined, async (_, { planned }) => planned.map(({ name, type }) => ({ name, type })));
}

async function withSource<T>(
	path: string,
	names: readonly string[] | undefined,
	work: (connection: DuckDBConnection, source: Source) => Promise<T>,
): Promise<T> {
	const format = formatOf(path);
	await mustBeFile(path);
	const dialect = format === 'csv' ? await orRefuse(path, format, null, () => readDialect(path)) : null;
	return await withDuckdb((connection) =>
		orRefuse(path, format, dialect, async () => {
			const source = await openSource(connection, path, format, dialect, names);
			if (source.rows === 0) {
				throw new PerchError('empty_data', `${path} has no rows.`, {
					file: path,
					hint: 'It needs at least one row of data.',
				});
			}
			return await work(connection, source);
		}),
	);
}

function formatOf(path: string): Format {
	const name = path.toLowerCase();
	if (/\.(csv|tsv|txt)(\.gz)?$/.test(name)) return 'csv';
	if (/\.(json|jsonl|ndjson)(\.gz)?$/.test(name)) return 'json';
	if (name.endsWith('.parquet')) return 'parquet';
	throw new PerchError('unsupported_format', `${path} is not of a kind that Perch reads.`, {
		file: path,
		hint: 'Use a .csv, .tsv, .json, .jsonl or .parquet file; .csv.gz and .jsonl.gz work too.',
	});
}

async function mustBeFile(path: string): Promise<void> {
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
): Promise<Source> {
	if (dialect !== null) {
		const cells = dialect.names.map((name, index) => ({ name, cell: `c${index}` }));
		const chosen = choose(path, cells, names);
		const decimalComma = dialect.delimiter === ';';
		const from = csvSource(path, dialect, true);
		try {
			return { from, ...(await planCsv(connection, from, chosen, decimalComma)) };
		} catch (error) {
			// DuckDB's strict parser refuses line ends of two kinds in one file; the lenient one takes them.
			if (!/invalid state/i.test(String(error)) || (await findFault(path, dialect)) !== null) throw error;
			const lenient = csvSource(path, dialect, false);
			return { from: lenient, ...(await planCsv(connection, lenient, chosen, decimalComma)) };
		}
	}
	const from =
		format === 'json' ? `read_json(${quotePath(path)}, sample_size = -1)` : `read_parquet(${quotePath(path)})`;
	const columns = choose(path, await describeColumns(connection, from), names);
	return { from, ...(await planTyped(connection, from, columns)) };
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
function csvSource(path: string, { delimiter, names, skip }: CsvDialect, strict: boolean): string {
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
		`strict_mode = ${strict}`,
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

function unreadable(path: string, error: unknown): PerchError {
	return new PerchError('invalid_data', `${path} cannot be read: ${firstSentence(error)}`, {
		file: path,
		hint: 'Check that the file is whole and of the kind that its name says.',
		cause: error,
	});
}

const largestParsed = 100_000_000;

/** DuckDB counts the lines of JSON lines, and only the records of a JSON list; JSON.parse knows the line there. */
async function jsonFault(path: string, error: unknown): Promise<PerchError> {
	const message = firstSentence(error);
	let line = Number(/in line (\d+)/.exec(message)?.[1] ?? Number.NaN);
	if (Number.isNaN(line) && path.endsWith('.json') && (await stat(path)).size < largestParsed) {
		line = lineOfFault(await readFile(path, 'utf8'));
	}
	if (Number.isNaN(line)) return unreadable(path, error);
	return new PerchError('invalid_data', `${path}, line ${line} is not sound JSON: ${message}`, {
		file: path,
		line,
		hint: 'Correct the line, or write the file again.',
		cause: error,
	});
}

/** The first line with which the text can no longer become JSON, 1-based; NaN where nothing is wrong. */
function lineOfFault(text: string): number {
	const lines = text.split('\n');
	let [sound, broken] = [0, lines.length + 1];
	while (broken - sound > 1) {
		const middle = (sound + broken) >> 1;
		if (isBroken(lines.slice(0, middle).join('\n'))) broken = middle;
		else sound = middle;
	}
	return broken > lines.length ? (isJson(text) ? Number.NaN : lines.length) : broken;
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

/** Whether the start of a JSON text is wrong by itself, and not merely unfinished. */
function isBroken(start: string): boolean {
	try {
		JSON.parse(start);
		return false;
	} catch (error) {
		const message = String(error);
		const position = /at position (\d+)/.exec(message)?.[1];
		return (
			!/end of JSON|Unterminated/.test(message) && (position === undefined || Number(position) < start.trimEnd().length)
		);
	}
}
