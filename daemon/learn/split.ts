/** Which rows are learned from, and which are kept to measure with. */
import { columnOf, type Table } from '../data/table.ts';
import { textOf } from '../onnx/feeds.ts';
import { PerchError } from '../protocol/errors.ts';
import type { SplitSection } from '../protocol/project/split.ts';
import { createRandom, type Random } from '../stats/random.ts';
import type { Target } from './target.ts';

export interface Parts {
	readonly train: Uint32Array;
	readonly test: Uint32Array;
}

/** The columns that `by: time` and `by: group` go by. */
export interface SplitColumns {
	readonly time?: string | null | undefined;
	readonly key?: string | null | undefined;
}

/** The rows in another order, every order equally likely (Fisher and Yates). */
export function shuffled(rows: Uint32Array, random: Random): Uint32Array {
	const mixed = rows.slice();
	for (let at = mixed.length - 1; at > 0; at--) {
		const other = random.integer(at + 1);
		[mixed[at], mixed[other]] = [mixed[other] as number, mixed[at] as number];
	}
	return mixed;
}

/**
 * Parts the rows of a target. `random` and `stratified` (the same share of each class) draw by the seed; `time` keeps the
 * last rows by the time column, equal times together; `group` keeps whole groups by the key column. Both parts are in the
 * order of the table. Throws `invalid_config` where a column is missing for it, `empty_data` where a part would be empty.
 */
export function splitRows(
	table: Table,
	target: Target,
	section: Pick<SplitSection, 'test' | 'by' | 'seed'>,
	columns: SplitColumns,
): Parts {
	const { rows } = target;
	const wanted = Math.round(section.test * rows.length);
	const random = createRandom(section.seed, 'split', section.by);
	const parts = {
		random: () => cut(shuffled(rows, random), wanted),
		stratified: () => stratified(target, section.test, random),
		time: () => byTime(table, rows, wanted, namedColumn(columns.time, 'time')),
		group: () => byGroup(table, rows, wanted, namedColumn(columns.key, 'key'), random),
	}[section.by]();
	if (parts.train.length === 0 || parts.test.length === 0) {
		throw new PerchError(
			'empty_data',
			`Of ${rows.length} rows with a target none is left to ${parts.train.length === 0 ? 'learn from' : 'measure with'}.`,
			{
				field: 'split.test',
				hint: 'Give more rows, or another share in split.test.',
			},
		);
	}
	return parts;
}

/** The column that a split needs; throws `invalid_config` where perch.yaml does not name it. */
export function namedColumn(column: string | null | undefined, role: 'time' | 'key'): string {
	if (column) return column;
	throw new PerchError('invalid_config', `split.by: ${role === 'time' ? 'time' : 'group'} needs data.${role}.`, {
		field: 'split.by',
		hint: `Name the column in data.${role}.`,
	});
}

/** The first so many of mixed rows are the test. */
function cut(mixed: Uint32Array, count: number): Parts {
	return { test: mixed.slice(0, count).sort(), train: mixed.slice(count).sort() };
}

function stratified(target: Target, share: number, random: Random): Parts {
	const parts = classRows(target, target.rows).map((of) => cut(shuffled(of, random), Math.round(share * of.length)));
	const joined = (part: 'train' | 'test') => Uint32Array.from(parts.flatMap((one) => [...one[part]])).sort();
	return { train: joined('train'), test: joined('test') };
}

/** The rows of each class; throws `invalid_config` where the target is a number. */
export function classRows(target: Target, rows: Uint32Array): Uint32Array[] {
	if (target.task === 'regression') {
		throw new PerchError('invalid_config', 'split.by: stratified is for classes, and the target is a number.', {
			field: 'split.by',
			hint: 'Use random, time or group.',
		});
	}
	const { codes, classes } = target;
	return classes.map((_, one) => rows.filter((row) => codes[row] === one));
}

function byTime(table: Table, rows: Uint32Array, count: number, name: string): Parts {
	const { ordered, isSameTime } = orderByTime(table, rows, name);
	let border = ordered.length - count;
	while (border > 0 && border < ordered.length && isSameTime(border - 1, border)) border--;
	return {
		train: Uint32Array.from(ordered.slice(0, border)).sort(),
		test: Uint32Array.from(ordered.slice(border)).sort(),
	};
}

/**
 * Rows by the values of a column, equal ones in the order of the table; a missing time comes first. Text is ordered as
 * it is, which ISO times take well. `isSameTime` takes two places in that order.
 */
export function orderByTime(
	table: Table,
	rows: Uint32Array,
	name: string,
): { ordered: number[]; isSameTime(one: number, other: number): boolean } {
	const column = columnOf(table, name);
	const word = textOf(column);
	const number = (row: number) => {
		const value = column.kind === 'number' ? (column.values[row] as number) : 0;
		return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
	};
	const at: (row: number) => number | string = column.kind === 'number' ? number : word;
	const ordered = [...rows].sort((a, b) => {
		const [first, second] = [at(a), at(b)];
		return first < second ? -1 : first > second ? 1 : a - b;
	});
	return {
		ordered,
		isSameTime: (one, other) => at(ordered[one] as number) === at(ordered[other] as number),
	};
}

function byGroup(table: Table, rows: Uint32Array, count: number, name: string, random: Random): Parts {
	const groups = groupRows(table, rows, name);
	const order = shuffled(Uint32Array.from(groups.keys()), random);
	const test: number[] = [];
	for (const place of order) {
		if (test.length >= count) break;
		for (const row of groups[place] as number[]) test.push(row);
	}
	const apart = new Set(test);
	return { test: Uint32Array.from(test).sort(), train: rows.filter((row) => !apart.has(row)) };
}

/** The rows of each value of a column, in the order in which the values come. */
export function groupRows(table: Table, rows: Uint32Array, name: string): number[][] {
	const word = textOf(columnOf(table, name));
	const groups = new Map<string, number[]>();
	for (const row of rows) {
		const group = word(row);
		const members = groups.get(group);
		if (members === undefined) groups.set(group, [row]);
		else members.push(row);
	}
	return [...groups.values()];
}
