/** One tree on binned features, by histograms (Chen & Guestrin 2016; Ke et al. 2017). */
import { type BinnedMatrix, missingBin } from './binnedMatrix.ts';
import { createSplitSearch, type Split, type SplitRules } from './findSplit.ts';
import { emptyHistogram, fillHistogram, subtractHistogram, type Target, widthOf } from './histograms.ts';
import type { Tree } from './tree.ts';

export interface Growth extends SplitRules {
	/** Infinity for as many as there are; else the leaf that gains most is cut first. */
	readonly maxLeaves: number;
	readonly maxDepth: number;
	/** The features that a node may be cut by. */
	readonly drawFeatures: () => ArrayLike<number>;
	/** What a leaf says, from the sums of its rows: as many numbers as a tree has outputs. */
	readonly leafValue: (sums: Float64Array) => ArrayLike<number>;
	readonly outputs: number;
}

/** Below so many rows a node is cut without a histogram: most of its bins would be empty. */
const fewRows = 256;

interface Open {
	readonly node: number;
	readonly from: number;
	readonly to: number;
	readonly depth: number;
	readonly sums: Float64Array;
	/** Null once there are few rows. */
	readonly histogram: Float64Array | null;
	readonly split: Split | null;
}

/** Grows a tree on the rows in `order`, which is put into the order of the leaves. */
export function growTree(matrix: BinnedMatrix, target: Target, order: Uint32Array, growth: Growth): Tree {
	const search = createSplitSearch(matrix, target, growth);
	const scratch = new Uint32Array(order.length);
	const spare: Float64Array[] = [];
	const histogramOf = (from: number, to: number): Float64Array => {
		const histogram = spare.pop()?.fill(0) ?? emptyHistogram(matrix, target);
		fillHistogram(histogram, matrix, target, order, from, to);
		return histogram;
	};
	const release = (histogram: Float64Array | null) => {
		if (histogram !== null) spare.push(histogram);
	};
	const nodes = createNodes(growth.outputs);

	const open = (
		node: number,
		from: number,
		to: number,
		depth: number,
		sums: Float64Array,
		histogram: Float64Array | null,
	): Open => {
		const rows = to - from;
		const isOver = depth >= growth.maxDepth || rows < 2 * growth.minRows;
		const features = isOver ? [] : growth.drawFeatures();
		const known = { rows, total: sums };
		const split = isOver
			? null
			: histogram === null
				? search.inRows(order, from, to, known, features)
				: search.inHistogram(histogram, known, features);
		return { node, from, to, depth, sums, histogram, split };
	};
	const close = ({ node, sums, histogram }: Open) => {
		nodes.setLeaf(node, growth.leafValue(sums));
		release(histogram);
	};
	const cut = ({ node, from, to, depth, sums, histogram }: Open, split: Split): [Open, Open] => {
		const middle = partition(matrix, split, order, scratch, from, to);
		const right = sums.map((sum, at) => sum - (split.left[at] as number));
		const { feature, bin, missingLeft } = split;
		// A cut after the last bin parts what is known from what is missing.
		const threshold = (matrix.edges[feature] as Float32Array)[bin] ?? Number.POSITIVE_INFINITY;
		const [leftNode, rightNode] = nodes.setSplit(node, feature, threshold, missingLeft, middle - from, to - middle);
		const [small, large] = middle - from <= to - middle ? ([from, middle] as const) : ([middle, to] as const);
		const largest = Math.max(middle - from, to - middle);
		let histograms: [Float64Array | null, Float64Array | null] = [null, null];
		if (histogram !== null && largest >= fewRows && depth + 1 < growth.maxDepth) {
			const smaller = histogramOf(small, large);
			subtractHistogram(histogram, smaller);
			histograms = small === from ? [smaller, histogram] : [histogram, smaller];
		} else release(histogram);
		const keep = (rows: number, side: 0 | 1) => {
			if (rows >= fewRows) return histograms[side];
			release(histograms[side]);
			return null;
		};
		return [
			open(leftNode, from, middle, depth + 1, split.left, keep(middle - from, 0)),
			open(rightNode, middle, to, depth + 1, right, keep(to - middle, 1)),
		];
	};

	const rows = order.length;
	const root = open(nodes.add(rows), 0, rows, 0, sumOf(target, order), rows >= fewRows ? histogramOf(0, rows) : null);
	const waiting: Open[] = [root];
	let leaves = 1;
	while (waiting.length > 0) {
		const next = growth.maxLeaves === Number.POSITIVE_INFINITY ? waiting.pop() : takeBest(waiting);
		if (next === undefined) break;
		if (next.split === null || leaves >= growth.maxLeaves) {
			close(next);
			continue;
		}
		leaves++;
		waiting.push(...cut(next, next.split));
	}
	return nodes.toTree();
}

function takeBest(waiting: Open[]): Open | undefined {
	let best = 0;
	for (let index = 1; index < waiting.length; index++) {
		if ((waiting[index]?.split?.gain ?? -1) > (waiting[best]?.split?.gain ?? -1)) best = index;
	}
	return waiting.splice(best, 1)[0];
}

function sumOf(target: Target, order: Uint32Array): Float64Array {
	const sums = new Float64Array(widthOf(target));
	for (const row of order) {
		if (target.kind === 'gradients') {
			sums[0] = (sums[0] as number) + (target.gradient[row] as number);
			sums[1] = (sums[1] as number) + (target.weight[row] as number);
		} else {
			const code = target.codes[row] as number;
			sums[code] = (sums[code] as number) + 1;
		}
	}
	return sums;
}

/** Puts the rows that go left before those that go right, both in their order, and returns where the right ones begin. */
function partition(
	{ bins, stride }: BinnedMatrix,
	{ feature, bin, missingLeft }: Split,
	order: Uint32Array,
	scratch: Uint32Array,
	from: number,
	to: number,
): number {
	const missing = missingLeft ? missingBin : -1;
	let left = from;
	let right = 0;
	for (let index = from; index < to; index++) {
		const row = order[index] as number;
		const value = bins[row * stride + feature] as number;
		// Written to both sides, and advanced on one: no branch to be guessed wrongly. The missing bin is the last of all.
		const goesLeft = +(value <= bin) | +(value === missing);
		order[left] = row;
		scratch[right] = row;
		left += goesLeft;
		right += 1 - goesLeft;
	}
	order.set(scratch.subarray(0, right), left);
	return left;
}

/** Nodes as they come. */
function createNodes(outputs: number) {
	const feature: number[] = [];
	const threshold: number[] = [];
	const missingLeft: number[] = [];
	const left: number[] = [];
	const right: number[] = [];
	const cover: number[] = [];
	const values: number[] = [];
	const add = (rows: number): number => {
		feature.push(-1);
		threshold.push(0);
		missingLeft.push(0);
		left.push(-1);
		right.push(-1);
		cover.push(rows);
		for (let output = 0; output < outputs; output++) values.push(0);
		return feature.length - 1;
	};
	return {
		add,
		setLeaf(node: number, said: ArrayLike<number>): void {
			for (let output = 0; output < outputs; output++) values[node * outputs + output] = said[output] as number;
		},
		setSplit(
			node: number,
			by: number,
			at: number,
			missing: boolean,
			rowsLeft: number,
			rowsRight: number,
		): [number, number] {
			const children: [number, number] = [add(rowsLeft), add(rowsRight)];
			feature[node] = by;
			threshold[node] = at;
			missingLeft[node] = +missing;
			[left[node], right[node]] = children;
			return children;
		},
		toTree: (): Tree => ({
			feature: Int32Array.from(feature),
			threshold: Float32Array.from(threshold),
			missingLeft: Uint8Array.from(missingLeft),
			left: Int32Array.from(left),
			right: Int32Array.from(right),
			values: Float64Array.from(values),
			cover: Float64Array.from(cover),
			outputs,
		}),
	};
}
