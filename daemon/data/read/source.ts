/** Data files as DuckDB sees them: what to select from, and how each column is read. */
import { randomUUID } from 'node:crypto';
import { access, constants, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { isPerchError, PerchError } from '../../protocol/errors.ts';
import type { Reading } from '../../protocol/reading.ts';
import type { PlannedColumn } from '../chunks.ts';
import { quotePath, quoteText, withDuckdb } from '../duckdb.ts';
import { findEncoding } from '../encoding/findEncoding.ts';
import type { TextFile } from '../encoding/textBytes.ts';
import type { Misfit } from '../quarantine/cellMisfits.ts';
import { setAsideLines } from '../quarantine/jsonRecords.ts';
import { setMisfitsAside, writeQuarantine } from '../quarantine/quarantine.ts';
import { type BadRow, type Sound, setAsideRecords } from '../quarantine/setAside.ts';
import type { Format, Source } from '../rowSource.ts';
import { knownColumns } from '../table.ts';
import { type CsvDialect, findFault, readDialect } from './csvText.ts';
import { type CellRules, planCsv } from './csvTypes.ts';
import { jsonFault, unreadable } from './jsonFault.ts';
import { describeColumns, planTyped } from './typedColumns.ts';
import { copyAsUtf8, copyUniformly } from './uniformCopy.ts';

export interface SourceOptions extends Reading {
	/** The columns to read, in this order; all unless told. */
	columns?: readonly string[] | undefined;
}

/**
 * Opens a file for `work`, with all its columns or those named. Whatever reading throws meanwhile becomes an error that
 * says where the file is wrong. With `on_bad: quarantine` rows that cannot be read are written beside the file first.
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
				const source =
					file.text !== null && options.on_bad === 'quarantine'
						? await openTolerantly(connection, { ...file, text: file.text }, options, copies)
						: await openStrictly(connection, file, options, copies);
				// What an earlier look set aside of it for its cells is looked for anew.
				if (file.text === null && options.on_bad === 'quarantine') await writeQuarantine(path, []);
				if (source !== null && source.rows > 0) return await work(connection, source);
				const aside = source?.quarantined;
				throw new PerchError('empty_data', `${path} has no rows${aside ? ' that can be read' : ''}.`, {
					file: path,
					hint: aside ? `${aside.quarantine} says why.` : 'It needs at least one row of data.',
				});
			} finally {
				await copies.remove();
			}
		}),
	);
}

async function openStrictly(
	connection: DuckDBConnection,
	file: Opened,
	{ columns }: SourceOptions,
	copies: Copies,
): Promise<Source | null> {
	const { path, text, dialect } = file;
	const open = async (readFrom: string) => {
		const { misfits: _, ...source } = await openSource(connection, file, readFrom, { columns, tolerant: null });
		return source;
	};
	if (text !== null && text.encoding !== 'utf-8') {
		const copy = await copies.path(dialect === null ? 'utf8.json' : 'utf8.csv');
		await (dialect === null ? copyAsUtf8(text, copy) : copyUniformly(text, dialect.delimiter, copy));
		return await open(copy);
	}
	const source = await open(path).catch(async (error: unknown) => {
		if (text === null || dialect === null || isPerchError(error)) throw error;
		if ((await findFault(text, dialect)) !== null) throw error;
		return null;
	});
	if (text === null || dialect === null || (source !== null && source.rows > 0)) return source;
	// DuckDB takes one kind of line end a file; where it finds none or refuses a sound file, there are two.
	const copy = await copies.path('uniform.csv');
	await copyUniformly(text, dialect.delimiter, copy);
	return await open(copy);
}

/** Sets aside first the records that are no rows, where DuckDB finds any, then the rows with a cell that does not fit. */
async function openTolerantly(
	connection: DuckDBConnection,
	file: Opened & { text: TextFile },
	{ columns, types = {} }: SourceOptions,
	copies: Copies,
): Promise<Source> {
	const { path, text, dialect } = file;
	const open = (readFrom: string) => openSource(connection, file, readFrom, { columns: undefined, tolerant: types });
	let found = text.encoding !== 'utf-8' ? null : await open(path).catch(() => null);
	let bad: BadRow[] = [];
	let sound: Sound | null = null;
	if (found === null || found.rows === 0) {
		const copy = await copies.path(dialect === null ? 'sound.json' : 'sound.csv');
		if (dialect !== null) ({ bad, sound } = await setAsideRecords(text, dialect, copy));
		else {
			const lines = await setAsideLines(text, copy);
			if (lines === null) await copyAsUtf8({ ...text, lenient: false }, copy);
			else {
				bad = lines;
				sound = { openQuotes: new Set() };
			}
		}
		found = (await stat(copy)).size === 0 ? null : await open(copy);
	}
	if (found === null) return { ...file, ...noRows, quarantined: await writeQuarantine(path, bad) };
	const { misfits, ...source } = found;
	const aside = await setMisfitsAside(connection, { ...source, sound }, misfits, bad);
	const quarantined = await writeQuarantine(path, [...bad, ...aside.bad]);
	const planned = [...choose(path, source.planned, columns)];
	return { ...source, ...aside.kept, planned, sound, quarantined };
}

const noRows = { from: '', rows: 0, planned: [] as PlannedColumn[], sound: null, skipped: [], missing: [] };

interface Copies {
	path(name: string): Promise<string>;
	remove(): Promise<void>;
}

/** A folder for copies that DuckDB reads in place of a file, made when the first is needed. */
function createCopies(): Copies {
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

async function opened(path: string, { encoding, on_bad: onBad }: Reading): Promise<Opened> {
	await mustBeFile(path);
	const format = formatOf(path);
	const file: Opened = { path, format, text: null, dialect: null };
	if (format === 'parquet') return file;
	return await orRefuse(file, async () => {
		const text = { path, encoding: await findEncoding(path, encoding), lenient: onBad === 'quarantine' };
		return { ...file, text, dialect: format === 'csv' ? await readDialect(text) : null };
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

/** Finds types; `tolerant` as in `CellRules`. */
async function openSource(
	connection: DuckDBConnection,
	{ path, format, text, dialect }: Opened,
	readFrom: string,
	{ columns: names, tolerant }: Pick<SourceOptions, 'columns'> & Pick<CellRules, 'tolerant'>,
): Promise<Source & { misfits: Misfit[] }> {
	const file = { format, text, dialect, sound: null, skipped: [], missing: [], quarantined: null };
	if (dialect !== null) {
		const all = dialect.names.map((name, index) => ({ name, cell: `c${index}` }));
		const cells = choose(path, all, names);
		// Where the semicolon parts the cells, the comma is free for the decimals.
		const decimalComma = dialect.delimiter === ';';
		const found = csvSource(readFrom, dialect, readFrom === path ? dialect.skip : 0);
		const from = await heldIfWide(connection, found, dialect.names.length, (await stat(readFrom)).size);
		return { ...file, from, ...(await planCsv(connection, from, cells, { decimalComma, tolerant })) };
	}
	const from =
		format === 'json' ? `read_json(${quotePath(readFrom)}, sample_size = -1)` : `read_parquet(${quotePath(readFrom)})`;
	const columns = choose(path, await describeColumns(connection, from), names);
	return { ...file, from, ...(await planTyped(connection, from, columns, tolerant !== null)) };
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

/** A file of so many columns is parsed again for every question about 200 of them, which takes longer than its rows do. */
const manyColumns = 500;
/** Larger files stay where they are. */
const mostHeld = 1 << 26;

/** Rows with very many columns in a table of this connection, in their order, where the file is small; else as they stand. */
async function heldIfWide(connection: DuckDBConnection, from: string, columns: number, bytes: number): Promise<string> {
	if (columns < manyColumns || bytes > mostHeld) return from;
	const table = `held_${randomUUID().replaceAll('-', '')}`;
	await connection.run(`CREATE TEMP TABLE ${table} AS SELECT * FROM ${from}`);
	return table;
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
