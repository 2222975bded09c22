/** Holds checks against a file and names the rows in which they fail. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { CheckReport, CheckResult } from '../../protocol/checks.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { ChecksSection } from '../../protocol/project/checks.ts';
import type { Reading } from '../../protocol/reading.ts';
import { askOfColumns, firstSentence, quoteText, rowsOf } from '../duckdb.ts';
import { type NumberedRows, numberRows } from '../numberedRows.ts';
import { withSource } from '../read/source.ts';
import { linesOfRows, numbersOfRows } from '../rowLines.ts';
import type { Source } from '../rowSource.ts';
import { isoTime } from '../table.ts';
import { type CheckedColumn, textCells, typedCells } from './checkedColumns.ts';
import { type Rule, rulesOf } from './checkRules.ts';

export interface CheckOptions {
	/** An existing folder for a copy of the rows; it is left there. */
	scratch: string;
	/** Failing rows to list of each check. */
	examples: number;
	/** The moment that `freshness` counts from, in milliseconds since 1970. */
	now: number;
	reading?: Reading;
}

/**
 * Holds `checks` against a file of at least one row. Cells of CSV are judged one by one, so that a text among numbers
 * fails in its row alone. Empty cells pass everything but `nullable` and `key`. Throws as `readTable` does, and
 * `invalid_config` with the field for a pattern that RE2 does not take.
 */
export async function checkFile(path: string, checks: ChecksSection, options: CheckOptions): Promise<CheckReport> {
	return await withSource(path, options.reading ?? {}, async (connection, source) => {
		for (const [index, check] of checks.entries()) {
			if ('column' in check && check.pattern !== undefined) await tryPattern(connection, check.pattern, index);
		}
		const copy = `${options.scratch}/checked.parquet`;
		const numbered = await numberRows(connection, source, { copy, keepCells: true });
		const columns = new Map(checkedColumns(source, numbered).map((column) => [column.name, column]));
		const rules = checks.flatMap((check, index) => rulesOf(check, index, columns));
		const found = await countRowFailures(connection, numbered.from, rules);
		const results: { rule: Rule; failed: Failed }[] = [];
		for (const [index, rule] of rules.entries()) {
			const failed = await judge({ connection, ...numbered, rows: source.rows }, rule, found[index] ?? 0, options);
			results.push({ rule, failed });
		}
		const rows = results.flatMap(({ failed }) => failed.examples.map(({ row }) => row));
		const lines = await linesOfRows(source, rows);
		const numbers = numbersOfRows(source, rows);
		const reports = results.map(({ rule, failed }) => report(rule, failed, lines, numbers));
		const quarantined = source.quarantined === null ? [] : [source.quarantined];
		const passed = reports.every((one) => one.passed || one.severity === 'warn');
		return { file: path, rows: source.rows, passed, checks: reports, quarantined };
	});
}

async function tryPattern(connection: DuckDBConnection, pattern: string, index: number): Promise<void> {
	try {
		await rowsOf(connection, `SELECT regexp_full_match('', ${quoteText(pattern)})`);
	} catch (error) {
		const field = `checks[${index}].pattern`;
		throw new PerchError(
			'invalid_config',
			`${field}: ${JSON.stringify(pattern)} is no pattern: ${firstSentence(error)}`,
			{
				field,
				hint: 'Patterns are those of RE2: no look-around and no back references, so that they match in linear time.',
				cause: error,
			},
		);
	}
}

function checkedColumns({ format, dialect, planned: given }: Source, { planned }: NumberedRows): CheckedColumn[] {
	if (format !== 'csv') return planned.map(typedCells);
	return given.map((column, index) => textCells(column, `c${index}`, dialect?.delimiter === ';'));
}

/** In how many rows each rule about single rows fails; 0 of the others. */
async function countRowFailures(connection: DuckDBConnection, from: string, rules: readonly Rule[]): Promise<number[]> {
	const asked = rules.map((rule) => [rule.kind === 'rows' ? `count(CASE WHEN ${rule.fails} THEN 1 END)` : '0']);
	const { answers } = await askOfColumns(connection, from, asked);
	return answers.map(([count]) => Number(count));
}

interface Failed {
	failures: number;
	message: string | null;
	examples: { row: number; column: CheckedColumn; value: unknown }[];
}

type Asked = NumberedRows & { connection: DuckDBConnection; rows: number };

async function judge(asked: Asked, rule: Rule, failures: number, { examples, now }: CheckOptions): Promise<Failed> {
	const none: Failed = { failures: 0, message: null, examples: [] };
	const whole = (message: string): Failed => ({ ...none, failures: 1, message });
	const { connection, from, row, rows } = asked;
	if (rule.kind === 'never') return whole(rule.message);
	if (rule.kind === 'count') {
		const { min, max } = rule;
		return rows < (min ?? 0) || rows > (max ?? Infinity) ? whole(`The file has ${rows} rows.`) : none;
	}
	if (rule.kind === 'newest') {
		const [[newest] = []] = await rowsOf(connection, `SELECT max(${rule.of.time}) FROM ${from}`);
		if (newest === null) return whole(`Column ${JSON.stringify(rule.of.name)} holds no time.`);
		const time = Number(newest);
		return now - time > rule.within * 1000 ? whole(`The newest time is ${isoTime(time)}.`) : none;
	}
	if (rule.kind === 'repeats') return await repeated(asked, rule.columns, examples);
	if (failures === 0) return none;
	const sql = `SELECT ${row}, ${shownIn(rule.shown)} FROM ${from} WHERE ${rule.fails} ORDER BY ${row} LIMIT ${examples}`;
	return { failures, message: null, examples: examplesOf(await rowsOf(connection, sql), rule.shown) };
}

/** What an example shows: the cell as it stands in the file, else the value. */
function shownIn({ isText, text, value }: CheckedColumn): string {
	return isText ? text : value;
}

/** Rows whose values, all of them present, an earlier row has. */
async function repeated({ connection, from, row }: Asked, columns: CheckedColumn[], examples: number): Promise<Failed> {
	const values = columns.map(({ value }, index) => `${value} AS k${index}`).join(', ');
	const names = columns.map((_, index) => `k${index}`);
	const present = names.map((name) => `${name} IS NOT NULL`).join(' AND ');
	const keyed = `(SELECT ${row} AS r, ${values}, ${shownIn(columns[0] as CheckedColumn)} AS shown FROM ${from})`;
	const groups = `SELECT ${names.join(', ')}, min(r) AS first, count(*) AS n FROM ${keyed} WHERE ${present} GROUP BY ALL HAVING n > 1`;
	const [[failures] = []] = await rowsOf(connection, `SELECT coalesce(sum(n - 1), 0) FROM (${groups})`);
	if (Number(failures) === 0) return { failures: 0, message: null, examples: [] };
	const sql = `SELECT r, shown FROM ${keyed} JOIN (${groups}) USING (${names.join(', ')}) WHERE r > first ORDER BY r LIMIT ${examples}`;
	return {
		failures: Number(failures),
		message: null,
		examples: examplesOf(await rowsOf(connection, sql), columns[0] as CheckedColumn),
	};
}

function examplesOf(rows: unknown[][], column: CheckedColumn): Failed['examples'] {
	return rows.map(([row, value]) => ({ row: Number(row), column, value }));
}

function report(
	rule: Rule,
	{ failures, message, examples }: Failed,
	lines: ReadonlyMap<number, number>,
	numbers: ReadonlyMap<number, number>,
): CheckResult {
	const { check, index, column, severity } = rule;
	return {
		...{ check, index, column, rule: rule.rule, severity, passed: failures === 0, failures, message },
		examples: examples.map(({ row, column: shown, value }) => ({
			line: lines.get(row) ?? null,
			row: numbers.get(row) ?? row + 1,
			column: shown.name,
			value: shown.shown(value),
		})),
	};
}
