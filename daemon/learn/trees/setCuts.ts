/**
 * The best cut of a node by a set of categories: of the sets that are prefixes of the categories in the order of what they
 * say, which hold the best of all sets (Fisher 1958), with LightGBM's means against chance where categories are rare.
 */

import { type Cut, savedBy } from './guardedCuts.ts';
import { leastWeight, type NodeSums, type SplitRules } from './split.ts';

export interface SetRules {
	/** Rows that a category needs to be among those that are ordered, and what is added to its weight then. */
	readonly cat_smooth: number;
	/** Added to the weight of both sides. */
	readonly cat_l2: number;
	/** Up to so many categories one is parted from all others. */
	readonly max_cat_to_onehot: number;
	/** Categories on the left at most. */
	readonly max_cat_threshold: number;
	/** Rows that come to the left between two cuts that are tried, and that stay on the right. */
	readonly min_data_per_group: number;
}

/** `sums` holds a gradient and a weight a category; `unit` is what a weight of one is there. Null where no cut saves more than `best`. */
export function cutBySet(
	sums: Float64Array,
	categories: number,
	node: NodeSums,
	rules: SplitRules,
	sets: SetRules,
	unit: number,
	best: number,
): Cut | null {
	const { total, limits } = node;
	const [gradientOfAll, weightOfAll] = total as unknown as [number, number];
	const rowsOf = (weight: number) => Math.round((weight * node.rows) / weightOfAll);
	const least = leastWeight(rules.minRows, node.rows, weightOfAll);
	let found: Cut | null = null;
	let codes: readonly number[] = [];
	const judge = (left: readonly number[], gradient: number, weight: number, l2: number) => {
		if (weight < least || weightOfAll - weight < least) return;
		const saved =
			savedBy(gradient, weight + l2, limits) + savedBy(gradientOfAll - gradient, weightOfAll - weight + l2, limits);
		if (!(saved > (found?.saved ?? best))) return;
		found = { saved, bin: 0, missingLeft: false, gradient, weight };
		codes = left;
	};
	const present: number[] = [];
	for (let code = 0; code < categories; code++) if ((sums[2 * code + 1] as number) > 0) present.push(code);
	if (categories <= sets.max_cat_to_onehot) {
		for (const code of present) judge([code], sums[2 * code] as number, sums[2 * code + 1] as number, rules.l2);
		return found === null ? null : { ...(found as Cut), marks: marksOf(codes), l2: 0 };
	}
	const slope = (code: number) =>
		(sums[2 * code] as number) / ((sums[2 * code + 1] as number) + sets.cat_smooth * unit);
	const ordered = present
		.filter((code) => rowsOf(sums[2 * code + 1] as number) >= sets.cat_smooth)
		.sort((a, b) => slope(a) - slope(b) || a - b);
	const most = Math.min(sets.max_cat_threshold, (ordered.length + 1) >> 1);
	const extra = sets.cat_l2 * unit;
	for (const list of [ordered, ordered.slice().reverse()]) {
		let [gradient, weight, group] = [0, 0, 0];
		for (let at = 0; at < most; at++) {
			const code = list[at] as number;
			gradient += sums[2 * code] as number;
			weight += sums[2 * code + 1] as number;
			group += rowsOf(sums[2 * code + 1] as number);
			if (rowsOf(weight) < rules.minRows) continue;
			if (rowsOf(weightOfAll - weight) < Math.max(rules.minRows, sets.min_data_per_group)) break;
			if (group < sets.min_data_per_group) continue;
			group = 0;
			judge(list.slice(0, at + 1), gradient, weight, rules.l2 + extra);
		}
	}
	return found === null ? null : { ...(found as Cut), marks: marksOf(codes), l2: extra };
}

function marksOf(codes: readonly number[]): Uint8Array {
	const marks = new Uint8Array(256);
	for (const code of codes) marks[code] = 1;
	return marks;
}
