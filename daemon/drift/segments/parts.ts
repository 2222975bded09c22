/** A column cut into a few parts, the same on both sides: by value where there are few, else by range. */
import type { Table } from '../../data/table.ts';
import { quantile } from '../../stats/quantile.ts';
import { sorted } from '../../stats/sort.ts';
import { countCodes } from '../categoryCounts.ts';
import { finiteOnly } from '../numberSample.ts';
import { type CategoryPair, type NumberPair, pairColumns } from '../pairs.ts';
import { shortened, valueText } from '../report/wording.ts';

export interface Parts {
	/** Ranges in ascending order, or values. */
	ordered: boolean;
	labels: string[];
	/** The part of each row; -1 for null, and for what belongs to no part. */
	reference: Int16Array;
	current: Int16Array;
}

export interface CutOptions {
	/** Ranges that numbers are cut into, with about equally many rows of the reference. */
	ranges: number;
	/** How many values of other columns are parts of their own, the most frequent. */
	values: number;
	/** What to do with the other values: one part more, or none. */
	rest: 'part' | 'none';
}

/** Tenths of the reference, which a drifted column is looked at by. */
export const measuring: CutOptions = { ranges: 10, values: 20, rest: 'part' };

/** Up to so many different numbers are parts of their own. */
const mostSingleNumbers = 12;
const longestLabel = 80;

/** A column of both samples; null where it cannot be compared. */
export function pairNamed(reference: Table, current: Table, name: string): NumberPair | CategoryPair | null {
	const named = (table: Table) => table.columns.find((column) => column.name === name);
	const [one, other] = [named(reference), named(current)];
	if (one === undefined || other === undefined) return null;
	const pair = pairColumns(one, other, 'auto');
	return pair.kind === 'incomparable' ? null : pair;
}

export function cutIntoParts(pair: NumberPair | CategoryPair, options: CutOptions): Parts {
	return pair.kind === 'numbers' ? cutNumbers(pair, options) : cutCategories(pair, options);
}

function cutNumbers({ reference, current, time }: NumberPair, { ranges }: CutOptions): Parts {
	const single = fewNumbers([reference, current]);
	if (single !== null) {
		const codeOf = new Map(single.map((value, code) => [value, code]));
		const codes = (values: Float64Array) => codesOf(values, (value) => codeOf.get(value + 0) ?? -1);
		const labels = single.map((value) => valueText(value, time));
		return { ordered: true, labels, reference: codes(reference), current: codes(current) };
	}
	const cuts = quantileCuts(finiteOnly(sorted(reference)), ranges);
	const text = (value: number) => (time ? valueText(value, true) : String(Number(value.toPrecision(6))));
	const labels = [...cuts, Number.NaN].map((cut, part) => {
		if (part === 0) return `up to ${text(cut)}`;
		const low = text(cuts[part - 1] as number);
		return part === cuts.length ? `above ${low}` : `${low} to ${text(cut)}`;
	});
	const codes = (values: Float64Array) => codesOf(values, (value) => partOf(value, cuts));
	return { ordered: true, labels, reference: codes(reference), current: codes(current) };
}

/** A loop: from() with a function takes ten times as long. */
function codesOf(values: Float64Array | Int32Array, codeOf: (value: number) => number): Int16Array {
	const codes = new Int16Array(values.length);
	for (let row = 0; row < values.length; row++) codes[row] = codeOf(values[row] as number);
	return codes;
}

/** The different numbers of both samples in ascending order; null for too many. */
function fewNumbers(samples: readonly Float64Array[]): number[] | null {
	const found = new Set<number>();
	for (const values of samples) {
		for (const value of values) {
			if (Number.isNaN(value)) continue;
			found.add(value + 0);
			if (found.size > mostSingleNumbers) return null;
		}
	}
	return [...found].sort((a, b) => a - b);
}

/** Ascending and different; a part reaches from above one cut up to and with the next. */
function quantileCuts(values: Float64Array, ranges: number): number[] {
	if (values.length === 0) return [0];
	const cuts = Array.from({ length: ranges - 1 }, (_, index) => quantile(values, (index + 1) / ranges));
	return [...new Set(cuts)];
}

function partOf(value: number, cuts: readonly number[]): number {
	if (Number.isNaN(value)) return -1;
	let part = 0;
	while (part < cuts.length && value > (cuts[part] as number)) part++;
	return part;
}

function cutCategories({ labels, reference, current }: CategoryPair, { values, rest }: CutOptions): Parts {
	const counts = [countCodes(reference, labels.length), countCodes(current, labels.length)] as const;
	// By the larger of the two shares, so that a new category of a small sample is among them.
	const weight = (code: number) =>
		Math.max((counts[0][code] as number) / reference.length, (counts[1][code] as number) / current.length);
	const codes = [...labels.keys()].filter((code) => weight(code) > 0).sort((a, b) => weight(b) - weight(a) || a - b);
	const shown = codes.slice(0, values);
	const places = new Int16Array(labels.length).fill(rest === 'part' ? shown.length : -1);
	for (const [place, code] of shown.entries()) places[code] = place;
	const others = codes.length - shown.length;
	const place = (code: number) => (code < 0 ? -1 : (places[code] as number));
	return {
		ordered: false,
		labels: [
			...shown.map((code) => shortened(labels[code] as string, longestLabel)),
			...(rest === 'part' && others > 0 ? [`${others} other categories`] : []),
		],
		reference: codesOf(reference, place),
		current: codesOf(current, place),
	};
}
