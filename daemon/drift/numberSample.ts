/** What a report says of one sample of numbers by itself. */
import type { DriftColumn } from '../protocol/drift.ts';
import { moments } from '../stats/moments.ts';
import { quantile } from '../stats/quantile.ts';
import { countAtMost } from './deciles.ts';

export type ColumnSummary = DriftColumn['reference'];

/** The finite part of sorted numbers, sharing their memory. */
export function finiteOnly(sorted: Float64Array): Float64Array {
	const from = countAtMost(sorted, Number.NEGATIVE_INFINITY);
	return sorted.subarray(from, countAtMost(sorted, Number.MAX_VALUE));
}

/** Mean and standard deviation (n - 1) of finite numbers; null where not defined, or too large for a double. */
function meanAndStd(values: Float64Array): { mean: number | null; std: number | null } {
	if (values.length === 0) return { mean: null, std: null };
	const { mean, squares } = moments(values);
	return { mean: finite(mean), std: values.length < 2 ? null : finite(Math.sqrt(squares / (values.length - 1))) };
}

/** The number, or null for what JSON cannot hold. */
export function finite(value: number): number | null {
	return Number.isFinite(value) ? value : null;
}

/** `sorted` are the values of a column of so many rows that are not null. Moments are those of the finite values. */
export function summarizeNumbers(sorted: Float64Array, rows: number): ColumnSummary {
	const values = finiteOnly(sorted);
	const { mean, std } = meanAndStd(values);
	return {
		rows,
		nulls: rows - sorted.length,
		distinct: countDistinct(sorted),
		mean,
		std,
		min: values[0] ?? null,
		median: values.length === 0 ? null : finite(quantile(values, 0.5)),
		max: values.at(-1) ?? null,
	};
}

export function countDistinct(sorted: Float64Array): number {
	let distinct = 0;
	for (let i = 0; i < sorted.length; i++) distinct += +(i === 0 || sorted[i] !== sorted[i - 1]);
	return distinct;
}
