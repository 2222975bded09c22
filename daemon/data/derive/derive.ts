/** `data.derive` and `data.filter`: columns computed of others, and the rows that are left, by DuckDB's expressions. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { isPerchError, PerchError } from '../../protocol/errors.ts';
import { readColumns } from '../chunks.ts';
import { firstSentence, quoteName } from '../duckdb.ts';
import { describeColumns, planTyped } from '../read/typedColumns.ts';
import { type Column, knownColumns, type NumberColumn, numberColumn, type Table, takeRows } from '../table.ts';
import { loadTable } from '../write.ts';
import { type Expression, readExpression, withLockedDuckdb } from './expressions.ts';

export interface Derivation {
	/** Expressions by the name of the column that each makes; a later one may use an earlier one. */
	derive: Readonly<Record<string, string>>;
	filter?: string | null | undefined;
}

export interface Derived {
	table: Table;
	/** The row of the given table for each row that is left; null when they are the same. */
	kept: Uint32Array | null;
	/** Derived columns that took the place of one of the same name. */
	replaced: string[];
}

/** Nothing to derive and nothing to leave out. */
export function derivesNothing({ derive, filter }: Derivation): boolean {
	return Object.keys(derive).length === 0 && filter == null;
}

/** Refuses expressions that cannot be read, before any row is; throws `invalid_config` with the field. */
export async function checkDerivation(derivation: Derivation): Promise<void> {
	if (!derivesNothing(derivation)) await withLockedDuckdb((connection) => readDerivation(connection, derivation));
}

/** The columns that each expression names, as it writes them. Throws as `checkDerivation` does. */
export async function columnsOfExpressions(derive: Derivation['derive']): Promise<Map<string, string[]>> {
	if (derivesNothing({ derive })) return new Map();
	const read = await withLockedDuckdb((connection) => readDerivation(connection, { derive }, 'model'));
	return new Map(read.derive.map(({ name, columns }) => [name, columns]));
}

interface ReadDerivation {
	derive: (Expression & { name: string })[];
	filter: Expression | null;
}

async function readDerivation(
	connection: DuckDBConnection,
	{ derive, filter }: Derivation,
	place = 'data',
): Promise<ReadDerivation> {
	const read: ReadDerivation = { derive: [], filter: null };
	for (const [name, sql] of Object.entries(derive)) {
		read.derive.push({ name, ...(await readExpression(connection, sql, `${place}.derive.${name}`)) });
	}
	if (filter != null) read.filter = await readExpression(connection, filter, `${place}.filter`);
	return read;
}

export interface DeriveOptions {
	/** The section that errors name; `data` unless told. */
	place?: string;
	/** The name of each row's file, which expressions may use as `filename`; null unless told. */
	fileOf?: () => Column;
}

const noFile = (rows: number) => numberColumn(filename, new Float64Array(rows).fill(Number.NaN));

/** The column that numbers the rows; no file has such a name. */
const rowNumber = '\u0001row';
/** The pseudo column that says which file a row is of, as DuckDB calls it. */
const filename = 'filename';

/**
 * Adds the derived columns, in their order behind the others or in the place of those of the same name, and takes the rows
 * of which the filter is true. Throws `invalid_config` for an expression that cannot be read or does not fit the columns, `invalid_data` where it fails on a
 * value, `empty_data` when no row is left.
 */
export async function deriveTable(
	table: Table,
	derivation: Derivation,
	{ place = 'data', fileOf = () => noFile(table.rows) }: DeriveOptions = {},
): Promise<Derived> {
	if (derivesNothing(derivation)) return { table, kept: null, replaced: [] };
	return await withLockedDuckdb(async (connection) => {
		const { derive, filter } = await readDerivation(connection, derivation, place);
		const all = filter === null ? derive : [...derive, filter];
		const needed = new Set(all.flatMap(({ columns }) => columns.map((name) => name.toLowerCase())));
		const taken = table.columns.filter(({ name }) => needed.has(name.toLowerCase()));
		if (needed.has(filename) && taken.every(({ name }) => name.toLowerCase() !== filename)) taken.push(fileOf());
		requireKnown(
			all,
			taken,
			derive.map(({ name }) => name),
			table,
		);
		const numbers = numberColumn(
			rowNumber,
			Float64Array.from({ length: table.rows }, (_, row) => row),
			'integer',
		);
		let query = await loadTable(connection, 'given', { rows: table.rows, columns: [numbers, ...taken] });

		const present = new Set([rowNumber, ...taken.map(({ name }) => name.toLowerCase())]);
		for (const { name, sql, field } of derive) {
			const made = `(${sql}\n) AS ${quoteName(name)}`;
			query = `SELECT ${present.has(name.toLowerCase()) ? `* REPLACE (${made})` : `*, ${made}`} FROM (${query})`;
			present.add(name.toLowerCase());
			await mustFit(connection, query, field);
		}
		if (filter !== null) {
			query = `SELECT * FROM (${query}) WHERE (${filter.sql}\n)`;
			await mustFit(connection, query, filter.field);
		}
		const names = [rowNumber, ...derive.map(({ name }) => name)];
		const made = await readMade(connection, query, names, all, place);
		const [rows, ...columns] = made.columns as [NumberColumn, ...Column[]];
		if (made.rows === 0) throw nothingLeft(table.rows);
		const kept = made.rows === table.rows ? null : Uint32Array.from(rows.values);
		return joined(kept === null ? table : takeRows(table, kept), kept, columns);
	});
}

/** Names that no column has are told before DuckDB takes them for something else, such as the present date. */
function requireKnown(all: readonly Expression[], taken: readonly Column[], derived: readonly string[], table: Table) {
	const known = new Set([...taken.map(({ name }) => name), ...derived].map((name) => name.toLowerCase()));
	for (const { field, columns } of all) {
		const stranger = columns.find((name) => !known.has(name.toLowerCase()));
		if (stranger === undefined) continue;
		throw new PerchError('invalid_config', `${field}: there is no column ${JSON.stringify(stranger)}.`, {
			field,
			hint: knownColumns(table.columns.map(({ name }) => name)),
		});
	}
}

/** Binds a query, which shows whether names and types fit. */
async function mustFit(connection: DuckDBConnection, query: string, field: string): Promise<void> {
	await describeColumns(connection, `(${query})`).catch((cause: unknown) => {
		throw new PerchError('invalid_config', `${field}: ${firstSentence(cause)}`, {
			field,
			hint: 'See which columns and types the file has: perch profile FILE.',
			cause,
		});
	});
}

async function readMade(
	connection: DuckDBConnection,
	query: string,
	names: readonly string[],
	all: readonly Expression[],
	place: string,
): Promise<Table> {
	const [only, ...others] = all;
	const field = others.length === 0 && only !== undefined ? only.field : `${place}.derive`;
	try {
		const list = names.map(quoteName).join(', ');
		await connection.run(`CREATE TEMP TABLE made AS SELECT ${list} FROM (${query}) ORDER BY ${quoteName(rowNumber)}`);
		const { rows, planned } = await planTyped(connection, 'made', await describeColumns(connection, 'made'));
		return await readColumns(connection, planned, 'made', rows);
	} catch (cause) {
		if (isPerchError(cause)) throw cause;
		throw new PerchError('invalid_data', `${field}: ${firstSentence(cause)}`, {
			field,
			hint: 'An expression fails on a value of some row; TRY(...) and TRY_CAST make null of such.',
			cause,
		});
	}
}

function nothingLeft(rows: number): PerchError {
	return new PerchError('empty_data', `data.filter is true of none of the ${rows} rows.`, {
		field: 'data.filter',
		hint: 'Rows of which it is false or null are left out.',
	});
}

function joined(table: Table, kept: Uint32Array | null, made: readonly Column[]): Derived {
	const byName = new Map(made.map((column) => [column.name, column]));
	const columns = table.columns.map((column) => byName.get(column.name) ?? column);
	const replaced = table.columns.map(({ name }) => name).filter((name) => byName.has(name));
	const added = made.filter(({ name }) => !replaced.includes(name));
	return { table: { rows: table.rows, columns: [...columns, ...added] }, kept, replaced };
}
