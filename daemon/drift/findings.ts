/** What no test of the distribution tells of a column: new and lost categories, nulls, values out of range. */
import type { DriftFinding } from '../protocol/driftFindings.ts';
import { logGamma } from '../stats/gamma.ts';
import type { CategoryCounts } from './categoryCounts.ts';
import { finiteOnly } from './numberSample.ts';
import { shortened } from './report/wording.ts';
import { chiSquareTest } from './sound/contingency.ts';
import { memoryOf, orderOfCategories, unordered } from './sound/memory.ts';
import { inOrder, type RowOrders } from './sound/rowOrder.ts';
import { effectiveSizes, type Memory, type Sizes } from './sound/sound.ts';

/** A report has dozens of columns with several findings each, so chance is given less room than in the verdict. */
const level = 0.001;

/** A share of rows that moved by less is not worth a line. */
const smallestShare = 0.01;

const mostNamed = 10;

/** Which rows of both samples are null: 1, else 0. */
export interface NullRows {
	reference: Int32Array;
	current: Int32Array;
}

export function nullRows(values: Float64Array | Int32Array): Int32Array {
	const codes = new Int32Array(values.length);
	for (let row = 0; row < values.length; row++) {
		const value = values[row] as number;
		codes[row] = +(Number.isNaN(value) || (values instanceof Int32Array && value < 0));
	}
	return codes;
}

/**
 * A change of the share of nulls: chi-square of the 2 × 2 table (the square of the z-test for two proportions), on the rows
 * that those with and without nulls count as. `rows` is asked for only where the shares differ enough.
 */
export function findNulls(
	nulls: Sizes,
	sizes: Sizes,
	rows: () => NullRows,
	order: RowOrders,
	live: boolean,
): DriftFinding[] {
	if (sizes.reference === 0 || sizes.current === 0) return [];
	const shares = { reference: nulls.reference / sizes.reference, current: nulls.current / sizes.current };
	if (Math.abs(shares.reference - shares.current) < smallestShare) return [];
	const codes = rows();
	const table = (side: keyof Sizes) => [sizes[side] - nulls[side], nulls[side]];
	const [before, after] = [table('reference'), table('current')];
	const memory = memoryOf(
		live ? unordered : orderOfCategories(inOrder(codes.reference, order.reference), before),
		orderOfCategories(inOrder(codes.current, order.current), after),
	);
	const p = chiSquareTest(
		before.map((count) => count / memory.reference),
		after.map((count) => count / memory.current),
	)?.p;
	return p !== undefined && p < level ? [{ kind: 'nulls', ...shares, p_value: p }] : [];
}

/**
 * Current values outside the range of the reference; both samples sorted, infinite values left out. Without drift all values
 * are exchangeable, and how many lie outside depends on the sizes alone (`outsideP`).
 */
export function findOutOfRange(reference: Float64Array, current: Float64Array, memory: () => Memory): DriftFinding[] {
	const [known, found] = [finiteOnly(reference), finiteOnly(current)];
	const [min, max] = [known[0], known.at(-1)];
	if (min === undefined || max === undefined || found.length === 0) return [];
	let outside = 0;
	for (let i = 0; i < found.length; i++) outside += +((found[i] as number) < min || (found[i] as number) > max);
	const share = outside / found.length;
	if (share < smallestShare) return [];
	const rows = memory();
	const sizes = effectiveSizes({ reference: known.length, current: found.length }, rows);
	const p = outsideP(outside / rows.current, sizes);
	const expected = Math.min(1, 2 / (sizes.reference + 1));
	return p < level ? [{ kind: 'out_of_range', share, expected, min, max, p_value: p }] : [];
}

/**
 * How likely do k or more of m values lie outside the range of n others, when all come from one distribution without ties
 * (with ties: at most)? Of N = n + m values in order the n take each set of places equally often, which gives
 * (C(N − k − 1, n) + (k + 1) C(N − k − 1, n − 1)) / C(N, n). One of two outside the range of two: 5/6.
 */
export function outsideP(k: number, { reference: n, current: m }: Sizes): number {
	if (k <= 0 || n < 1) return 1;
	const left = n + m - k - 1;
	const all = logChoose(n + m, n);
	const within = left >= n ? Math.exp(logChoose(left, n) - all) : 0;
	return Math.min(1, within + (k + 1) * Math.exp(logChoose(left, Math.min(n - 1, left)) - all));
}

/** log of the binomial coefficient, also between whole numbers; 0 <= k <= n. */
function logChoose(n: number, k: number): number {
	return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

/**
 * New categories are told as they are. A lost one is told where so many current values would hardly lack it: of n + m values
 * the k of that category all lie among the n of the reference with C(n, k) / C(n + m, k), held against the level over all
 * categories of the reference.
 */
export function findCategories({ labels, reference, current }: CategoryCounts, memory: () => Memory): DriftFinding[] {
	const codes = labels.map((_, code) => code);
	const counted = (counts: ArrayLike<number>) => (code: number) => counts[code] as number;
	const [before, after] = [counted(reference), counted(current)];
	const list = (kind: 'new_categories' | 'lost_categories', found: number[], count: (code: number) => number) => {
		if (found.length === 0) return [];
		const values = codes.reduce((sum, code) => sum + count(code), 0);
		const ordered = [...found].sort((a, b) => count(b) - count(a) || a - b);
		const named = ordered.slice(0, mostNamed);
		return [
			{
				kind,
				count: found.length,
				share: found.reduce((sum, code) => sum + count(code), 0) / values,
				categories: named.map((code) => ({ name: shortened(labels[code] ?? ''), share: count(code) / values })),
			},
		];
	};
	const fresh = codes.filter((code) => before(code) === 0 && after(code) > 0);
	const absent = codes.filter((code) => before(code) > 0 && after(code) === 0);
	return [
		...list('new_categories', fresh, after),
		...list('lost_categories', absent.length === 0 ? [] : beyondChance(absent, reference, current, memory()), before),
	];
}

function beyondChance(absent: number[], reference: Uint32Array, current: Uint32Array, memory: Memory): number[] {
	const total = (counts: Uint32Array) => counts.reduce((sum, count) => sum + count, 0);
	const { reference: n, current: m } = effectiveSizes({ reference: total(reference), current: total(current) }, memory);
	const known = reference.reduce((sum, count) => sum + +(count > 0), 0);
	return absent.filter((code) => {
		const k = (reference[code] as number) / memory.reference;
		return m > 0 && Math.exp(logChoose(n, k) - logChoose(n + m, k)) < level / known;
	});
}
