/** Counts, moments and extremes of the columns of a file, in one pass over it. */
import type { ColumnType } from '../../protocol/datasets.ts';
import { isText, type PlannedColumn } from '../chunks.ts';
import { askOfColumns, rowsOf } from '../duckdb.ts';
import { type Cell, shownNumber } from '../table.ts';
import { type ProfiledRows, sampleLimit } from './profiledRows.ts';

export interface ColumnLook extends PlannedColumn {
	/** Values that are neither null nor NaN. */
	count: number;
	/** About how many are different; asked of many rows only. */
	roughlyDistinct: number | null;
	zeros: number | null;
	infinities: number | null;
	min: Cell;
	max: Cell;
	mean: number | null;
	std: number | null;
	lengths: { min: number; max: number; mean: number } | null;
	/** Equal for columns that hold the same in every row. */
	digest: string;
}

/** Larger values could make the sum of their squares infinite, which DuckDB refuses. */
const largestSquared = 1e100;

export async function lookAtColumns(data: ProfiledRows): Promise<ColumnLook[]> {
	const rough = data.rows > sampleLimit;
	const planned = data.planned.map(withoutNan);
	const asked = planned.map(({ type, sql }) => [
		`count(${sql})`,
		rough ? `approx_count_distinct(${sql})` : 'NULL',
		`bit_xor(hash(hash(${sql}, ${data.row})))`,
		...(isText(type) ? askOfText(sql) : askOfNumbers(sql)),
	]);
	const { answers } = await askOfColumns(data.connection, data.from, asked);
	const looks = planned.map((column, index): ColumnLook => {
		const [count, distinct, digest, ...rest] = answers[index] as unknown[];
		const common = {
			...column,
			count: Number(count),
			roughlyDistinct: distinct === null ? null : Number(distinct),
			digest: String(digest),
		};
		return isText(column.type) ? textLook(common, rest) : numberLook(common, rest);
	});
	for (const look of looks) await addLargeMoments(data, look);
	return looks;
}

/** NaN is null in a table; times, whole numbers and booleans have none. */
function withoutNan(column: PlannedColumn): PlannedColumn {
	return column.type === 'double' ? { ...column, sql: `nullif(${column.sql}, 'NaN'::DOUBLE)` } : column;
}

const finite = (sql: string) => `CASE WHEN isfinite(${sql}) THEN ${sql} END`;

function askOfText(sql: string): string[] {
	return [`min(length(${sql}))`, `max(length(${sql}))`, `avg(length(${sql}))`];
}

function askOfNumbers(sql: string): string[] {
	const squarable = `CASE WHEN abs(${sql}) < ${largestSquared} THEN ${sql} END`;
	return [
		`count(CASE WHEN ${sql} = 0 THEN 1 END)`,
		`count(CASE WHEN isinf(${sql}) THEN 1 END)`,
		`min(${finite(sql)})`,
		`max(${finite(sql)})`,
		`avg(${squarable})`,
		`stddev_samp(${squarable})`,
	];
}

type Common = PlannedColumn & Pick<ColumnLook, 'count' | 'roughlyDistinct' | 'digest'>;

function textLook(common: Common, [min, max, mean]: unknown[]): ColumnLook {
	const lengths = min === null ? null : { min: Number(min), max: Number(max), mean: Number(mean) };
	return { ...common, zeros: null, infinities: null, min: null, max: null, mean: null, std: null, lengths };
}

function numberLook(common: Common, found: unknown[]): ColumnLook {
	const [zeros, infinities, min, max, mean, std] = found.map((value) => (value === null ? null : Number(value)));
	const { type } = common;
	const time = isTime(type);
	return {
		...common,
		zeros: time ? null : (zeros ?? 0),
		infinities: time ? null : (infinities ?? 0),
		min: shown(type, min),
		max: shown(type, max),
		mean: time ? null : (mean ?? null),
		// The mean of equal values may be rounded, and then leaves a deviation.
		std: time ? null : min === max && (std ?? null) !== null ? 0 : (std ?? null),
		lengths: null,
	};
}

export function isTime(type: ColumnType): boolean {
	return type === 'date' || type === 'timestamp';
}

function shown(type: ColumnType, value: number | null | undefined): Cell {
	return value === null || value === undefined ? null : shownNumber(type, value);
}

/** Mean and deviation of values of 1e100 and more, which are divided by the largest first. */
async function addLargeMoments({ connection, from }: ProfiledRows, look: ColumnLook): Promise<void> {
	if (look.type !== 'double') return;
	const scale = Math.max(Math.abs(Number(look.min)), Math.abs(Number(look.max)));
	if (scale < largestSquared) return;
	const scaled = `${finite(look.sql)} / ${scale}`;
	const [[mean, std] = []] = await rowsOf(connection, `SELECT avg(${scaled}), stddev_samp(${scaled}) FROM ${from}`);
	look.mean = Number(mean) * scale;
	const deviation = Number(std) * scale;
	look.std = std === null || !Number.isFinite(deviation) ? null : deviation;
}
