/**
 * Small tables through danfojs: first rows with moments, and means of groups. Slow to load and large: import this file
 * only where it is used (`await import`), and only in a job.
 *
 * What danfojs gets wrong is kept away from it: a null or NaN makes `describe` throw and poisons a group's mean, an empty
 * series throws, typed arrays and repeated column names are refused, the deviation of one value is 0.
 */
import danfojs from 'danfojs-node';
import { type Cell, cellOf, type Table } from './table.ts';

/** What is used of danfojs, whose own types say `any`. */
interface Danfojs {
	Series: new (values: number[]) => { describe(): { index: (string | number)[]; values: number[] } };
	DataFrame: new (
		columns: Record<string, (string | number)[]>,
	) => { groupby(columns: string[]): { mean(): { columns: string[]; values: (string | number)[][] } } };
}
const { Series, DataFrame } = danfojs as unknown as Danfojs;

/** Moments of a numeric column; nulls are not counted. `std` is of the sample (n - 1). Null where there is too little. */
export interface Moments {
	column: string;
	count: number;
	mean: number | null;
	std: number | null;
	min: number | null;
	median: number | null;
	max: number | null;
}

/** The first `rows` rows, and the moments of the numeric and boolean columns over all rows. */
export function preview(table: Table, rows: number): { head: Cell[][]; describe: Moments[] } {
	const head = Array.from({ length: Math.min(rows, table.rows) }, (_, row) =>
		table.columns.map((column) => cellOf(column, row)),
	);
	const describe = table.columns.flatMap((column) =>
		column.kind === 'number' && column.type !== 'date' && column.type !== 'timestamp'
			? [momentsOf(column.name, column.values)]
			: [],
	);
	return { head, describe };
}

function momentsOf(column: string, values: Float64Array): Moments {
	const present = Array.from(values.filter((value) => !Number.isNaN(value)));
	const count = present.length;
	if (count === 0) return { column, count, mean: null, std: null, min: null, median: null, max: null };
	const described = new Series(present).describe();
	const of = (name: string) => finite(described.values[described.index.indexOf(name)]);
	const std = count < 2 ? null : of('std');
	return { column, count, mean: of('mean'), std, min: of('min'), median: of('median'), max: of('max') };
}

function finite(value: unknown): number | null {
	return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** A row to be grouped: its group, and its metrics, of which null and NaN are not counted. */
export interface GroupedRow {
	value: string;
	metrics: Readonly<Record<string, number | null>>;
}

/** The mean of each metric by group, in the order of the groups' first rows; null where no row of a group has it. */
export function groupedMeans(
	rows: readonly GroupedRow[],
): { value: string; runs: number; metrics: Record<string, number | null> }[] {
	const groups = new Map<string, number>();
	for (const { value } of rows) groups.set(value, (groups.get(value) ?? 0) + 1);
	const values = [...groups.keys()];
	const places = new Map(values.map((value, place) => [value, place]));
	const names = [...new Set(rows.flatMap(({ metrics }) => Object.keys(metrics)))];
	const means = new Map(names.map((name) => [name, meansOf(rows, name, places)]));
	return values.map((value, place) => ({
		value,
		runs: groups.get(value) ?? 0,
		metrics: Object.fromEntries(names.map((name) => [name, means.get(name)?.get(place) ?? null])),
	}));
}

/** Means of one metric by the place of their group. Groups go in as numbers: a name may look like anything. */
function meansOf(rows: readonly GroupedRow[], name: string, places: ReadonlyMap<string, number>): Map<number, number> {
	const counted = rows.filter(({ metrics }) => finite(metrics[name]) !== null);
	if (counted.length === 0) return new Map();
	const frame = new DataFrame({
		group: counted.map(({ value }) => places.get(value) ?? 0),
		metric: counted.map(({ metrics }) => metrics[name] ?? 0),
	});
	const { values } = frame.groupby(['group']).mean();
	return new Map(values.map(([group, mean]) => [Number(group), Number(mean)]));
}
