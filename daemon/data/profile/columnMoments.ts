/** Nulls, moments and extremes of a column in memory, in two passes over its values. */
import type { DatasetColumn } from '../../protocol/datasets.ts';
import { type Column, shownNumber } from '../table.ts';

export type ColumnMoments = Omit<DatasetColumn, 'name' | 'type' | 'digest'>;

export function columnMoments(column: Column): ColumnMoments {
	return column.kind === 'number' ? ofNumbers(column) : ofWords(column);
}

function ofNumbers({ type, values }: Extract<Column, { kind: 'number' }>): ColumnMoments {
	let [count, sum, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	for (let row = 0; row < values.length; row++) {
		const value = values[row] as number;
		if (Number.isNaN(value)) continue;
		count += 1;
		sum += value;
		if (value < min) min = value;
		if (value > max) max = value;
	}
	const mean = sum / count;
	let squares = 0;
	for (let row = 0; row < values.length; row++) {
		const gap = (values[row] as number) - mean;
		squares += Number.isNaN(gap) ? 0 : gap * gap;
	}
	const time = type === 'date' || type === 'timestamp';
	return {
		nulls: values.length - count,
		distinct: null,
		mean: time ? null : finite(mean),
		std: time || count < 2 ? null : min === max ? 0 : finite(Math.sqrt(squares / (count - 1))),
		min: count === 0 ? null : shownNumber(type, min + 0),
		max: count === 0 ? null : shownNumber(type, max + 0),
	};
}

function ofWords({ codes, dictionary }: Extract<Column, { kind: 'string' }>): ColumnMoments {
	const used = new Uint8Array(dictionary.length);
	let nulls = 0;
	for (let row = 0; row < codes.length; row++) {
		const code = codes[row] as number;
		if (code < 0) nulls += 1;
		else used[code] = 1;
	}
	const distinct = used.reduce((total, one) => total + one, 0);
	return { nulls, distinct, mean: null, std: null, min: null, max: null };
}

/** Sums of huge values may leave the range of doubles; then there is no figure. */
function finite(value: number): number | null {
	return Number.isFinite(value) ? value : null;
}
