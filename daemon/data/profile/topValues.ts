/** How many different values a column has, and which are the most frequent. */
import type { ColumnProfile } from '../../protocol/profile.ts';
import { sorted } from '../../stats/sort.ts';
import { isText } from '../chunks.ts';
import { rowsOf } from '../duckdb.ts';
import { type Column, type StringColumn, shownNumber } from '../table.ts';
import type { ColumnLook } from './moments.ts';
import { type ProfiledRows, sampleLimit } from './profiledRows.ts';

const shownValues = 10;

/** Longer text is cut in reports: a cell may hold a whole document. */
const longestShown = 200;

export interface TopValues {
	distinct: number;
	top: ColumnProfile['top'];
	estimated: ('distinct' | 'top')[];
}

/** Of all rows of a column: exact. */
export function countValues(column: Column): TopValues {
	const { distinct, most } = column.kind === 'string' ? countWords(column) : countNumbers(sorted(column.values));
	const shown = (value: number) =>
		column.kind === 'string' ? cut(column.dictionary[value] as string) : shownNumber(column.type, value);
	return { distinct, top: most.map(({ value, count }) => ({ value: shown(value), count })), estimated: [] };
}

/**
 * Of a column of which `sample` holds a part: exact where it has at most a million different values, else estimated, with
 * the counts of the sample scaled.
 */
export async function estimateValues(data: ProfiledRows, look: ColumnLook, sample: Column): Promise<TopValues> {
	const { roughlyDistinct, count, sql, type } = look;
	if (roughlyDistinct !== null && roughlyDistinct > sampleLimit) {
		const top = countValues(sample).top.map((one) => ({ ...one, count: Math.min(count, one.count * data.every) }));
		return { distinct: Math.min(roughlyDistinct, count), top, estimated: ['distinct', 'top'] };
	}
	const value = isText(type) ? sql : `CASE WHEN isfinite(${sql}) THEN ${sql} END`;
	const groups = `SELECT ${value} AS v, count(*) AS n FROM ${data.from} GROUP BY v`;
	// By count, then by value, so that the same file always gives the same list.
	const [[distinct, most] = []] = await rowsOf(
		data.connection,
		`SELECT count(v), max(CASE WHEN n > 1 AND v IS NOT NULL THEN {'n': n, 'v': v} END, ${shownValues}) FROM (${groups})`,
	);
	const top = ((most ?? []) as { n: bigint; v: unknown }[]).map(({ n, v }) => ({
		value: isText(type) ? cut(String(v)) : shownNumber(type, Number(v)),
		count: Number(n),
	}));
	return { distinct: Number(distinct), top, estimated: [] };
}

interface Counts {
	distinct: number;
	/** Values, or codes of words, that occur more than once, by count and then by value, the largest first. */
	most: { value: number; count: number }[];
}

function countNumbers(ascending: Float64Array): Counts {
	const most: Counts['most'] = [];
	let distinct = 0;
	for (let start = 0; start < ascending.length; distinct++) {
		const value = ascending[start] as number;
		let end = start + 1;
		while (end < ascending.length && ascending[end] === value) end++;
		keep(most, { value: value + 0, count: end - start }, (a, b) => a - b);
		start = end;
	}
	return { distinct, most };
}

function countWords({ codes, dictionary }: StringColumn): Counts {
	const counts = new Uint32Array(dictionary.length);
	for (const code of codes) if (code >= 0) counts[code] = (counts[code] as number) + 1;
	const byWord = (a: number, b: number) =>
		Buffer.compare(Buffer.from(dictionary[a] ?? ''), Buffer.from(dictionary[b] ?? ''));
	const most: Counts['most'] = [];
	counts.forEach((count, value) => {
		keep(most, { value, count }, byWord);
	});
	return { distinct: counts.reduce((sum, count) => sum + +(count > 0), 0), most };
}

/** Puts a value into its place among the most frequent. */
function keep(most: Counts['most'], one: Counts['most'][number], compare: (a: number, b: number) => number): void {
	const last = most.at(-1);
	if (one.count < 2 || (most.length === shownValues && last !== undefined && one.count < last.count)) return;
	most.push(one);
	most.sort((a, b) => b.count - a.count || compare(b.value, a.value));
	most.length = Math.min(most.length, shownValues);
}

function cut(text: string): string {
	return text.length > longestShown ? `${text.slice(0, longestShown - 1)}…` : text;
}
