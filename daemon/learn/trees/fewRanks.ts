/** Few rows of a tree: what they hold by feature, as ranks: nearly all of them are told apart, and all but neighbours. */
import type { TreeKernels } from '../../kernels/treeKernels.ts';
import { between, edgeAfter } from './binnedMatrix.ts';
import type { BinnedMatrix, Slot } from './growthMemory.ts';

/** Ranks of the rows that were opened last, made for a feature when it is first asked for. */
export interface FewRanks {
	/** Takes the rows `order[from..to)`; their members are 0, 1, 2, …. */
	open(from: number, to: number, byRank: boolean): void;
	/** Makes sure that the ranks of these features are there. */
	need(features: Int32Array): void;
	/** The value to cut the members `from` to `to` at after a rank, where another one comes next (−1: none). */
	threshold(from: number, to: number): (feature: number, rank: number, next: number) => number;
}

export function createFewRanks(matrix: BinnedMatrix, slot: Slot, kernels: TreeKernels): FewRanks {
	const { memory, rows, columns, codes, exact } = matrix;
	const { few } = slot;
	const bytes = new Uint8Array(memory.buffer, matrix.byColumn, rows * matrix.features);
	const order = new Uint32Array(memory.buffer, slot.order, matrix.rows);
	const ranks = new Uint8Array(memory.buffer, few.ranks, matrix.features * 256);
	const members = new Uint8Array(memory.buffer, few.members, 256);
	const readyFor = new Float64Array(matrix.features);
	let opened = 0;
	let [from, to, byRank] = [0, 0, false];

	const copy = (feature: number) => {
		const start = 256 * feature - from;
		const base = feature * rows;
		for (let at = from; at < to; at++) ranks[start + at] = bytes[base + (order[at] as number)] as number;
	};
	const isRanked = (feature: number) => byRank && codes !== null && exact[feature] !== true;

	return {
		open(first, end, wanted) {
			[from, to, byRank] = [first, end, wanted];
			opened++;
			for (let member = 0; member < to - from; member++) members[member] = member;
		},
		need(features) {
			for (let index = 0; index < features.length; index++) {
				const feature = features[index] as number;
				if (readyFor[feature] === opened) continue;
				readyFor[feature] = opened;
				if (!isRanked(feature)) copy(feature);
				else kernels.rankFew((codes as number) + 2 * feature * rows, slot.order, from, to, few.ranks + 256 * feature);
			}
		},
		threshold: (begin, end) => (feature, rank, next) => {
			if (!isRanked(feature)) return edgeAfter(matrix, feature, rank);
			if (next < 0) return Number.POSITIVE_INFINITY;
			const column = columns[feature] as Float32Array;
			let [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
			for (let at = begin; at < end; at++) {
				const member = members[at] as number;
				const ranked = ranks[256 * feature + member] as number;
				if (ranked !== rank && ranked !== next) continue;
				const value = column[order[from + member] as number] as number;
				if (ranked === rank) low = Math.max(low, value);
				else high = Math.min(high, value);
			}
			return between(low, high);
		},
	};
}
