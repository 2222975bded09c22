/** Cuts by gradients and weights: of numbers, of losses, and of two classes. */
import { treeKernels } from '../../kernels/trees.ts';
import { edgeAfter } from './binnedMatrix.ts';
import { createFewRanks } from './fewRanks.ts';
import { fillRows } from './fillRows.ts';
import type { BinnedMatrix, Slot } from './growthMemory.ts';
import { partFew, partRows } from './partRows.ts';
import { rowPairs } from './rowPairs.ts';
import { type FewRows, leastWeight, type NodeSums, type Split, type SplitMath, type SplitRules } from './split.ts';

/** Over the pairs of a slot; they are whole numbers, so that all sums are exact. */
export function createPairMath(matrix: BinnedMatrix, slot: Slot, rules: SplitRules): SplitMath {
	const { memory } = matrix;
	const kernels = treeKernels(memory);
	const order = new Uint32Array(memory.buffer, slot.order, matrix.rows);
	const pairs = rowPairs(matrix, slot);
	const list = new Int32Array(memory.buffer, slot.list, matrix.features);
	const fewPairs = new Float64Array(memory.buffer, slot.few.pairs, 512);
	const ranks = createFewRanks(matrix, slot, kernels);
	const best = bestOf(memory.buffer, slot.best);
	const scan = slot.packed ? kernels.scanPacked : kernels.scanPairs;

	const few: FewRows = {
		search(from, to, node, features) {
			ranks.need(features);
			list.set(features);
			const least = leastWeight(rules.minRows, node.rows, node.total[1] as number);
			const whole = best.reset(node, rules);
			kernels.searchFew(
				...([slot.few.ranks, slot.few.pairs, slot.few.members, from, to] as const),
				...([slot.list, features.length, node.total[0] as number, node.total[1] as number] as const),
				...([rules.l2, least, slot.few.sums, slot.best] as const),
			);
			return best.read(whole, ranks.threshold(from, to));
		},
		part: (split, from, to) => partFew(kernels, slot, split, from, to),
	};

	return {
		rules,
		sum: pairs.sum,
		fill(histogram, from, to) {
			new Float64Array(memory.buffer, histogram, slot.histogramBytes / 8).fill(0);
			fillRows(kernels, matrix, slot, histogram, from, to);
		},
		subtract: slot.packed
			? (from, other) => kernels.subtractPacked(from, other, slot.histogramBytes)
			: (from, other) => kernels.subtractNumbers(from, other, slot.histogramBytes),
		search(histogram, node, features) {
			const least = leastWeight(rules.minRows, node.rows, node.total[1] as number);
			const whole = best.reset(node, rules);
			const [gradient, weight] = node.total as unknown as [number, number];
			for (let index = 0; index < features.length; index++) {
				const feature = features[index] as number;
				const count = (matrix.edges[feature] as Float32Array).length + 1;
				scan(histogram, feature, count, gradient, weight, rules.l2, least, slot.best);
			}
			return best.read(whole, (feature, bin) => edgeAfter(matrix, feature, bin));
		},
		part: (split, from, to) => partRows(kernels, matrix, slot, split, from, to),
		openFew(from, to, byRank) {
			ranks.open(from, to, byRank);
			for (let at = from; at < to; at++) {
				const row = order[at] as number;
				fewPairs[2 * (at - from)] = pairs.gradient(row);
				fewPairs[2 * (at - from) + 1] = pairs.weight(row);
			}
			return few;
		},
	};
}

/** The best cut in memory, as kernels keep it. */
function bestOf(buffer: SharedArrayBuffer, address: number) {
	const numbers = new Float64Array(buffer, address, 4);
	const places = new Int32Array(buffer, address + 32, 4);
	return {
		/** Forgets what was found; returns what the node saves uncut, G² / (W + λ). */
		reset({ total }: NodeSums, { l2 }: SplitRules): number {
			const whole = ((total[0] as number) * (total[0] as number)) / ((total[1] as number) + l2);
			// What rounding may feign where all rows are alike: sums of the node are exact, their quotients are not.
			numbers[0] = whole * (1 + 1e-12) + 1e-9;
			places[0] = -1;
			return whole;
		},
		read(whole: number, threshold: (feature: number, bin: number, next: number) => number): Split | null {
			const [feature, bin, next, missingLeft] = places as unknown as [number, number, number, number];
			if (feature < 0) return null;
			return {
				...{ feature, bin, threshold: threshold(feature, bin, next), missingLeft: missingLeft === 1 },
				gain: (numbers[0] as number) - whole,
				left: numbers.slice(2, 4),
			};
		},
	};
}
