/** Both samples of a column as counts of categories. */
import type { DriftColumn } from '../protocol/drift.ts';
import { countAtMost, countByCuts, decileCuts, floatBelow } from './deciles.ts';
import { finiteOnly } from './numberSample.ts';
import type { CategoryPair } from './pairs.ts';
import { valueText } from './report/wording.ts';
import type { CategoryFacts } from './sound/weigh.ts';

/** Up to so many different numbers are categories of their own. */
const mostSingleValues = 20;

/** Counts of the same categories in the same order; nulls are counted nowhere. */
export interface CategoryCounts {
	/** Text, in which each row may have a value of its own. */
	text: boolean;
	labels: readonly string[];
	reference: Uint32Array;
	current: Uint32Array;
}

export function countPair({ text, labels, reference, current }: CategoryPair): CategoryCounts {
	return {
		text,
		labels,
		reference: countCodes(reference, labels.length),
		current: countCodes(current, labels.length),
	};
}

/** How often each code from 0 to size - 1 occurs; -1 is null. */
export function countCodes(codes: Int32Array, size: number): Uint32Array {
	const counts = new Uint32Array(size);
	for (let row = 0; row < codes.length; row++) {
		const code = codes[row] as number;
		if (code >= 0) counts[code] = (counts[code] as number) + 1;
	}
	return counts;
}

/** Sorted numbers as categories, for the chi-square test: single values, or tenths of the reference where they are many. */
export function countNumbers(reference: Float64Array, current: Float64Array, time: boolean): CategoryCounts {
	const text = (value: number) => valueText(value, time);
	const values = [...new Set([...firstValues(reference), ...firstValues(current)])].sort((a, b) => a - b);
	if (values.length <= mostSingleValues) {
		const counts = (sorted: Float64Array) =>
			Uint32Array.from(values, (value) => countAtMost(sorted, value) - countAtMost(sorted, floatBelow(value)));
		return { text: false, labels: values.map(text), reference: counts(reference), current: counts(current) };
	}
	const finite = finiteOnly(reference);
	const cuts = finite.length === 0 ? [0] : decileCuts(finite);
	const labels = [
		...cuts.map((cut, index) =>
			index === 0 ? `up to ${text(cut)}` : `${text(cuts[index - 1] as number)} to ${text(cut)}`,
		),
		`above ${text(cuts.at(-1) as number)}`,
	];
	return { text: false, labels, reference: countByCuts(reference, cuts), current: countByCuts(current, cuts) };
}

/** The first different values of sorted numbers, one more than may stand alone. */
function firstValues(sorted: Float64Array): number[] {
	const values: number[] = [];
	for (let at = 0; at < sorted.length && values.length <= mostSingleValues; ) {
		const value = (sorted[at] as number) + 0;
		values.push(value);
		at = countAtMost(sorted, value);
	}
	return values;
}

/** What the verdict rests on, but for the order of the rows. */
export function categoryFacts({
	text,
	labels,
	reference,
	current,
}: CategoryCounts): Omit<CategoryFacts, 'memory' | 'measure'> {
	const [first, second] = [tally(reference), tally(current)];
	const both = reference.reduce((sum, count, code) => sum + +(count + (current[code] as number) > 0), 0);
	return {
		sizes: { reference: first.values, current: second.values },
		reference,
		current,
		distinct: { reference: first.distinct, current: second.distinct, both },
		text,
		label: (code) => labels[code] ?? '',
	};
}

function tally(counts: Uint32Array): { values: number; distinct: number } {
	let [values, distinct] = [0, 0];
	for (const count of counts) {
		values += count;
		distinct += +(count > 0);
	}
	return { values, distinct };
}

export function summarizeCategories(counts: Uint32Array, rows: number): DriftColumn['reference'] {
	const { values, distinct } = tally(counts);
	return { rows, nulls: rows - values, distinct, mean: null, std: null, min: null, median: null, max: null };
}
