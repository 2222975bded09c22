/** One tree on binned features, by histograms (Chen & Guestrin 2016; Ke et al. 2017). */
import { mostFew } from '../../kernels/treeKernels.ts';
import type { Slot } from './growthMemory.ts';
import { type Limits, type NodeSums, noLimits, type Split, type SplitMath } from './split.ts';
import { createNodes, type Tree } from './tree.ts';

export interface Growth {
	/** Infinity for as many as there are; else the leaf that gains most is cut first. */
	readonly maxLeaves: number;
	readonly maxDepth: number;
	/** The features that a node may be cut by. */
	readonly drawFeatures: () => Int32Array;
	/** What a leaf says, from the sums of its rows: as many numbers as a tree has outputs. */
	readonly leafValue: (sums: Float64Array, limits: Limits) => ArrayLike<number>;
	readonly outputs: number;
	/** Whether rows with these sums are all alike. */
	readonly isPure?: (sums: Float64Array) => boolean;
	/** How much stands behind a node; the number of its rows unless said. */
	readonly coverOf?: (sums: Float64Array) => number;
	/** Hears of every leaf and the places of its rows, where the leaves are bounded. */
	readonly onLeaf?: (said: ArrayLike<number>, from: number, to: number) => void;
}

interface Open extends NodeSums {
	readonly node: number;
	readonly from: number;
	readonly to: number;
	readonly depth: number;
	/** The address; null for few rows, and where no memory was left. */
	readonly histogram: number | null;
	readonly split: Split | null;
}

/** Grows a tree on the first `rows` rows in the order of the slot. */
export function growTree(math: SplitMath, slot: Slot, rows: number, growth: Growth): Tree {
	const nodes = createNodes(growth.outputs);
	const spare = Array.from(
		{ length: slot.histogramCount },
		(_, index) => slot.histograms + index * slot.histogramBytes,
	);
	const isByLeaf = growth.maxLeaves !== Number.POSITIVE_INFINITY;
	const { minRows } = math.rules;
	const release = (histogram: number | null) => {
		if (histogram !== null) spare.push(histogram);
	};
	const isOver = (depth: number, { rows: count, total }: Pick<NodeSums, 'rows' | 'total'>) =>
		depth >= growth.maxDepth || count < 2 * minRows || count < 2 || growth.isPure?.(total) === true;
	const setLeaf = (node: number, sums: Float64Array, from: number, to: number, limits: Limits) => {
		const said = growth.leafValue(sums, limits);
		nodes.setLeaf(node, said);
		growth.onLeaf?.(said, from, to);
	};

	let leaves = 1;
	const open = (
		node: number,
		from: number,
		to: number,
		depth: number,
		total: Float64Array,
		limits: Limits,
		filled: number | null,
	) => {
		const known = { rows: to - from, total, limits };
		if (growth.coverOf !== undefined) nodes.setCover(node, growth.coverOf(total));
		let split: Split | null = null;
		let histogram = filled;
		if (leaves < growth.maxLeaves && !isOver(depth, known) && (isByLeaf || known.rows > mostFew)) {
			const features = growth.drawFeatures();
			if (known.rows <= mostFew) split = math.openFew(from, to, false).search(0, known.rows, known, features);
			else {
				histogram ??= spare.pop() ?? null;
				// The last one is never kept: there is always one to look at a node with.
				if (filled === null && histogram !== null) math.fill(histogram, from, to);
				if (histogram !== null) split = math.search(histogram, known, features);
				if (spare.length === 0) {
					release(histogram);
					histogram = null;
				}
			}
		}
		if (split === null || known.rows <= mostFew) {
			release(histogram);
			histogram = null;
		}
		return { node, from, to, depth, ...known, histogram, split } satisfies Open;
	};

	const cut = ({ node, from, to, depth, total, limits, histogram }: Open, split: Split): [Open, Open] => {
		const middle = math.part(split, from, to);
		const right = difference(total, split.left);
		const [leftNode, rightNode] = nodes.setSplit(node, split, middle - from, to - middle);
		const [leftLimits, rightLimits] = limitsBelow(split, limits);
		const isLeftSmall = middle - from <= to - middle;
		const [small, large] = isLeftSmall ? ([from, middle] as const) : ([middle, to] as const);
		let [smallHistogram, largeHistogram]: [number | null, number | null] = [null, null];
		const largest = Math.max(middle - from, to - middle);
		const isLast = leaves >= growth.maxLeaves || depth + 1 >= growth.maxDepth;
		const other = histogram !== null && largest > mostFew && !isLast ? spare.pop() : undefined;
		if (histogram !== null && other !== undefined) {
			math.fill(other, small, large);
			math.subtract(histogram, other);
			[smallHistogram, largeHistogram] = [other, histogram];
		} else release(histogram);
		return [
			open(leftNode, from, middle, depth + 1, split.left, leftLimits, isLeftSmall ? smallHistogram : largeHistogram),
			open(rightNode, middle, to, depth + 1, right, rightLimits, isLeftSmall ? largeHistogram : smallHistogram),
		];
	};

	/** A whole subtree of few rows, by ranks that tell nearly all of their values apart. */
	const growFew = ({ node: top, from, rows: count, depth: above, total: sums, limits: around }: Open) => {
		const few = math.openFew(from, from + count, true);
		const grow = (node: number, begin: number, end: number, depth: number, total: Float64Array, limits: Limits) => {
			const known = { rows: end - begin, total, limits };
			if (growth.coverOf !== undefined) nodes.setCover(node, growth.coverOf(total));
			const split = isOver(depth, known) ? null : few.search(begin, end, known, growth.drawFeatures());
			if (split === null) return setLeaf(node, total, begin, end, limits);
			const middle = few.part(split, begin, end);
			const [leftNode, rightNode] = nodes.setSplit(node, split, middle - begin, end - middle);
			const right = difference(total, split.left);
			const [leftLimits, rightLimits] = limitsBelow(split, limits);
			grow(leftNode, begin, middle, depth + 1, split.left, leftLimits);
			grow(rightNode, middle, end, depth + 1, right, rightLimits);
		};
		grow(top, 0, count, above, sums, around);
	};

	const waiting: Open[] = [open(nodes.add(rows), 0, rows, 0, math.sum(0, rows), noLimits, null)];
	while (waiting.length > 0) {
		const next = (isByLeaf ? takeBest(waiting) : waiting.pop()) as Open;
		if (next.split !== null && leaves < growth.maxLeaves) {
			leaves++;
			waiting.push(...cut(next, next.split));
			continue;
		}
		release(next.histogram);
		if (isByLeaf || next.rows > mostFew || isOver(next.depth, next))
			setLeaf(next.node, next.total, next.from, next.to, next.limits);
		else growFew(next);
	}
	return nodes.toTree();
}

/** Those that the cut sets, else the bounds of the node. */
function limitsBelow({ limits }: Split, { low, high, l2 }: Limits): readonly [Limits, Limits] {
	if (limits !== undefined) return limits;
	const below = l2 === 0 ? { low, high, l2 } : { low, high, l2: 0 };
	return [below, below];
}

function difference(from: Float64Array, other: Float64Array): Float64Array {
	const rest = from.slice();
	for (let at = 0; at < rest.length; at++) rest[at] = (rest[at] as number) - (other[at] as number);
	return rest;
}

function takeBest(waiting: Open[]): Open | undefined {
	let best = 0;
	for (let index = 1; index < waiting.length; index++) {
		if ((waiting[index]?.split?.gain ?? -1) > (waiting[best]?.split?.gain ?? -1)) best = index;
	}
	return waiting.splice(best, 1)[0];
}
