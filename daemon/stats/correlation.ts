/** How far two columns of numbers move together; rows in which either is NaN are left out, as pandas leaves them out. */
import { ascendingOrder } from './ascendingOrder.ts';

/** Values with what is computed once for all pairs that they are part of. */
export interface CorrelatedColumn {
	/** Divided by the largest size among them, so that no sum overflows. */
	readonly values: Float64Array;
	readonly order: Uint32Array;
	/** Ranks from 1, equal values sharing the mean of theirs; NaN where the value is. */
	readonly ranks: Float64Array;
	readonly whole: boolean;
}

/** Prepares finite values and NaN for `pearson` and `spearman`. */
export function correlatedColumn(values: Float64Array): CorrelatedColumn {
	let largest = 0;
	for (const value of values) largest = Math.max(largest, Number.isNaN(value) ? 0 : Math.abs(value));
	const scaled = largest === 0 ? values : values.map((value) => value / largest);
	const order = ascendingOrder(scaled);
	const ranks = new Float64Array(values.length).fill(Number.NaN);
	rank(scaled, order, order.length, ranks);
	return { values: scaled, order, ranks, whole: order.length === values.length };
}

/**
 * Pearson's correlation, -1 to 1; null where it is not defined: under two rows, or a side without deviation.
 * pearson([1, 2, 3, 5], [2, 1, 4, 6]) = 10.25 / sqrt(8.75 · 14.75) = 0.9022.
 */
export function pearson(x: CorrelatedColumn, y: CorrelatedColumn): number | null {
	return momentCorrelation(x.values, y.values);
}

/** Spearman's correlation, -1 to 1: Pearson's of the ranks, taken among the rows that have both values; null as there. */
export function spearman(x: CorrelatedColumn, y: CorrelatedColumn): number | null {
	if (x.whole && y.whole) return momentCorrelation(x.ranks, y.ranks);
	return momentCorrelation(ranksAmong(x, y.values), ranksAmong(y, x.values));
}

/** Ranks among the rows in which the other side has a value; NaN elsewhere. */
function ranksAmong({ values, order }: CorrelatedColumn, other: Float64Array): Float64Array {
	const kept = new Uint32Array(order.length);
	let count = 0;
	for (const place of order) {
		kept[count] = place;
		count += +!Number.isNaN(other[place] as number);
	}
	const ranks = new Float64Array(values.length).fill(Number.NaN);
	rank(values, kept, count, ranks);
	return ranks;
}

function rank(values: Float64Array, order: Uint32Array, count: number, ranks: Float64Array): void {
	for (let start = 0; start < count; ) {
		const value = values[order[start] as number] as number;
		let end = start + 1;
		while (end < count && values[order[end] as number] === value) end++;
		for (let i = start; i < end; i++) ranks[order[i] as number] = (start + end + 1) / 2;
		start = end;
	}
}

/** In two passes, the means first: sums of squares lose what tells values apart that are far from 0. */
function momentCorrelation(x: Float64Array, y: Float64Array): number | null {
	let [count, sumX, sumY] = [0, 0, 0];
	for (let i = 0; i < x.length; i++) {
		const a = x[i] as number;
		const b = y[i] as number;
		if (Number.isNaN(a) || Number.isNaN(b)) continue;
		count += 1;
		sumX += a;
		sumY += b;
	}
	const [meanX, meanY] = [sumX / count, sumY / count];
	let [both, squareX, squareY, constantX, constantY] = [0, 0, 0, true, true];
	let first = -1;
	for (let i = 0; i < x.length; i++) {
		const a = x[i] as number;
		const b = y[i] as number;
		if (Number.isNaN(a) || Number.isNaN(b)) continue;
		if (first < 0) first = i;
		constantX &&= a === x[first];
		constantY &&= b === y[first];
		both += (a - meanX) * (b - meanY);
		squareX += (a - meanX) ** 2;
		squareY += (b - meanY) ** 2;
	}
	// A constant whose mean is rounded has a deviation of rounding errors, which correlate with anything.
	if (constantX || constantY || squareX === 0 || squareY === 0) return null;
	return Math.max(-1, Math.min(1, both / Math.sqrt(squareX) / Math.sqrt(squareY)));
}
