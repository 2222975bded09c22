/** What the columns of a CSV file are, judged by every cell of it. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType } from '../protocol/datasets.ts';
import type { PlannedColumn } from './chunks.ts';
import { askOfColumns } from './duckdb.ts';
import { noValues } from './noValues.ts';

/** The words that stand for no value, as a list in SQL. */
export const noValueList = noValues.map((word) => `'${word}'`).join(', ');

/** Dates as patterns of RE2, for the whole cell. */
export const isoDate = '\\s*\\d{4}-\\d{2}-\\d{2}\\s*';
/** The same for times. */
export const isoTimestamp =
	'\\s*\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?\\s*(Z|z|[+-]\\d{2}(:?\\d{2})?)?\\s*';

/** A number with a decimal comma, null where the cell is none. */
export const commaAsNumber = (cell: string) =>
	`CASE WHEN regexp_full_match(${cell}, '${commaNumber}') THEN ${number(withPoint(cell))} END`;

/** `1,5` and `1.234,5`, as half of the world writes numbers; `1,234` may be either. */
const commaNumber = '\\s*[-+]?(\\d{1,3}(\\.\\d{3})+|\\d*)(,\\d+)?\\s*';
const commaThousands = '\\s*[-+]?\\d{1,3}(,\\d{3})+\\s*';

const number = (cell: string) => `TRY_CAST(${cell} AS DOUBLE)`;
const time = (cell: string) => `TRY_CAST(${cell} AS TIMESTAMPTZ)`;
/** Counts by CASE: FILTER clauses cost DuckDB time by the square of their number, seconds at 100 columns. */
const count = (condition: string) => `count(CASE WHEN ${condition} THEN 1 END)`;

/** Milliseconds since 1970 of a SQL time; null for the infinite ones. */
export const milliseconds = (sql: string) => `CASE WHEN isfinite(${sql}) THEN epoch_us(${sql}) / 1000::DOUBLE END`;

/** A column of the file: its name, and the name of its texts in SQL. */
interface Cells {
	cell: string;
	name: string;
}

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
 * are booleans; a column without any value is `double`. With `decimalComma`, which takes a file that is not divided by
 * commas, `1,5` is a number where some cell of the column can be nothing else.
 */
export async function planCsv(
	connection: DuckDBConnection,
	from: string,
	columns: readonly Cells[],
	decimalComma = false,
): Promise<{ rows: number; planned: PlannedColumn[] }> {
	const { rows, looks } = await lookAt(connection, from, columns);
	const types = await decide(connection, from, looks.filter(isInDoubt));
	const typeOf = ({ cell, present, numeric }: Look): ColumnType =>
		types.get(cell) ?? (present > 0 && numeric < present ? 'string' : 'double');
	const texts = looks.filter((look) => typeOf(look) === 'string');
	const commas = decimalComma ? await findCommas(connection, from, texts) : new Set<string>();
	return {
		rows,
		planned: looks.map((look) => {
			if (commas.has(look.cell)) return { name: look.name, type: 'double', sql: number(withPoint(look.cell)) };
			const type = typeOf(look);
			return { name: look.name, type, sql: readAs(look.cell, type) };
		}),
	};
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

async function decide(
	connection: DuckDBConnection,
	from: string,
	looks: readonly Look[],
): Promise<Map<string, ColumnType>> {
	const types = new Map<string, ColumnType>();
	if (looks.length === 0) return types;
	const asked = looks.map(({ cell, numeric }) => {
		// One count for the words and one for NaN and the infinities: joined by OR they take DuckDB seconds to plan.
		const words = count(`${cell} IN (${noValueList})`);
		if (numeric > 0) {
			// `1_000` is a code, not a number.
			const real = `isfinite(${number(cell)}) AND NOT contains(${cell}, '_')`;
			const pointed = `contains(${cell}, '.') OR contains(${cell}, 'e') OR contains(${cell}, 'E')`;
			return [words, count(`NOT isfinite(${number(cell)})`), count(real), count(`${real} AND (${pointed})`)];
		}
		const isTime = `isfinite(${time(cell)}) AND regexp_full_match(${cell}, `;
		return [
			words,
			count(`lower(trim(${cell})) IN ('true', 'false')`),
			count(`${isTime}'${isoDate}')`),
			count(`${isTime}'${isoTimestamp}')`),
		];
	});
	const { answers } = await askOfColumns(connection, from, asked);
	looks.forEach((look, index) => {
		const found = answers[index]?.map(Number) as Found;
		types.set(look.cell, look.numeric > 0 ? numberType(look, found) : timeType(look, found));
	});
	return types;
}

/** The columns of text whose cells are all numbers with a decimal comma. */
async function findCommas(connection: DuckDBConnection, from: string, looks: readonly Look[]): Promise<Set<string>> {
	const asked = looks.map(({ cell }) => {
		const isNumber = `regexp_full_match(${cell}, '${commaNumber}') AND ${number(withPoint(cell))} IS NOT NULL`;
		const clear = `${isNumber} AND contains(${cell}, ',') AND NOT regexp_full_match(${cell}, '${commaThousands}')`;
		return [count(`${cell} IN (${noValueList})`), count(isNumber), count(clear)];
	});
	if (looks.length === 0) return new Set();
	const { answers } = await askOfColumns(connection, from, asked);
	const found = looks.filter(({ present }, index) => {
		const [words, numbers, clear] = (answers[index] ?? []).map(Number) as [number, number, number];
		return clear > 0 && words + numbers === present;
	});
	return new Set(found.map(({ cell }) => cell));
}

const withPoint = (cell: string) => `replace(replace(${cell}, '.', ''), ',', '.')`;

/** What the second look counted of a column, in the order in which it asked. */
type Found = [number, number, number, number];

function numberType({ present, largest }: Look, [words, infinite, real, pointed]: Found): ColumnType {
	if (words + infinite + real < present) return 'string';
	if (real === 0 || pointed > 0) return 'double';
	// Larger whole numbers cannot be told apart as doubles; they are identifiers and stay text.
	return largest <= Number.MAX_SAFE_INTEGER ? 'integer' : 'string';
}

function timeType({ present }: Look, [words, booleans, dates, timestamps]: Found): ColumnType {
	const wanted = present - words;
	if (wanted === 0) return 'double';
	if (booleans === wanted) return 'boolean';
	if (dates === wanted) return 'date';
	return dates + timestamps === wanted ? 'timestamp' : 'string';
}

function readAs(cell: string, type: ColumnType): string {
	if (type === 'string') return cell;
	if (type === 'boolean') return `TRY_CAST(TRY_CAST(trim(${cell}) AS BOOLEAN) AS DOUBLE)`;
	return type === 'date' || type === 'timestamp' ? milliseconds(time(cell)) : number(cell);
}
