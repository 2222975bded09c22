/** What the threads of a team do together while one tree of boosting grows. */
import type { Task, Team, Work } from '../../kernels/team.ts';
import { treeKernels } from '../../kernels/trees.ts';
import { fillRows } from './fillRows.ts';
import type { BinnedMatrix, Slot } from './growthMemory.ts';
import { stagedRows } from './growthMemory.ts';
import { type LossTarget, lossOf } from './loss.ts';
import { partInto, showMarks } from './partRows.ts';
import { rowPairs } from './rowPairs.ts';
import type { SplitMath } from './split.ts';

/** Everything that threads share. */
export interface BoostingShared {
	readonly binned: BinnedMatrix;
	readonly target: LossTarget;
	/** Learned from. */
	readonly rows: Uint32Array;
	/** Raw predictions, and those of the round that is grown. */
	readonly raw: Float64Array;
	readonly next: Float64Array;
	/** By shard: the loss and the greatest gradient. */
	readonly shards: Float64Array;
	/** By part: how many of its rows go left. */
	readonly lefts: Int32Array;
	/** By leaf: where its rows begin and end, and what it says. */
	readonly leaves: Float64Array;
	/** Threads that have come. */
	readonly taken: Int32Array;
}

/** Rows of a shard: sums of losses are added shard by shard, for any number of threads in the same order. */
const shardRows = 16_384;
/** Fewer rows, or values, than these are faster done by one thread. */
const worthParting = 8192;
const worthFilling = 1 << 15;

export const shardsOf = (rows: number) => Math.ceil(rows / shardRows);

const operations = ['measure', 'derive', 'fill', 'part', 'copy', 'update'] as const;
type Operation = (typeof operations)[number];
const codeOf = (operation: Operation) => operations.indexOf(operation);

export const boostingWork: Work<BoostingShared, void> = {
	name: 'boosting',
	prepare({ binned, target, rows, raw, next, shards, lefts, leaves, taken }) {
		const loss = lossOf(target);
		const { outputs } = loss;
		const { memory } = binned;
		const slot = binned.slots[0] as Slot;
		const kernels = treeKernels(memory);
		const thread = Atomics.add(taken, 0, 1);
		const pairs = rowPairs(binned, slot, thread);
		const { stage } = pairs;
		const order = new Uint32Array(memory.buffer, slot.order, binned.rows);
		const blocksOf = (shard: number) => {
			const end = Math.min(rows.length, (shard + 1) * shardRows);
			const blocks: [number, number][] = [];
			for (let from = shard * shardRows; from < end; from += stagedRows) {
				blocks.push([from, Math.min(end, from + stagedRows)]);
			}
			return blocks;
		};

		const work: Record<Operation, (part: number, values: Float64Array) => void> = {
			measure(shard) {
				let steepest = 0;
				for (const [from, to] of blocksOf(shard)) {
					loss.derive(raw, 0, rows, from, to, stage);
					for (let at = 0; at < 2 * (to - from); at += 2) {
						const gradient = Math.abs(stage[at] as number);
						if (gradient > steepest) steepest = gradient;
					}
				}
				shards[2 * shard + 1] = steepest;
			},
			derive(shard, [, output = 0, ofGradient = 1, ofWeight = 1]) {
				let sum = 0;
				for (const [from, to] of blocksOf(shard)) {
					sum += loss.derive(raw, output, rows, from, to, stage);
					order.set(rows.subarray(from, to), from);
					pairs.settle(from, to, ofGradient, ofWeight);
				}
				if (output === 0) shards[2 * shard] = sum;
			},
			fill(part, [, from = 0, to = 0, histogram = 0, parts = 1]) {
				const into = part === 0 ? histogram : (slot.partial[part - 1] as number);
				new Float64Array(memory.buffer, into, slot.histogramBytes / 8).fill(0);
				const [begin, end] = [share(from, to, part, parts), share(from, to, part + 1, parts)];
				fillRows(kernels, binned, slot, into, begin, end, thread);
			},
			part(part, [, from = 0, to = 0, feature = 0, parts = 1]) {
				const [begin, end] = [share(from, to, part, parts), share(from, to, part + 1, parts)];
				lefts[part] = partInto(kernels, binned, slot, feature, begin, end);
			},
			copy(part, [, from = 0, to = 0, parts = 1]) {
				let [left, right] = [from, from];
				for (let other = 0; other < parts; other++) right += lefts[other] as number;
				for (let before = 0; before < part; before++) {
					const size = share(from, to, before + 1, parts) - share(from, to, before, parts);
					left += lefts[before] as number;
					right += size - (lefts[before] as number);
				}
				const [begin, end] = [share(from, to, part, parts), share(from, to, part + 1, parts)];
				const count = lefts[part] as number;
				kernels.copyRows(slot.order + 4 * left, slot.scratch + 4 * begin, count);
				kernels.copyBackwards(slot.order + 4 * right, slot.scratch + 4 * (end - 1), end - begin - count);
			},
			update(leaf, [, output = 0]) {
				const [from, to, said] = leaves.subarray(3 * leaf, 3 * leaf + 3) as unknown as [number, number, number];
				for (let at = from; at < to; at++) {
					const place = (order[at] as number) * outputs + output;
					next[place] = (next[place] as number) + said;
				}
			},
		};
		const byCode = operations.map((operation) => work[operation]);
		return (part, values) => byCode[values[0] as number]?.(part, values);
	},
};

/** Where a part of a range begins. */
function share(from: number, to: number, part: number, parts: number): number {
	return from + Math.floor(((to - from) * part) / parts);
}

/** Runs one of the operations. */
export function runner(task: Task<void>) {
	return (operation: Operation, parts: number, ...values: number[]): void => {
		task.run(parts, codeOf(operation), ...values);
	};
}

/** Sums and cuts by all threads of a team where there are rows enough. */
export function shareMath(
	math: SplitMath,
	{ binned, lefts }: BoostingShared,
	{ threads }: Pick<Team, 'threads'>,
	run: ReturnType<typeof runner>,
): SplitMath {
	if (threads === 1) return math;
	const slot = binned.slots[0] as Slot;
	const kernels = treeKernels(binned.memory);
	return {
		...math,
		fill(histogram, from, to) {
			if ((to - from) * binned.features < worthFilling) return math.fill(histogram, from, to);
			run('fill', threads, from, to, histogram, threads);
			const add = slot.packed ? kernels.addPacked : kernels.addNumbers;
			for (const partial of slot.partial) add(histogram, partial, slot.histogramBytes);
		},
		part(split, from, to) {
			if (to - from < worthParting) return math.part(split, from, to);
			showMarks(binned, slot, split);
			run('part', threads, from, to, split.feature, threads);
			run('copy', threads, from, to, threads);
			let middle = from;
			for (let part = 0; part < threads; part++) middle += lefts[part] as number;
			return middle;
		},
	};
}
