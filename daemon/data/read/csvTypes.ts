/** What the columns of a CSV file are, judged by every cell of it. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType } from '../../protocol/datasets.ts';
import { isText, type PlannedColumn } from '../chunks.ts';
import { askOfColumns } from '../duckdb.ts';
import { type Misfit, misfit } from '../quarantine/cellMisfits.ts';
import { noValues } from './noValues.ts';
import {
	commaNumber,
	commaThousands,
	count,
	isoDate,
	isoTimestamp,
	milliseconds,
	noValueList,
	number,
	time,
	withPoint,
} from './textCells.ts';

/** A column of the file: its name, and the name of its texts in SQL. */
interface Cells {
	cell: string;
	name: string;
}

/** What decides how cells are read. */
export interface CellRules {
	/** `1,5` is a number where some cell of the column can be nothing else. */
	decimalComma: boolean;
	/** The types of columns by their names where cells may be set aside: of the others it is that of nine tenths of the cells. */
	tolerant: Readonly<Record<string, ColumnType>> | null;
}

/** The share of the values of a column that must be of a type. */
type Enough = (column: { name: string }) => number;

/** With tolerance, the share of the values of a column that must be of a type. */
export const mostly = 0.9;

/** The first look at a column: cells that are not empty, those that read as numbers, their size, and a text among them. */
interface Look extends Cells {
	present: number;
	numeric: number;
	fractional: number;
	largest: number;
	sample: string | null;
}

/**
 * Counts the rows of `from`, whose columns are texts, and plans how to read each of `columns`. Numbers are whole
 * (`integer`) when no cell has a point or an exponent; only ISO 8601 dates and times are times; only `true` and `false`
 * are booleans; a column without any value is `double`. `misfits` are the columns whose cells must be looked at one by
 * one; without tolerance there are none.
 */
export async function planCsv(
	connection: DuckDBConnection,
	from: string,
	columns: readonly Cells[],
	{ decimalComma, tolerant }: CellRules = { decimalComma: false, tolerant: null },
): Promise<{ rows: number; planned: PlannedColumn[]; misfits: Misfit[] }> {
	const { rows, looks } = await lookAt(connection, from, columns);
	const told = new Map(Object.entries(tolerant ?? {}));
	// What is taken as text is read as without tolerance, so that codes which are all numbers stay what they were.
	const enough: Enough = ({ name }) => (tolerant === null || told.get(name) === 'string' ? 1 : mostly);
	const inDoubt = looks.filter((look) => (enough(look) === 1 ? isInDoubt(look) : look.present > 0));
	const types = await decide(connection, from, inDoubt, enough);
	const typeOf = ({ name, cell, present, numeric }: Look): ColumnType => {
		const asked = told.get(name);
		if (asked !== undefined && asked !== 'string') return asked;
		return types.get(cell) ?? (present > 0 && numeric < present ? 'string' : 'double');
	};
	const candidates = looks.filter(
		(look) => typeOf(look) === 'string' || (typeOf(look) === 'double' && look.numeric < look.present),
	);
	const commas = decimalComma ? await findCommas(connection, from, candidates, enough) : new Set<string>();
	const planned = looks.map((look): PlannedColumn => {
		const { name, cell } = look;
		if (commas.has(cell)) return { name, type: 'double', sql: number(withPoint(cell)) };
		const type = typeOf(look);
		return { name, type, sql: readAs(cell, type) };
	});
	const misfits = looks.flatMap(({ name, cell }, index): Misfit[] => {
		const { type = 'string' } = planned[index] ?? {};
		return isText(type) ? [] : [{ name, type, cell, sql: misfit(type, cell, commas.has(cell)) }];
	});
	return { rows, planned, misfits: tolerant === null ? [] : misfits };
}

async function lookAt(connection: DuckDBConnection, from: string, columns: readonly Cells[]) {
	const asked = columns.map(({ cell }) => [
		`count(${cell})`,
		`count(${number(cell)})`,
		count(`${number(cell)} <> trunc(${number(cell)})`),
		`max(CASE WHEN isfinite(${number(cell)}) THEN abs(${number(cell)}) END)`,
		`min(CASE WHEN ${number(cell)} IS NULL THEN ${cell} END)`,
	]);
	const { rows, answers } = await askOfColumns(connection, from, asked);
	const looks = columns.map((column, index): Look => {
		const found = answers[index] as [unknown, unknown, unknown, unknown, string | null];
		const [present, numeric, fractional, largest] = found.map(Number) as [number, number, number, number];
		return { ...column, present, numeric, fractional, largest, sample: found[4] };
	});
	return { rows, looks };
}

/** Columns that a second look decides; the others are fractions through and through, or plainly text, or empty. */
function isInDoubt({ present, numeric, fractional, sample }: Look): boolean {
	if (numeric === present) return present > 0 && fractional === 0;
	return (
		numeric > 0 || sample === null || noValues.includes(sample) || /^\s*(\d{4}-\d{2}-\d{2}|true|false)/i.test(sample)
	);
}

/** The types of columns of which enough of the values are numbers, times or booleans; `string` of others. */
async function decide(
	connection: DuckDBConnection,
	from: string,
	looks: readonly Look[],
	enough: Enough,
): Promise<Map<string, ColumnType>> {
	const types = new Map<string, ColumnType>();
	const ask = async (of: readonly Look[], questions: (cell: string) => string[], type: typeof numberType) => {
		if (of.length === 0) return;
		// One count for the words and one for NaN and the infinities: joined by OR they take DuckDB seconds to plan.
		const asked = of.map(({ cell }) => [count(`${cell} IN (${noValueList})`), ...questions(cell)]);
		const { answers } = await askOfColumns(connection, from, asked);
		for (const [index, look] of of.entries()) {
			types.set(look.cell, type(look, answers[index]?.map(Number) as Found, enough(look)));
		}
	};
	const isNumeric = ({ cell, numeric }: Look) => numeric > 0 && types.get(cell) !== 'string';
	await ask(looks.filter(isNumeric), askAsNumber, numberType);
	// With one number among dates there may still be enough dates.
	await ask(
		looks.filter((look) => !isNumeric(look) && (look.numeric === 0 || enough(look) < 1)),
		askAsTime,
		timeType,
	);
	return types;
}

function askAsNumber(cell: string): string[] {
	// `1_000` is a code, not a number.
	const real = `isfinite(${number(cell)}) AND NOT contains(${cell}, '_')`;
	const pointed = `contains(${cell}, '.') OR contains(${cell}, 'e') OR contains(${cell}, 'E')`;
	return [count(`NOT isfinite(${number(cell)})`), count(real), count(`${real} AND (${pointed})`)];
}

function askAsTime(cell: string): string[] {
	const isTime = `isfinite(${time(cell)}) AND regexp_full_match(${cell}, `;
	return [
		count(`lower(trim(${cell})) IN ('true', 'false')`),
		count(`${isTime}'${isoDate}')`),
		count(`${isTime}'${isoTimestamp}')`),
	];
}

/** The columns of which enough values are numbers with a decimal comma. */
async function findCommas(
	connection: DuckDBConnection,
	from: string,
	looks: readonly Look[],
	enough: Enough,
): Promise<Set<string>> {
	const asked = looks.map(({ cell }) => {
		const isNumber = `regexp_full_match(${cell}, '${commaNumber}') AND ${number(withPoint(cell))} IS NOT NULL`;
		const clear = `${isNumber} AND contains(${cell}, ',') AND NOT regexp_full_match(${cell}, '${commaThousands}')`;
		return [count(`${cell} IN (${noValueList})`), count(isNumber), count(clear)];
	});
	if (looks.length === 0) return new Set();
	const { answers } = await askOfColumns(connection, from, asked);
	const found = looks.filter((look, index) => {
		const [words, numbers, clear] = (answers[index] ?? []).map(Number) as [number, number, number];
		return clear > 0 && numbers >= enough(look) * (look.present - words);
	});
	return new Set(found.map(({ cell }) => cell));
}

/** What the second look counted of a column, in the order in which it asked. */
type Found = [number, number, number, number];

function numberType({ present, largest }: Look, [words, infinite, real, pointed]: Found, enough: number): ColumnType {
	if (infinite + real < enough * (present - words)) return 'string';
	if (real === 0 || pointed > 0) return 'double';
	// Larger whole numbers cannot be told apart as doubles; they are identifiers and stay text.
	return largest <= Number.MAX_SAFE_INTEGER ? 'integer' : 'string';
}

function timeType({ present }: Look, [words, booleans, dates, timestamps]: Found, enough: number): ColumnType {
	const wanted = enough * (present - words);
	if (present === words) return 'double';
	if (booleans >= wanted) return 'boolean';
	if (dates >= wanted && (timestamps === 0 || enough === 1)) return 'date';
	return dates + timestamps >= wanted ? 'timestamp' : 'string';
}

function readAs(cell: string, type: ColumnType): string {
	if (type === 'string') return cell;
	if (type === 'boolean') return `TRY_CAST(TRY_CAST(trim(${cell}) AS BOOLEAN) AS DOUBLE)`;
	return type === 'date' || type === 'timestamp' ? milliseconds(time(cell)) : number(cell);
}
