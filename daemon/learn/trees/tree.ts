/** Decision trees as arrays, and the walk of rows through them. */
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import type { Split } from './split.ts';

/**
 * One tree. Node 0 is the root. A row goes left when its feature is at most the threshold, or is missing and
 * `missingLeft` says so.
 */
export interface Tree {
	/** −1 marks a leaf. */
	readonly feature: Int32Array;
	/** Float32, as in the graph. */
	readonly threshold: Float32Array;
	readonly missingLeft: Uint8Array;
	readonly left: Int32Array;
	readonly right: Int32Array;
	/** What the leaves say: `outputs` numbers a node, 0 in inner nodes. */
	readonly values: Float64Array;
	/** Numbers that a leaf says. */
	readonly outputs: number;
	/** Rows that came to each node in training. */
	readonly cover: Float64Array;
}

/** Adds what the trees say of each row, times `weight`, to `sums`: `[rows × outputs]`, row by row. */
export function addPredictions(
	trees: readonly Tree[],
	matrix: FeatureMatrix,
	weight: number,
	sums: Float64Array,
): void {
	for (const tree of trees) {
		const { values, outputs } = tree;
		for (let row = 0; row < matrix.rows; row++) {
			const leaf = leafOf(tree, matrix, row);
			for (let output = 0; output < outputs; output++) {
				const to = row * outputs + output;
				sums[to] = (sums[to] as number) + weight * (values[leaf * outputs + output] as number);
			}
		}
	}
}

/** Adds what a tree of one output says of some rows, as one of so many outputs. */
export function addTree(
	tree: Tree,
	matrix: FeatureMatrix,
	rows: Uint32Array,
	sums: Float64Array,
	outputs: number,
	output: number,
): void {
	for (const row of rows) {
		const to = row * outputs + output;
		sums[to] = (sums[to] as number) + (tree.values[leafOf(tree, matrix, row)] as number);
	}
}

function leafOf(
	{ feature, threshold, missingLeft, left, right }: Tree,
	{ columns }: FeatureMatrix,
	row: number,
): number {
	let node = 0;
	for (let at = feature[0] as number; at >= 0; at = feature[node] as number) {
		const value = (columns[at] as Float32Array)[row] as number;
		const goesLeft = value <= (threshold[node] as number) || (Number.isNaN(value) && missingLeft[node] === 1);
		node = (goesLeft ? left[node] : right[node]) as number;
	}
	return node;
}

/** Nodes as they come. */
export function createNodes(outputs: number) {
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
		setCover(node: number, behind: number): void {
			cover[node] = behind;
		},
		setLeaf(node: number, said: ArrayLike<number>): void {
			for (let output = 0; output < outputs; output++) values[node * outputs + output] = said[output] as number;
		},
		setSplit(node: number, split: Split, rowsLeft: number, rowsRight: number): [number, number] {
			const children: [number, number] = [add(rowsLeft), add(rowsRight)];
			feature[node] = split.feature;
			threshold[node] = split.threshold;
			missingLeft[node] = +split.missingLeft;
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
