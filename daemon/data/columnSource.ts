/** Rows that are read some columns at a time, so that memory holds these columns and never the table. */
import { isPerchError } from '../protocol/errors.ts';
import type { Reading } from '../protocol/reading.ts';
import { readColumns } from './chunks.ts';
import { type Family, filesOf, readFamily } from './read/family.ts';
import { unreadable } from './read/jsonFault.ts';
import { formatOf } from './read/source.ts';
import { type OpenFile, withSources } from './read/sources.ts';
import { type ColumnNote, unifyColumn } from './read/unifyColumns.ts';
import { originOf } from './rowLines.ts';
import { type Column, columnOf, concatColumns, type Table, unknownColumn } from './table.ts';

export interface ColumnSource {
	readonly rows: number;
	/** In the order of the file; of a family, in the order in which they are first met. */
	readonly names: readonly string[];
	/** Those among them that hold dates, as far as their types tell before they are read. */
	readonly times: readonly string[];
	/** The files in the order of the rows; none for rows that no file holds. */
	readonly files: Family['files'];
	/** What of the files was set aside. */
	readonly quarantined: Family['quarantined'];
	/**
	 * Reads these columns. They are the caller's own, who may hand their memory to a thread; asked for again, they are read
	 * again. Throws as `readTable` does.
	 */
	read(names: readonly string[]): Promise<Column[]>;
	/** How the columns that were read so far differ from file to file. */
	readonly notes: readonly ColumnNote[];
}

/** A table as a source of its columns. */
export function tableSource(
	table: Table,
	{ files = [], notes = [], quarantined = [] }: Partial<Pick<ColumnSource, 'files' | 'notes' | 'quarantined'>> = {},
): ColumnSource {
	return {
		rows: table.rows,
		files,
		quarantined,
		names: table.columns.map(({ name }) => name),
		times: timesAmong(table.columns),
		notes,
		read: async (names) => names.map((name) => copyOf(columnOf(table, name))),
	};
}

function timesAmong(columns: readonly Pick<Column, 'name' | 'type'>[]): string[] {
	return columns.flatMap(({ name, type }) => (type === 'date' || type === 'timestamp' ? [name] : []));
}

function copyOf(column: Column): Column {
	return column.kind === 'number'
		? { ...column, values: column.values.slice() }
		: { ...column, codes: column.codes.slice() };
}

/** The named columns of a source alone, in the order asked for; throws `unknown_column`. */
export function selectedSource(source: ColumnSource, names: readonly string[]): ColumnSource {
	const unknown = names.find((name) => !source.names.includes(name));
	if (unknown !== undefined) throw unknownColumn(unknown, source.names);
	return {
		rows: source.rows,
		files: source.files,
		quarantined: source.quarantined,
		names,
		times: source.times.filter((name) => names.includes(name)),
		read: (asked) => source.read(asked),
		get notes() {
			return source.notes;
		},
	};
}

/** All columns of a source. */
export async function readWhole(source: ColumnSource): Promise<Table> {
	return { rows: source.rows, columns: await source.read(source.names) };
}

/**
 * Opens the file or the files that a path means, as `readFamily` does, for `work`. Parquet is read column by column; text
 * files hold rows, so they are read at once.
 */
export async function withColumns<T>(
	path: string,
	reading: Reading,
	work: (source: ColumnSource) => Promise<T>,
): Promise<T> {
	const paths = filesOf(path);
	if (paths.some((one) => formatOf(one) !== 'parquet')) {
		const { table, ...from } = await readFamily(path, reading);
		return await work(tableSource(table, from));
	}
	return await withSources(paths, {}, async (files) => {
		const sources = files.map(fileSource);
		return await work(sources.length === 1 ? (sources[0] as ColumnSource) : familySource(sources, paths));
	});
}

function fileSource({ path, connection, source: opened }: OpenFile): ColumnSource {
	const { planned, from, rows } = opened;
	const plans = new Map(planned.map((plan) => [plan.name, plan]));
	return {
		rows,
		files: [{ path, rows, origin: originOf(opened) }],
		quarantined: [],
		names: planned.map(({ name }) => name),
		times: timesAmong(planned),
		notes: [],
		async read(names) {
			const asked = names.flatMap((name) => plans.get(name) ?? []);
			const { columns } = await readColumns(connection, asked, from, rows).catch((error: unknown) => {
				throw isPerchError(error) ? error : unreadable(path, error);
			});
			return columns;
		},
	};
}

function familySource(files: readonly ColumnSource[], paths: readonly string[]): ColumnSource {
	const notes = new Map<string, ColumnNote>();
	const read = async (name: string): Promise<Column> => {
		const parts: (Column | undefined)[] = [];
		for (const file of files) parts.push(file.names.includes(name) ? (await file.read([name]))[0] : undefined);
		const { columns, note } = unifyColumn(name, parts, files, paths);
		if (note !== null) notes.set(name, note);
		return concatColumns(columns);
	};
	return {
		rows: files.reduce((sum, { rows }) => sum + rows, 0),
		files: files.flatMap((file) => file.files),
		quarantined: [],
		names: [...new Set(files.flatMap(({ names }) => names))],
		times: [...new Set(files.flatMap(({ times }) => times))].filter((name) =>
			files.every(({ times }) => times.includes(name)),
		),
		get notes() {
			return [...notes.values()];
		},
		async read(names) {
			const columns: Column[] = [];
			for (const name of names) columns.push(await read(name));
			return columns;
		},
	};
}
