/** Expressions that a perch.yaml holds: read by DuckDB's own parser, and refused where they are more than a sum of a row. */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { PerchError } from '../../protocol/errors.ts';
import { quoteText, rowsOf } from '../duckdb.ts';

/** An expression, and the field of perch.yaml that it stands in. */
export interface Expression {
	sql: string;
	field: string;
	/** The columns that it names, as it writes them. */
	columns: string[];
}

/** Runs `work` on a DuckDB of its own that opens no file, loads no extension and takes no setting. */
export async function withLockedDuckdb<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
	const instance = await DuckDBInstance.create(':memory:', {
		autoinstall_known_extensions: 'false',
		autoload_known_extensions: 'false',
		// The folder first: without access to files none can be named.
		temp_directory: '',
		enable_external_access: 'false',
	});
	const connection = await instance.connect();
	try {
		await connection.run("SET TimeZone = 'UTC'");
		await connection.run('SET lock_configuration = true');
		return await work(connection);
	} finally {
		connection.closeSync();
		instance.closeSync();
	}
}

interface Parsed {
	error: boolean;
	error_message?: string;
	statements?: { node: Record<string, unknown> & { select_list: unknown[] } }[];
}

type Node = Record<string, unknown>;

/** Reads an expression; throws `invalid_config` for one that is none, that asks for other rows, or that answers differently each time. */
export async function readExpression(connection: DuckDBConnection, sql: string, field: string): Promise<Expression> {
	// The line end closes a comment.
	const query = quoteText(`SELECT (${sql}\n) FROM rows`);
	const [[answer] = []] = await rowsOf(connection, `SELECT json_serialize_sql(${query})`);
	const parsed = JSON.parse(String(answer)) as Parsed;
	if (parsed.error) throw refuse(field, sql, `is no expression: ${parsed.error_message ?? 'it cannot be read'}`);
	const [statement, ...others] = parsed.statements ?? [];
	const { select_list: list = [], from_table: from, ...rest } = statement?.node ?? { select_list: [] };
	const extra = Object.values(rest).some((part) => typeof part === 'object' && part !== null && 'class' in part);
	const named = (from as Node | undefined)?.['table_name'] === 'rows';
	if (others.length > 0 || list.length !== 1 || extra || !named)
		throw refuse(field, sql, 'is more than one expression');

	const [columns, functions, variables] = [new Set<string>(), new Set<string>(), new Set<string>()];
	const visit = (node: unknown): void => {
		if (typeof node !== 'object' || node === null) return;
		const { class: kind, ...parts } = node as Node;
		if (kind === 'SUBQUERY') throw refuse(field, sql, 'holds a subquery, and takes columns of its own row alone');
		if (kind === 'STAR') throw refuse(field, sql, 'takes all columns at once; name them');
		if (kind === 'COLUMN_REF') columns.add((parts['column_names'] as string[]).at(-1) as string);
		if (kind === 'FUNCTION') functions.add(String(parts['function_name']).toLowerCase());
		if (kind === 'LAMBDA') for (const name of columnsIn(parts['lhs'])) variables.add(name);
		Object.values(parts).forEach(visit);
	};
	visit(list);
	await requireConstant(connection, [...functions], field, sql);
	return { sql, field, columns: [...columns].filter((name) => !variables.has(name)) };
}

function columnsIn(node: unknown): string[] {
	if (typeof node !== 'object' || node === null) return [];
	const { column_names: names } = node as { column_names?: string[] };
	return names ?? Object.values(node).flatMap(columnsIn);
}

/** A dataset is the same each time that it is read: nothing of chance, of the clock or of the session. */
async function requireConstant(
	connection: DuckDBConnection,
	functions: readonly string[],
	field: string,
	sql: string,
): Promise<void> {
	if (functions.length === 0) return;
	const names = functions.map(quoteText).join(', ');
	const [[changing] = []] = await rowsOf(
		connection,
		`SELECT function_name FROM duckdb_functions() WHERE lower(function_name) IN (${names}) AND stability <> 'CONSISTENT' LIMIT 1`,
	);
	if (changing !== undefined) throw refuse(field, sql, `calls ${changing}(), which answers differently each time`);
}

function refuse(field: string, sql: string, what: string): PerchError {
	const shown = sql.length > 80 ? `${sql.slice(0, 77)}...` : sql;
	return new PerchError('invalid_config', `${field}: ${JSON.stringify(shown)} ${what}.`, {
		field,
		hint: 'Write an expression of DuckDB such as date_diff(\'second\', pickup, dropoff) / 60, with names of odd columns in "quotes".',
	});
}
