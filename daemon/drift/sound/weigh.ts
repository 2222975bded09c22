/** From what two samples of a column show to the evidence that `decide` takes. */
import { asymptoticKsPValue, ksPValue } from '../../stats/kolmogorovSmirnov.ts';
import { valueText } from '../report/wording.ts';
import { chiSquareTest } from './contingency.ts';
import { balancedInterval, balancedV } from './cramersV.ts';
import { distanceInterval } from './effectInterval.ts';
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

export interface NumberFacts {
	/** Values that are not null. */
	sizes: Sizes;
	/** The one value of each sample; null where it varies. */
	constants: { reference: number | null; current: number | null };
	/** Both samples number their rows (`numbersRows`). */
	numbersRows: boolean;
	time: boolean;
	/** Two-sample KS distance of the values; asked for only when it decides. */
	distance: () => number;
	/** Rows that count as one; asked for only when it decides. */
	memory: () => Memory;
	/** Live traffic, which is judged again and again: p is the large-sample one. */
	live: boolean;
}

/** Below this the exact p and the one for large samples say the same, and the exact one may take seconds. */
const tinyP = 1e-9;

export function weighNumbers({ sizes, constants, numbersRows, time, distance, memory, live }: NumberFacts): Evidence {
	const few = tooFew(sizes);
	if (few !== null) return few;
	if (numbersRows) return unknown('The values only number the rows.');
	const text = (value: number | null) => (value === null ? null : valueText(value, time));
	const settled = compareConstants(text(constants.reference), text(constants.current));
	if (settled !== null) return settled;
	const rows = memory();
	const fewEffective = tooFewEffective(sizes, rows);
	if (fewEffective !== null) return fewEffective;
	const effective = effectiveSizes(sizes, rows);
	const statistic = distance();
	return {
		...{ kind: 'tested', test: 'ks', statistic, effect: statistic, effective },
		p: ksP(statistic, effective, live || longest(rows) > 1),
		interval: distanceInterval(statistic, effective),
		telling: { law: 'kolmogorov', distance: statistic, memory: longest(rows) },
	};
}

/** Exact where the rows are independent and few, unless the large-sample one is wanted. */
function ksP(distance: number, { reference, current }: Sizes, large: boolean): number {
	const quick = asymptoticKsPValue(distance, reference, current);
	return large || quick < tinyP ? quick : ksPValue(distance, reference, current);
}

function longest({ reference, current }: Memory): number {
	return Math.max(reference, current);
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
}

/**
 * With memory the counts are those of so many independent rows as theirs count as: the statistic over the mean design effect
 * (Rao and Scott, JASA 76 (1981) 221-230).
 */
export function weighCategories(facts: CategoryFacts): Evidence {
	const { sizes, reference, current, distinct, text, label, memory } = facts;
	const few = tooFew(sizes);
	if (few !== null) return few;
	const crowd = distinct.both / (sizes.reference + sizes.current);
	if (text && (distinct.reference / sizes.reference > 0.5 || crowd > 0.5)) {
		return unknown('More than half of the values are distinct: the column identifies its rows, or is free text.');
	}
	const only = (count: number, counts: ArrayLike<number>) => (count === 1 ? label(firstFilled(counts)) : null);
	const settled = compareConstants(only(distinct.reference, reference), only(distinct.current, current));
	if (settled !== null) return settled;
	const rows = memory();
	const fewEffective = tooFewEffective(sizes, rows);
	if (fewEffective !== null) return fewEffective;
	const [before, after] = [thinned(reference, rows.reference), thinned(current, rows.current)];
	const tested = chiSquareTest(before, after);
	if (tested === null) return unknown('No categories to compare.');
	const { degrees, p } = tested;
	const effect = balancedV(before, after);
	return {
		...{ kind: 'tested', test: 'chi_square', p, effect, effective: effectiveSizes(sizes, rows) },
		statistic: longest(rows) > 1 ? (chiSquareTest(reference, current)?.statistic ?? 0) : tested.statistic,
		interval: balancedInterval(before, after),
		telling: { law: 'chi_square', perRow: effect ** 2, degrees, memory: longest(rows) },
	};
}

function thinned(counts: ArrayLike<number>, memory: number): ArrayLike<number> {
	return memory === 1 ? counts : Float64Array.from(counts, (count) => count / memory);
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
