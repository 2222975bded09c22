/** Signs that what was measured says too much: the model knows what it will not know when it predicts. */
import { type Column, columnOf, type Table } from '../../data/table.ts';
import { quantile } from '../../stats/quantile.ts';
import { sorted } from '../../stats/sort.ts';
import { spreadRows } from '../preparation/featureMatrix.ts';
import type { Parts } from '../split.ts';
import type { Target } from '../target.ts';

/** Rows that are looked at in each part, and what a column alone must explain to be told of. */
const mostRows = 20_000;
const fewestRows = 30;
const explained = 0.99;

/**
 * Columns that alone predict the target: in at most 256 bins (or by category), the mean or the most frequent class of
 * the rows learned from explains at least 99 % of what the baseline gets wrong on the other rows (of the squares, or of
 * the wrong classes). Such a column is often the target itself in other words, or written down after it was known.
 */
export function tellingColumns(table: Table, target: Target, parts: Parts, columns: readonly string[]): string[] {
	const learned = someOf(parts.train);
	const held = someOf(parts.test);
	if (held.length < fewestRows) return [];
	return columns.flatMap((name) => {
		const share = explainedBy(binsOf(columnOf(table, name), learned), target, learned, held);
		return share >= explained
			? [
					`Column ${JSON.stringify(name)} alone predicts ${(100 * share).toFixed(1)} % of the target: it may not be known when the model is asked. Leave it out with data.exclude, if so.`,
				]
			: [];
	});
}

function someOf(rows: Uint32Array): Uint32Array {
	return spreadRows(rows.length, mostRows).map((place) => rows[place] as number);
}

/** The bin of each row: a category, or one of at most 256 bins of about equal counts; −1 for nothing. */
function binsOf(column: Column, rows: Uint32Array): (row: number) => number {
	if (column.kind === 'string') return (row) => column.codes[row] as number;
	const { values } = column;
	const ordered = sorted(Float64Array.from(rows, (row) => values[row] as number));
	const edges = [...new Set(Array.from({ length: 255 }, (_, index) => quantile(ordered, (index + 1) / 256)))];
	return (row) => {
		const value = values[row] as number;
		if (Number.isNaN(value)) return -1;
		let [low, high] = [0, edges.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if (value > (edges[middle] as number)) low = middle + 1;
			else high = middle;
		}
		return low;
	};
}

/** 1 − errors with the bin over errors without, on the rows held; rows in bins that were not learned get the baseline. */
function explainedBy(bin: (row: number) => number, target: Target, learned: Uint32Array, held: Uint32Array): number {
	const { answers, baseline } =
		target.task === 'regression' ? means(bin, target.values, learned) : modes(bin, target.codes, learned);
	let own = 0;
	let other = 0;
	for (const row of held) {
		const answer = answers.get(bin(row)) ?? baseline;
		if (target.task === 'regression') {
			own += ((target.values[row] as number) - answer) ** 2;
			other += ((target.values[row] as number) - baseline) ** 2;
		} else {
			own += +(target.codes[row] !== answer);
			other += +(target.codes[row] !== baseline);
		}
	}
	return other === 0 ? 0 : 1 - own / other;
}

interface Answers {
	answers: Map<number, number>;
	baseline: number;
}

function means(bin: (row: number) => number, values: Float64Array, rows: Uint32Array): Answers {
	const sums = new Map<number, { sum: number; count: number }>();
	let total = 0;
	for (const row of rows) {
		const value = values[row] as number;
		const of = sums.get(bin(row)) ?? { sum: 0, count: 0 };
		sums.set(bin(row), { sum: of.sum + value, count: of.count + 1 });
		total += value;
	}
	return {
		answers: new Map([...sums].map(([one, { sum, count }]) => [one, sum / count])),
		baseline: total / rows.length,
	};
}

function modes(bin: (row: number) => number, codes: Uint16Array, rows: Uint32Array): Answers {
	const all = new Map<number, number>();
	const counts = new Map<number, Map<number, number>>();
	for (const row of rows) {
		const code = codes[row] as number;
		const of = counts.get(bin(row)) ?? new Map<number, number>();
		of.set(code, (of.get(code) ?? 0) + 1);
		counts.set(bin(row), of);
		all.set(code, (all.get(code) ?? 0) + 1);
	}
	const greatest = (of: Map<number, number>) => [...of].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
	return { answers: new Map([...counts].map(([one, of]) => [one, greatest(of)])), baseline: greatest(all) };
}

/** Share of rows measured from which on equal ones among those learned from are told of. */
const manyEqual = 0.01;

/** Rows that are measured with and stand among those learned from too, equal in all of these columns. */
export function sharedRows(
	learned: { table: Table; rows: Uint32Array },
	held: { table: Table; rows: Uint32Array },
	columns: readonly string[],
): string[] {
	const known = new Set(rowHashes(learned, columns));
	let equal = 0;
	for (const hash of rowHashes(held, columns)) equal += +known.has(hash);
	if (equal === 0 || equal < manyEqual * held.rows.length) return [];
	return [
		`${equal} of the ${held.rows.length} rows measured with stand among those learned from too, equal in every column: the figures are too good. Remove repeated rows, or keep them together with split: {by: group}.`,
	];
}

/** 53 bits a row, over the values as they are: NaN equals NaN, and text is taken by its words, not by its codes. */
function rowHashes({ table, rows }: { table: Table; rows: Uint32Array }, columns: readonly string[]): Float64Array {
	const high = new Uint32Array(rows.length).fill(0x811c9dc5);
	const low = new Uint32Array(rows.length).fill(0x9e3779b9);
	const double = new Float64Array(1);
	const words = new Uint32Array(double.buffer);
	const add = (at: number, word: number) => {
		high[at] = Math.imul((high[at] as number) ^ word, 0x01000193);
		const turned = Math.imul((low[at] as number) + word, 0x85ebca6b);
		low[at] = (turned ^ (turned >>> 13)) >>> 0;
		high[at] = ((high[at] as number) ^ ((high[at] as number) >>> 15)) >>> 0;
	};
	for (const name of columns) {
		const column = columnOf(table, name);
		if (column.kind === 'string') {
			const hashes = Uint32Array.from(column.dictionary, hashText);
			for (let at = 0; at < rows.length; at++) add(at, hashes[column.codes[rows[at] as number] as number] ?? 1);
			continue;
		}
		for (let at = 0; at < rows.length; at++) {
			double[0] = (column.values[rows[at] as number] as number) + 0;
			add(at, words[0] as number);
			add(at, words[1] as number);
		}
	}
	return Float64Array.from(high, (value, at) => value * 2_097_152 + ((low[at] as number) >>> 11));
}

function hashText(text: string): number {
	let hash = 0x811c9dc5;
	for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
	return hash >>> 0;
}

/** That rows with a time are parted without regard to it, so that the model is measured on times between those it knows. */
export function timeMixed(
	table: Table,
	by: string,
	{ time, target }: { time?: string | null | undefined; target?: string | null | undefined },
): string[] {
	if (by === 'time' || by === 'group') return [];
	if (time) {
		return [
			`data.time is ${JSON.stringify(time)} and the rows are parted ${by === 'random' ? 'at random' : 'by class'}: the model is measured on times between those that it learned from. Say split: {by: time} to measure with the last rows.`,
		];
	}
	const found = table.columns.find(({ name, type }) => name !== target && (type === 'timestamp' || type === 'date'));
	if (found === undefined) return [];
	return [
		`Column ${JSON.stringify(found.name)} holds times and the rows are parted ${by === 'random' ? 'at random' : 'by class'}: if the model is to predict later rows, name it in data.time, and the last rows are measured with.`,
	];
}
