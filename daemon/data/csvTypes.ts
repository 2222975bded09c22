/** What the columns of a CSV file are, judged by every cell of it. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { PlannedColumn } from './chunks.ts';
import { rowsOf } from './duckdb.ts';

/**
 * Words that stand for no value where all other cells of a column are numbers, dates or booleans. In a column of text
 * they are text: `NA` may be a country.
 */
const noValue = [
	'na',
	'n/a',
	'#n/a',
	'nan',
	'nat',
	'null',
	'none',
	'nil',
	'inf',
	'-inf',
	'+inf',
	'infinity',
	'-infinity',
	'?',
	'-',
];
const isNoValue = (cell: string) => `lower(trim(${cell})) IN (${noValue.map((word) => `'${word}'`).join(', ')})`;

/** Larger whole numbers cannot be told apart as doubles; they are identifiers and stay text. */
const largestExact = 9_007_199_254_740_991;

const isoDate = '\\s*\\d{4}-\\d{2}-\\d{2}\\s*';
const isoTimestamp =
	'\\s*\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?\\s*(Z|z|[+-]\\d{2}(:?\\d{2})?)?\\s*';

const time = (cell: string) => `TRY_CAST(${cell} AS TIMESTAMPTZ)`;
/** Milliseconds since 1970 of a SQL time; null for the infinite ones. */
export const milliseconds = (sql: string) => `CASE WHEN isfinite(${sql}) THEN epoch_us(${sql}) / 1000::DOUBLE END`;

interface Counts {
	cell: string;
	name: string;
	present: number;
	numbers: number;
	fractions: number;
	noValues: number;
	largest: number;
	sample: string | null;
}

/**
 * Counts the rows of `from`, whose columns are the texts `c0`, `c1`, …, and plans how to read each of `columns`.
 * Numbers are whole (`integer`) when no cell has a point or an exponent; only ISO 8601 dates and times are times; only
 * `true` and `false` are booleans; a column without any value is `double`.
 */
export async function planCsv(
	connection: DuckDBConnection,
	from: string,
	columns: readonly { cell: string; name: string }[],
): Promise<{ rows: number; planned: PlannedColumn[] }> {
	const counted = columns.flatMap(({ cell }) => {
		const number = `TRY_CAST(${cell} AS DOUBLE)`;
		const isNumber = `(isfinite(${number}) AND NOT contains(${cell}, '_'))`;
		return [
			`count(${cell})`,
			`count(*) FILTER (${isNumber})`,
			`count(*) FILTER (${isNumber} AND (contains(${cell}, '.') OR contains(lower(${cell}), 'e')))`,
			`count(*) FILTER (${isNoValue(cell)})`,
			`max(abs(${number})) FILTER (isfinite(${number}))`,
			`min(${cell}) FILTER (NOT ${isNoValue(cell)})`,
		];
	});
	const [first] = await rowsOf(connection, `SELECT ${['count(*)', ...counted].join(', ')} FROM ${from}`);
	const answers = first ?? [];
	const counts = columns.map(({ cell, name }, index): Counts => {
		const [present, numbers, fractions, noValues, largest] = answers.slice(6 * index + 1, 6 * index + 6).map(Number);
		const sample = answers[6 * index + 6] as string | null;
		return {
			cell,
			name,
			present: present ?? 0,
			numbers: numbers ?? 0,
			fractions: fractions ?? 0,
			noValues: noValues ?? 0,
			largest: largest ?? 0,
			sample,
		};
	});
	const special = await findTimesAndBooleans(connection, from, counts);
	return { rows: Number(answers[0]), planned: counts.map((column) => special.get(column.cell) ?? planColumn(column)) };
}

function planColumn({ cell, name, present, numbers, fractions, noValues, largest }: Counts): PlannedColumn {
	const text: PlannedColumn = { name, type: 'string', sql: cell };
	const number = `TRY_CAST(${cell} AS DOUBLE)`;
	if (present === 0) return { name, type: 'double', sql: number };
	if (numbers === 0 || numbers + noValues < present) return text;
	if (fractions > 0) return { name, type: 'double', sql: number };
	return largest <= largestExact ? { name, type: 'integer', sql: number } : text;
}

/** Only columns of which one cell looks like a time or a boolean cost this second look at the file. */
async function findTimesAndBooleans(
	connection: DuckDBConnection,
	from: string,
	counts: readonly Counts[],
): Promise<Map<string, PlannedColumn>> {
	const suspects = counts.filter(
		({ numbers, sample }) => numbers === 0 && sample !== null && /^\s*(\d{4}-\d{2}-\d{2}|true|false)/i.test(sample),
	);
	if (suspects.length === 0) return new Map();
	const counted = suspects.flatMap(({ cell }) => [
		`count(*) FILTER (lower(trim(${cell})) IN ('true', 'false'))`,
		`count(*) FILTER (regexp_full_match(${cell}, '${isoDate}') AND isfinite(${time(cell)}))`,
		`count(*) FILTER (regexp_full_match(${cell}, '${isoTimestamp}') AND isfinite(${time(cell)}))`,
	]);
	const [answers] = await rowsOf(connection, `SELECT ${counted.join(', ')} FROM ${from}`);
	const found = new Map<string, PlannedColumn>();
	suspects.forEach(({ cell, name, present, noValues }, index) => {
		const [booleans, dates, timestamps] = (answers ?? []).slice(3 * index, 3 * index + 3).map(Number) as [
			number,
			number,
			number,
		];
		const wanted = present - noValues;
		if (booleans === wanted) {
			found.set(cell, { name, type: 'boolean', sql: `TRY_CAST(TRY_CAST(trim(${cell}) AS BOOLEAN) AS DOUBLE)` });
		} else if (dates === wanted) {
			found.set(cell, { name, type: 'date', sql: milliseconds(time(cell)) });
		} else if (dates + timestamps === wanted) {
			found.set(cell, { name, type: 'timestamp', sql: milliseconds(time(cell)) });
		}
	});
	return found;
}
