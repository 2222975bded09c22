/** What the preparation needs to know of a raw column before it decides what becomes of it. */
import type { NumberColumn, StringColumn } from '../../data/table.ts';
import { greatestFloat } from '../../onnx/description.ts';
import { quantile } from '../../stats/quantile.ts';
import { sorted } from '../../stats/sort.ts';

export interface NumberFacts {
	/** Values that are not null. */
	count: number;
	nulls: number;
	distinct: number;
	median: number;
	mean: number;
	/** Standard deviation of the population. */
	std: number;
	/** The greatest absolute value. */
	largest: number;
	/** Every value is one more than the one before it. */
	counts: boolean;
}

/** One pass over the values and one sort; of an empty column everything is 0 or NaN. */
export function numberFacts({ values }: NumberColumn): NumberFacts {
	const ordered = sorted(values);
	const count = ordered.length;
	let distinct = 0;
	let sum = 0;
	for (let index = 0; index < count; index++) {
		sum += ordered[index] as number;
		if (index === 0 || ordered[index] !== ordered[index - 1]) distinct++;
	}
	const mean = sum / count;
	let squares = 0;
	for (const value of ordered) squares += (value - mean) ** 2;
	let counts = values.length > 1;
	for (let row = 1; counts && row < values.length; row++) counts = values[row] === (values[row - 1] as number) + 1;
	return {
		count,
		nulls: values.length - count,
		distinct,
		median: quantile(ordered, 0.5),
		mean,
		std: Math.sqrt(squares / count),
		largest: count === 0 ? 0 : Math.max(Math.abs(ordered[0] as number), Math.abs(ordered[count - 1] as number)),
		counts,
	};
}

/**
 * Whether float32, with 24 bits, would lose what tells rows apart: whole numbers above 2^24, values beyond its greatest,
 * and those that lie so far from zero that a standard deviation spans fewer than 4096 steps of float32 (seconds since 1970
 * within a day: 200).
 */
export function needsDouble(column: NumberColumn, { largest, std }: NumberFacts): boolean {
	if (column.type === 'integer') return largest > 2 ** 24;
	if (largest > greatestFloat) return true;
	const step = 2 ** (Math.floor(Math.log2(largest)) - 23);
	return std > 0 && std / step < 4096;
}

export interface TextFacts {
	count: number;
	nulls: number;
	/** How often each value occurs, the most frequent first, equals by the alphabet. Empty text counts as null. */
	values: { value: string; count: number }[];
}

export function textFacts({ codes, dictionary }: StringColumn): TextFacts {
	const counts = new Float64Array(dictionary.length);
	for (const code of codes) if (code >= 0) counts[code] = (counts[code] as number) + 1;
	const values = dictionary
		.map((value, code) => ({ value, count: counts[code] as number }))
		.filter(({ value, count }) => count > 0 && value !== '')
		.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
	const count = values.reduce((sum, one) => sum + one.count, 0);
	return { count, nulls: codes.length - count, values };
}

/** A name that people give to what numbers their rows: `id`, `user_id`, `userId`, `id_client`, `uuid`, `row index`, `Unnamed: 0`. */
export function namesRows(name: string): boolean {
	return (
		/^(.*[^\p{L}])?(id|uuid|guid|rowid|rownum)$/iu.test(name) ||
		/^(id[^\p{L}].*|_*index.*|idx|row.?(index|idx|number)|unnamed: ?\d+)$/iu.test(name) ||
		/[\p{Ll}\d](Id|ID|Uuid|UUID)$/u.test(name)
	);
}
