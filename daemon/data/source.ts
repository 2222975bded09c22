/** Data files as DuckDB sees them: what to select from, and how each column is read. */
import { access, constants, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { isPerchError, PerchError } from '../protocol/errors.ts';
import type { Reading } from '../protocol/reading.ts';
import type { PlannedColumn } from './chunks.ts';
import { type CsvDialect, findFault, readDialect } from './csvText.ts';
import { planCsv } from './csvTypes.ts';
import { quotePath, quoteText, withDuckdb } from './duckdb.ts';
import { findEncoding } from './findEncoding.ts';
import { jsonFault, unreadable } from './jsonFault.ts';
import { knownColumns } from './table.ts';
import type { TextFile } from './textBytes.ts';
import { describeColumns, planTyped } from './typedColumns.ts';
import { copyAsUtf8, copyUniformly } from './uniformCopy.ts';

export type Format = 'csv' | 'json' | 'parquet';

/** A file opened for reading: what to select from, how many rows it has, and how each column is read. */
export interface Source {
	format: Format;
	from: string;
	rows: number;
	planned: PlannedColumn[];
	/** The file as text; null for Parquet. */
	text: TextFile | null;
	/** How a CSV file is written; null for the others, whose columns have types of their own. */
	dialect: CsvDialect | null;
}

export interface SourceOptions extends Reading {
	/** The columns to read, in this order; all unless told. */
	columns?: readonly string[] | undefined;
}

/**
 * Opens a file for `work`, with all its columns or those named. Whatever reading throws meanwhile becomes an error that
 * says where the file is wrong.
 */
export async function withSource<T>(
	path: string,
	options: SourceOptions,
	work: (connection: DuckDBConnection, source: Source) => Promise<T>,
): Promise<T> {
	const file = await opened(path, options);
	return await withDuckdb((connection) =>
		orRefuse(file, async () => {
			const copies = createCopies();
			try {
				const open = (readFrom = path) => openSource(connection, file, options.columns, readFrom);
				const { dialect, text } = file;
				if (text !== null && text.encoding !== 'utf-8') {
					const copy = await copies.path(dialect === null ? 'utf8.json' : 'utf8.csv');
					await (dialect === null ? copyAsUtf8(text, copy) : copyUniformly(text, dialect.delimiter, copy));
					return await work(connection, withRows(path, await open(copy)));
				}
				let source = await open().catch(async (error: unknown) => {
					if (text === null || dialect === null || isPerchError(error)) throw error;
					if ((await findFault(text, dialect)) !== null) throw error;
					return null;
				});
				if (text !== null && dialect !== null && (source === null || source.rows === 0)) {
					// DuckDB takes one kind of line end a file; where it finds none or refuses a sound file, there are two.
					const copy = await copies.path('uniform.csv');
					await copyUniformly(text, dialect.delimiter, copy);
					source = await open(copy);
				}
				return await work(connection, withRows(path, source));
			} finally {
				await copies.remove();
			}
		}),
	);
}

/** A folder for copies that DuckDB reads in place of a file, made when the first is needed. */
function createCopies(): { path(name: string): Promise<string>; remove(): Promise<void> } {
	let folder: string | null = null;
	return {
		async path(name) {
			folder ??= await mkdtemp(join(tmpdir(), 'perch-read-'));
			return join(folder, name);
		},
		async remove() {
			if (folder !== null) await rm(folder, { recursive: true, force: true });
		},
	};
}

/** A file as it is before DuckDB looks at it. */
type Opened = Pick<Source, 'format' | 'text' | 'dialect'> & { path: string };

async function opened(path: string, { encoding }: Reading): Promise<Opened> {
	const format = formatOf(path);
	await mustBeFile(path);
	const file: Opened = { path, format, text: null, dialect: null };
	if (format === 'parquet') return file;
	return await orRefuse(file, async () => {
		const text = await textOf(path, encoding);
		return { ...file, text, dialect: format === 'csv' ? await readDialect(text) : null };
	});
}

/** A file as text in the encoding asked for, else in its own. */
export async function textOf(path: string, encoding: string | undefined): Promise<TextFile> {
	return { path, encoding: await findEncoding(path, encoding), lenient: false };
}

function withRows(path: string, source: Source | null): Source {
	if (source !== null && source.rows > 0) return source;
	throw new PerchError('empty_data', `${path} has no rows.`, {
		file: path,
		hint: 'It needs at least one row of data.',
	});
}

/** The kind of a file by its name; throws `unsupported_format`. */
export function formatOf(path: string): Format {
	const name = path.toLowerCase();
	if (/\.(csv|tsv|txt)(\.(gz|zst))?$/.test(name)) return 'csv';
	if (/\.(json|jsonl|ndjson)(\.(gz|zst))?$/.test(name)) return 'json';
	if (name.endsWith('.parquet')) return 'parquet';
	throw new PerchError('unsupported_format', `${path} is not of a kind that Perch reads.`, {
		file: path,
		hint: 'Use a .csv, .tsv, .json, .jsonl or .parquet file; text may be compressed, as .csv.gz or .jsonl.zst.',
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
	{ path, format, text, dialect }: Opened,
	names: readonly string[] | undefined,
	readFrom: string,
): Promise<Source> {
	if (dialect !== null) {
		const cells = dialect.names.map((name, index) => ({ name, cell: `c${index}` }));
		const chosen = choose(path, cells, names);
		// Where the semicolon parts the cells, the comma is free for the decimals.
		const decimalComma = dialect.delimiter === ';';
		const from = csvSource(readFrom, dialect, readFrom === path ? dialect.skip : 0);
		return { format, from, text, dialect, ...(await planCsv(connection, from, chosen, decimalComma)) };
	}
	const from =
		format === 'json' ? `read_json(${quotePath(readFrom)}, sample_size = -1)` : `read_parquet(${quotePath(path)})`;
	const columns = choose(path, await describeColumns(connection, from), names);
	return { format, from, text, dialect, ...(await planTyped(connection, from, columns)) };
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
async function orRefuse<T>({ path, text, dialect }: Opened, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (isPerchError(error)) throw error;
		const kind = /\.(gz|zst)$/i.exec(path)?.[1]?.toLowerCase();
		if (kind !== undefined && brokenCompression.test(String(error))) {
			throw new PerchError('invalid_data', `${path} is not a sound ${kind === 'gz' ? 'gzip' : 'zstd'} file.`, {
				file: path,
				hint: `Copy or compress it again, or take .${kind} off its name if it is not compressed.`,
				cause: error,
			});
		}
		const fault = text === null || dialect === null ? null : await findFault(text, dialect);
		throw fault ?? (text !== null && dialect === null ? await jsonFault(text, error) : unreadable(path, error));
	}
}

const brokenCompression = /zlib|gzip|zstd|incorrect header check|unexpected end of file|unknown frame|corrupt/i;
