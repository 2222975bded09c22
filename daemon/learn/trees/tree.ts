/** Decision trees as arrays, and the walk of rows through them. */
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import type { Split } from './split.ts';

/**
 * One tree. Node 0 is the root. A row goes left when its feature is at most the threshold, or is missing and
 * `missingLeft` says so; or when the set of its node holds its category.
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
	/** Sets of categories, 256 bits each, where nodes are cut by them. */
	readonly sets?: CategorySets | undefined;
}

export interface CategorySets {
	/** By node: the number of its set; −1 for a cut by a threshold, and for leaves. */
	readonly of: Int32Array;
	/** Eight words a set. */
	readonly words: Uint32Array;
}

/** Whether a set holds a category. */
export function holds({ words }: CategorySets, set: number, category: number): boolean {
	return (
		Number.isInteger(category) &&
		category >= 0 &&
		category < 256 &&
		((words[8 * set + (category >> 5)] as number) & (1 << (category & 31))) !== 0
	);
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

function leafOf(tree: Tree, { columns }: FeatureMatrix, row: number): number {
	const { feature, left, right } = tree;
	let node = 0;
	for (let at = feature[0] as number; at >= 0; at = feature[node] as number) {
		const value = (columns[at] as Float32Array)[row] as number;
		node = (goesLeft(tree, node, value) ? left[node] : right[node]) as number;
	}
	return node;
}

/** Whether a value of the feature that an inner node cuts by goes left. */
export function goesLeft({ threshold, missingLeft, sets }: Tree, node: number, value: number): boolean {
	const set = sets === undefined ? -1 : (sets.of[node] as number);
	if (sets !== undefined && set >= 0) return holds(sets, set, value);
	return value <= (threshold[node] as number) || (Number.isNaN(value) && missingLeft[node] === 1);
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
	const sets: NodeSet[] = [];
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
			if (split.marks !== undefined) sets.push({ node, codes: codesIn(split.marks) });
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
			...(sets.length > 0 && { sets: setsOf(feature.length, sets) }),
		}),
	};
}

/** The categories that go left at a node. */
export interface NodeSet {
	readonly node: number;
	/** Below 256. */
	readonly codes: readonly number[];
}

export function setsOf(nodes: number, sets: readonly NodeSet[]): CategorySets {
	const of = new Int32Array(nodes).fill(-1);
	const words = new Uint32Array(8 * sets.length);
	for (const [set, { node, codes }] of sets.entries()) {
		of[node] = set;
		for (const code of codes)
			words[8 * set + (code >> 5)] = (words[8 * set + (code >> 5)] as number) | (1 << (code & 31));
	}
	return { of, words };
}

function codesIn(marks: Uint8Array): number[] {
	return [...marks.keys()].filter((code) => marks[code] === 1);
}
