/** How the columns of Parquet and JSON files, which have types of their own, become columns of a table. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType } from '../../protocol/datasets.ts';
import type { PlannedColumn } from '../chunks.ts';
import { askOfColumns, quoteName, rowsOf } from '../duckdb.ts';
import type { Misfit } from '../quarantine/cellMisfits.ts';
import { mostly } from './csvTypes.ts';
import { milliseconds } from './textCells.ts';

const smallIntegers = ['TINYINT', 'SMALLINT', 'INTEGER', 'UTINYINT', 'USMALLINT', 'UINTEGER'];
const largeIntegers = ['BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT'];
const largestExact = '9007199254740991';

/** A column with its DuckDB type. */
export interface TypedColumn {
	name: string;
	type: string;
}

/** The columns of a source, in its order. */
export async function describeColumns(connection: DuckDBConnection, from: string): Promise<TypedColumn[]> {
	const rows = await rowsOf(connection, `DESCRIBE SELECT * FROM ${from}`);
	return rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
}

/**
 * Counts the rows of `from` and plans how to read `columns`. Whole numbers beyond 2^53 become text, decimals doubles,
 * nested values their JSON text (`other`); a JSON column without any value is `double`. With `tolerant`, a column of JSON
 * whose values differ in kind is of that of nine tenths of them, where there is one.
 */
export async function planTyped(
	connection: DuckDBConnection,
	from: string,
	columns: readonly TypedColumn[],
	tolerant = false,
): Promise<{ rows: number; planned: PlannedColumn[]; misfits: Misfit[] }> {
	const checks = columns.map(({ name, type }) => [askWhetherFits(name, type)]);
	const { rows, answers } = await askOfColumns(connection, from, checks);
	const planned = columns.map((column, index) => planColumn(column, answers[index]?.[0] === true));
	const mixed = tolerant ? await findKinds(connection, from, columns) : new Map<string, Kind>();
	return {
		rows,
		planned: planned.map((plan) => {
			const kind = mixed.get(plan.name);
			return kind === undefined ? plan : { name: plan.name, type: kind.type, sql: kind.sql(quoteName(plan.name)) };
		}),
		misfits: [...mixed].map(([name, { type, isOf }]) => {
			const value = quoteName(name);
			return { name, type, cell: `${value} ->> '$'`, sql: `(${isPresent(value)} AND NOT ${isOf(value)})` };
		}),
	};
}

/** A kind of values that JSON tells by itself. */
interface Kind {
	type: ColumnType;
	isOf(value: string): string;
	sql(value: string): string;
}

const isPresent = (value: string) => `(${value} IS NOT NULL AND json_type(${value}) <> 'NULL')`;
const inDouble = (value: string) => `TRY_CAST(${value} ->> '$' AS DOUBLE)`;
const kinds: readonly Kind[] = [
	{
		type: 'double',
		isOf: (value) => `(json_type(${value}) IN ('DOUBLE', 'BIGINT', 'UBIGINT', 'HUGEINT'))`,
		sql: inDouble,
	},
	{
		type: 'boolean',
		isOf: (value) => `(json_type(${value}) = 'BOOLEAN')`,
		sql: (value) => `CAST(TRY_CAST(${value} ->> '$' AS BOOLEAN) AS DOUBLE)`,
	},
];

/** The kind of nine tenths of the values of each column whose values are of several. */
async function findKinds(
	connection: DuckDBConnection,
	from: string,
	columns: readonly TypedColumn[],
): Promise<Map<string, Kind>> {
	const mixed = columns.filter(({ type }) => type === 'JSON');
	if (mixed.length === 0) return new Map();
	const counts = (sql: string) => `count(CASE WHEN ${sql} THEN 1 END)`;
	const asked = mixed.map(({ name }) =>
		[isPresent, ...kinds.map(({ isOf }) => isOf)].map((ask) => counts(ask(quoteName(name)))),
	);
	const { answers } = await askOfColumns(connection, from, asked);
	return new Map(
		mixed.flatMap(({ name }, index) => {
			const [present = 0, ...of] = (answers[index] ?? []).map(Number);
			const kind = kinds[of.findIndex((found) => present > 0 && found >= mostly * present)];
			return kind === undefined ? [] : [[name, kind] as const];
		}),
	);
}

/** Whether whole numbers fit a double, and whether JSON has any value; true of other types. */
function askWhetherFits(name: string, type: string): string {
	const value = quoteName(name);
	if (largeIntegers.includes(type)) {
		const least = type.startsWith('U') ? '0' : `-${largestExact}`;
		return `coalesce(max(${value}) <= ${largestExact} AND min(${value}) >= ${least}, true)`;
	}
	return type === 'JSON' ? `count(${value}) > 0` : 'true';
}

function planColumn({ name, type }: TypedColumn, fits: boolean): PlannedColumn {
	const value = quoteName(name);
	const number = `CAST(${value} AS DOUBLE)`;
	const text = `CAST(${value} AS VARCHAR)`;
	// First: a list of decimals begins with the name of a decimal.
	if (/^(STRUCT|MAP|UNION|VARIANT)\b|\]$/.test(type))
		return { name, type: 'other', sql: `CAST(to_json(${value}) AS VARCHAR)` };
	if (type === 'BOOLEAN') return { name, type: 'boolean', sql: number };
	if (smallIntegers.includes(type)) return { name, type: 'integer', sql: number };
	if (largeIntegers.includes(type)) {
		return fits ? { name, type: 'integer', sql: number } : { name, type: 'string', sql: text };
	}
	if (type === 'FLOAT' || type === 'DOUBLE' || type.startsWith('DECIMAL')) return { name, type: 'double', sql: number };
	if (type === '"NULL"' || type === 'NULL') return { name, type: 'double', sql: 'CAST(NULL AS DOUBLE)' };
	if (type === 'DATE') return { name, type: 'date', sql: milliseconds(`CAST(${value} AS TIMESTAMP)`) };
	if (type === 'TIMESTAMP WITH TIME ZONE') return { name, type: 'timestamp', sql: milliseconds(value) };
	if (type.startsWith('TIMESTAMP'))
		return { name, type: 'timestamp', sql: milliseconds(`CAST(${value} AS TIMESTAMP)`) };
	if (type === 'JSON') {
		return fits
			? { name, type: 'string', sql: `${value} ->> '$'` }
			: { name, type: 'double', sql: 'CAST(NULL AS DOUBLE)' };
	}
	if (type === 'BLOB' || type === 'BIT' || type.startsWith('GEOMETRY')) return { name, type: 'other', sql: text };
	return { name, type: 'string', sql: text };
}
