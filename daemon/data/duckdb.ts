/** DuckDB as this room uses it: one instance in memory a process, without network, extensions or files of its own. */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { PerchError } from '../protocol/errors.ts';

let instance: Promise<DuckDBInstance> | undefined;

/** A connection that whoever asks for it closes. */
export async function connectDuckdb(): Promise<DuckDBConnection> {
	instance ??= DuckDBInstance.create(':memory:', {
		autoinstall_known_extensions: 'false',
		autoload_known_extensions: 'false',
		temp_directory: '',
	});
	const connection = await (await instance).connect();
	await connection.run("SET TimeZone = 'UTC'");
	return connection;
}

/** Runs `work` on a connection of its own and closes it. */
export async function withDuckdb<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
	const connection = await connectDuckdb();
	try {
		return await work(connection);
	} finally {
		connection.closeSync();
	}
}

/** The rows of a small answer. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<unknown[][]> {
	return (await connection.runAndReadAll(sql)).getRowsJS();
}

/** DuckDB plans a query in the square of its expressions: so many columns are asked for at once, and more of text, which is parsed for each query. */
const columnsAtOnce = 40;
const parsedAtOnce = 200;

/** The values of each column's expressions over the one row that `from` is aggregated to; `count(*)` of it besides. */
export async function askOfColumns(
	connection: DuckDBConnection,
	from: string,
	columns: readonly (readonly string[])[],
): Promise<{ rows: number; answers: unknown[][] }> {
	const answers: unknown[][] = [];
	let rows = 0;
	const atOnce = /^read_(csv|json)/.test(from) ? parsedAtOnce : columnsAtOnce;
	for (let start = 0; start === 0 || start < columns.length; start += atOnce) {
		const group = columns.slice(start, start + atOnce);
		const [found = []] = await rowsOf(connection, `SELECT ${['count(*)', ...group.flat()].join(', ')} FROM ${from}`);
		rows = Number(found[0]);
		let at = 1;
		for (const { length } of group) {
			answers.push(found.slice(at, at + length));
			at += length;
		}
	}
	return { rows, answers };
}

export function quoteText(text: string): string {
	return `'${text.replaceAll("'", "''")}'`;
}

export function quoteName(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}

/** A path that DuckDB takes as it stands, although it reads patterns. */
export function quotePath(path: string): string {
	return quoteText(path.replaceAll(/[[*?]/g, (sign) => `[${sign}]`));
}

/** What DuckDB says, without its remarks on the options of a statement that the user never wrote. */
export function firstSentence(error: unknown): string {
	const text = error instanceof Error ? error.message : String(error);
	return (text.split('\n')[0] ?? text).replace(/^[A-Z][A-Za-z ]* Error: /, '').trim();
}

/** A full disk, as DuckDB reports it, keeps its meaning. */
export function throwIfDiskFull(error: unknown, path: string): void {
	if (error instanceof Error && /no space left|disk full|ENOSPC/i.test(error.message)) {
		throw new PerchError('disk_full', 'No space is left on the disk.', {
			file: path,
			hint: 'Free some space and run the command again; nothing was half-written.',
			cause: error,
		});
	}
}
