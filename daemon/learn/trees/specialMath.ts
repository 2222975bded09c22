/** Cuts by sets of categories and between limits, beside those that the kernels look for. */

import type { BinnedMatrix, Slot } from './growthMemory.ts';
import { type Cut, cutBetween, savedBy } from './guardedCuts.ts';
import { rowPairs } from './rowPairs.ts';
import { cutBySet, type SetRules } from './setCuts.ts';
import type { FewRows, Limits, NodeSums, Split, SplitMath } from './split.ts';

export interface SpecialRules {
	/** By feature: 1 where predictions may not fall along it, −1 where they may not rise, 0 for either. */
	readonly directions: Int8Array;
	readonly sets: SetRules;
	/** What a weight of one is in the sums; it changes from tree to tree. */
	unit: number;
}

/** The math of pairs with cuts of every kind; what it was where there are no categories and no directions. */
export function withSpecialCuts(plain: SplitMath, matrix: BinnedMatrix, slot: Slot, special: SpecialRules): SplitMath {
	const { categories, edges, memory, rows } = matrix;
	const { directions, sets } = special;
	const isGuarded = directions.some((direction) => direction !== 0);
	if (!isGuarded && categories.every((count) => count === 0)) return plain;
	const { rules } = plain;
	const pairs = rowPairs(matrix, slot);
	const order = new Uint32Array(memory.buffer, slot.order, rows);
	const bytes = new Uint8Array(memory.buffer, matrix.byColumn, rows * matrix.features);
	const members = new Uint8Array(memory.buffer, slot.few.members, 256);
	const sums = new Float64Array(512);

	const isPlain = (feature: number, { low, high }: Limits) =>
		categories[feature] === 0 &&
		directions[feature] === 0 &&
		low === Number.NEGATIVE_INFINITY &&
		high === Number.POSITIVE_INFINITY;

	const search = (
		node: NodeSums,
		features: Int32Array,
		plainly: (some: Int32Array) => Split | null,
		fill: (feature: number) => void,
	): Split | null => {
		const some = features.filter((feature) => isPlain(feature, node.limits));
		let best = some.length === 0 ? null : plainly(some);
		const [gradient, weight] = node.total as unknown as [number, number];
		const whole = savedBy(gradient, weight + rules.l2, node.limits);
		// As the kernels have it: what rounding may feign where all rows are alike.
		const nothing = whole + 1e-12 * Math.abs(whole) + 1e-9;
		for (const feature of features) {
			if (isPlain(feature, node.limits)) continue;
			fill(feature);
			const than = Math.max(nothing, whole + (best?.gain ?? 0));
			const count = categories[feature] as number;
			const bins = (edges[feature] as Float32Array).length + 1;
			const cut =
				count > 0
					? cutBySet(sums, count, node, rules, sets, special.unit, than)
					: cutBetween(sums, bins, directions[feature] as number, node, rules, than);
			if (cut !== null) best = splitOf(feature, cut, whole, edges[feature] as Float32Array, node.limits);
		}
		return best;
	};

	return {
		...plain,
		search: (histogram, node, features) =>
			search(
				node,
				features,
				(some) => plain.search(histogram, node, some),
				(feature) => pairs.readSums(histogram, feature, sums),
			),
		openFew(from, to, byRank) {
			const few = plain.openFew(from, to, byRank);
			return {
				...few,
				search: (begin, end, node, features) =>
					search(
						node,
						features,
						(some) => few.search(begin, end, node, some),
						(feature) => {
							sums.fill(0);
							for (let at = begin; at < end; at++) {
								const row = order[from + (members[at] as number)] as number;
								const place = 2 * (bytes[feature * rows + row] as number);
								sums[place] = (sums[place] as number) + pairs.gradient(row);
								sums[place + 1] = (sums[place + 1] as number) + pairs.weight(row);
							}
						},
					),
			} satisfies FewRows;
		},
	};
}

function splitOf(feature: number, cut: Cut, whole: number, edges: Float32Array, { low, high }: Limits): Split {
	const { bin, missingLeft, marks, l2 = 0 } = cut;
	const below = { low, high, l2 };
	return {
		...{ feature, bin, missingLeft, marks },
		threshold: marks === undefined ? (edges[bin] ?? Number.POSITIVE_INFINITY) : 0,
		gain: cut.saved - whole,
		left: Float64Array.of(cut.gradient, cut.weight),
		limits: cut.limits ?? (l2 === 0 ? undefined : [below, below]),
	};
}
