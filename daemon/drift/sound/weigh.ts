import { valueText } from '../report/wording.ts';
import {
	compareConstants,
	type Evidence,
	effectiveSizes,
	type Memory,
	type Sizes,
	tooFew,
	tooFewEffective,
	unknown,
} from './sound.ts';

/** A test of the values, once there are enough of them: `effective` are what they count as, `memory` rows count as one. */
export type Measure = (effective: Sizes, memory: Memory) => Evidence;

export interface NumberFacts {
	/** Values that are not null. */
	sizes: Sizes;
	/** The one value of each sample; null where it varies. */
	constants: { reference: number | null; current: number | null };
	/** Both samples number their rows (`numbersRows`). */
	numbersRows: boolean;
	time: boolean;
	/** Rows that count as one; asked for only when it decides. */
	memory: () => Memory;
	measure: Measure;
}

export function weighNumbers({ sizes, constants, numbersRows, time, memory, measure }: NumberFacts): Evidence {
	const few = tooFew(sizes);
	if (few !== null) return few;
	if (numbersRows) return unknown('The values only number the rows.');
	const text = (value: number | null) => (value === null ? null : valueText(value, time));
	const settled = compareConstants(text(constants.reference), text(constants.current));
	return settled ?? measured(sizes, memory(), measure);
}

function measured(sizes: Sizes, memory: Memory, measure: Measure): Evidence {
	return tooFewEffective(sizes, memory) ?? measure(effectiveSizes(sizes, memory), memory);
}

export interface CategoryFacts {
	sizes: Sizes;
	/** Counts of the same categories in the same order. */
	reference: ArrayLike<number>;
	current: ArrayLike<number>;
	/** How many categories the reference has, and both samples together. */
	distinct: { reference: number; current: number; both: number };
	/** The column is text, in which each row may have a value of its own. */
	text: boolean;
	label: (code: number) => string;
	/** Rows that count as one; asked for only when it decides. */
	memory: () => Memory;
	measure: Measure;
}

export function weighCategories(facts: CategoryFacts): Evidence {
	const { sizes, reference, current, distinct, text, label, memory, measure } = facts;
	const few = tooFew(sizes);
	if (few !== null) return few;
	const crowd = distinct.both / (sizes.reference + sizes.current);
	if (text && (distinct.reference / sizes.reference > 0.5 || crowd > 0.5)) {
		return unknown('More than half of the values are distinct: the column identifies its rows, or is free text.');
	}
	const only = (count: number, counts: ArrayLike<number>) => (count === 1 ? label(firstFilled(counts)) : null);
	const settled = compareConstants(only(distinct.reference, reference), only(distinct.current, current));
	return settled ?? measured(sizes, memory(), measure);
}

function firstFilled(counts: ArrayLike<number>): number {
	let code = 0;
	while (code < counts.length - 1 && counts[code] === 0) code++;
	return code;
}

/**
 * Do these values only number the rows, such as an index or an id that a database counted up? Whole numbers, none twice,
 * that go through the rows in order or fill a range without a gap. Such a column differs by its nature.
 */
export function numbersRows(values: Float64Array, sorted: Float64Array): boolean {
	for (let i = 0; i < sorted.length; i++) {
		const value = sorted[i] as number;
		if (!Number.isInteger(value) || (i > 0 && value === sorted[i - 1])) return false;
	}
	const [first, last] = [sorted[0], sorted.at(-1)];
	if (first === undefined || last === undefined) return false;
	return last - first === sorted.length - 1 || isMonotone(values);
}

function isMonotone(values: Float64Array): boolean {
	let [rises, falls] = [true, true];
	let before = Number.NaN;
	for (const value of values) {
		if (Number.isNaN(value)) continue;
		if (value <= before) rises = false;
		if (value >= before) falls = false;
		before = value;
	}
	return rises || falls;
}

/** The one value of sorted numbers; null where they vary, or are none. */
export function constantOf(sorted: Float64Array): number | null {
	const [first, last] = [sorted[0], sorted.at(-1)];
	return first !== undefined && first === last ? first : null;
}
