/**
 * How many rows of a column, in the order of their rows, say as much as one independent row. Series with memory, such as
 * telemetry, wander: two stretches of one hour differ however healthy the machine is, and a test that takes each row for
 * new evidence cries wolf.
 *
 * A column that was sorted has an order too, and it says nothing of memory. It is taken for sorted where it has more than
 * 20 different values and only rises, only falls or has the rows of each category together; with fewer values (a switch
 * that is thrown once looks so too) where both samples are like that.
 */
import { autocorrelationTime } from '../../stats/autocorrelationTime.ts';
import type { Memory } from './sound.ts';

/** What the order of the rows of one sample tells. */
export interface RowOrder {
	/** Rows that say as much as one independent row, 1 and more. */
	memory: number;
	/** The same within short stretches: what is left where the level changed once. */
	local: number;
	/** The rows lie as a sorted file has them. */
	sorted: boolean;
	/** So many different values that only sorting or a trend puts them into such order. */
	many: boolean;
}

const manyValues = 20;

/** The order of a sample that has no two values to put into one. */
export const unordered: RowOrder = { memory: 1, local: 1, sorted: false, many: false };

/**
 * What the rows of both samples count as. Without drift both have the same memory. Where the current rows have more of it than
 * the reference, and more than they have within short stretches, their level changed on the way: that is drift that begins,
 * and no memory.
 */
export function memoryOf(reference: RowOrder, current: RowOrder): Memory {
	const both = reference.sorted && current.sorted;
	const count = ({ memory, sorted, many }: RowOrder) => (sorted && (both || many) ? 1 : memory);
	const before = count(reference);
	return { reference: before, current: Math.min(count(current), Math.max(before, current.local)) };
}

/** Of few rows longer stretches: in shorter ones memory would not show. */
const stretchesOf = (length: number) => (length < 250 ? 3 : 5);

/** The middle one of the times of three or five stretches; one change of level lies in one of them. */
function localTime(series: Float64Array, length: number): number {
	const stretches = stretchesOf(length);
	const times = Array.from({ length: stretches }, (_, part) => {
		const [from, to] = [part, part + 1].map((end) => Math.floor((end * length) / stretches));
		return autocorrelationTime(series.subarray(from, to));
	});
	return times.sort((a, b) => a - b)[stretches >> 1] as number;
}

/**
 * Of numbers in the order of their rows (NaN is null) with `ascending`, the same without nulls. The memory is that of the
 * ranks in quarters, so that far values count like others.
 */
export function orderOfNumbers(values: Float64Array, ascending: Float64Array): RowOrder {
	const n = ascending.length;
	if (n < 2 || ascending[0] === ascending[n - 1]) return unordered;
	const quartiles = quarters(n).map((place) => ascending[place]) as [number, number, number];
	return orderOfRanked(values, n, quartiles, hasManyValues(ascending));
}

/** The same of `count` numbers that are not null and not all equal, by their quartiles. */
export function orderOfRanked(
	values: Float64Array,
	count: number,
	[low, middle, high]: readonly [number, number, number],
	many: boolean,
): RowOrder {
	const ranks = new Float64Array(count);
	let at = 0;
	for (let row = 0; row < values.length; row++) {
		const value = values[row] as number;
		if (Number.isNaN(value)) continue;
		ranks[at] =
			+(value > low) + +(value >= low) + +(value > middle) + +(value >= middle) + +(value > high) + +(value >= high);
		at += 1;
	}
	const memory = autocorrelationTime(ranks);
	return { memory, local: memory > 1 ? localTime(ranks, count) : 1, sorted: onlyRisesOrFalls(values), many };
}

/** Apart from the ranks: rows in no order end it at once, and within their loop each would be a guess of the processor. */
function onlyRisesOrFalls(values: Float64Array): boolean {
	let [rises, falls, before] = [true, true, Number.NaN];
	for (let row = 0; row < values.length && (rises || falls); row++) {
		const value = values[row] as number;
		if (Number.isNaN(value)) continue;
		if (value < before) rises = false;
		else if (value > before) falls = false;
		before = value;
	}
	return rises || falls;
}

/** Places of the quartiles among n sorted values. */
export function quarters(n: number): [number, number, number] {
	return [Math.floor(n / 4), Math.floor(n / 2), Math.floor((3 * n) / 4)];
}

function hasManyValues(ascending: Float64Array): boolean {
	let distinct = 1;
	for (let i = 1; i < ascending.length && distinct <= manyValues; i++) distinct += +(ascending[i] !== ascending[i - 1]);
	return areMany(distinct);
}

export function areMany(distinct: number): boolean {
	return distinct > manyValues;
}

/** So many ways to part the categories in two are looked at: by the bits of their place when ordered by count. */
const divisions = 3;

/**
 * Of categories in the order of their rows: `codes` into `counts` (-1 is null), counted there. The categories, the
 * most frequent first, are parted in two by each of the lowest bits of their place; the longest memory counts.
 */
export function orderOfCategories(codes: Int32Array | Float64Array, counts: ArrayLike<number>): RowOrder {
	const order = Array.from(counts, (_, code) => code).filter((code) => (counts[code] as number) > 0);
	if (order.length < 2) return unordered;
	const values = order.reduce((sum, code) => sum + (counts[code] as number), 0);
	order.sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b);
	const places = new Int32Array(counts.length);
	for (const [rank, code] of order.entries()) places[code] = rank;
	const sequence = new Int32Array(values);
	let [at, runs, before] = [0, 0, -1];
	for (let row = 0; row < codes.length; row++) {
		const code = codes[row] as number;
		if (code < 0) continue;
		const place = places[code] as number;
		sequence[at++] = place;
		runs += +(place !== before);
		before = place;
	}
	const side = new Float64Array(values);
	let [memory, local] = [1, 1];
	for (let bit = 0; bit < divisions && order.length > 2 ** bit; bit++) {
		for (let row = 0; row < values; row++) side[row] = ((sequence[row] as number) >> bit) & 1;
		const time = autocorrelationTime(side);
		memory = Math.max(memory, time);
		if (time > 1) local = Math.max(local, localTime(side, values));
	}
	return { memory, local, sorted: runs === order.length, many: areMany(order.length) };
}
