/**
 * Isolation forest after Liu, Ting and Zhou, "Isolation forest", ICDM 2008, with the definitions of scikit-learn's
 * IsolationForest: anomalies are few and different, so random cuts isolate them after fewer steps.
 * Features and thresholds are float32 here and in the graph, so that no row changes its leaf.
 */
import { createRandom, type Random } from '../../stats/random.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';

/** Nodes in the order of a walk, the root first. A row goes left when `value <= threshold` or the value is missing. */
export interface IsolationTree {
	/** Column of the matrix that a node cuts; −1 for a leaf. */
	feature: Int32Array;
	threshold: Float32Array;
	left: Int32Array;
	right: Int32Array;
	/** h(x) of a leaf: its depth, and c(n) for the n rows that were left in it. 0 for inner nodes. */
	length: Float64Array;
	/** Rows of the sample that came to each node. */
	cover: Float64Array;
	/** Cuts on the longest way. */
	depth: number;
}

export interface IsolationForest {
	/** Columns of the matrix. */
	features: number;
	/** ψ: rows that each tree was grown from. */
	sampleSize: number;
	trees: IsolationTree[];
}

export interface GrowOptions {
	trees: number;
	/** Rows a tree is grown from, at most all. */
	sample_size: number;
	/** Share of the columns that a tree sees, over 0 and at most 1. */
	features: number;
	seed: number;
}

const eulerGamma = 0.577_215_664_901_532_9;

/**
 * c(n), the average length of the way to a row in a random tree of n rows: that of an unsuccessful search in a binary
 * search tree (equation 1 of the paper, with ln(n−1) + γ for the harmonic number). c(256) = 10.244770920119…
 */
export function averagePathLength(rows: number): number {
	if (rows <= 1) return 0;
	if (rows === 2) return 1;
	return 2 * (Math.log(rows - 1) + eulerGamma) - (2 * (rows - 1)) / rows;
}

/** Grows the trees (algorithm 1), each from random numbers of its own, and tells of every tree that is done. */
export function fitIsolationForest(
	matrix: FeatureMatrix,
	options: GrowOptions,
	onTree: (done: number) => void = () => {},
): IsolationForest {
	const sampleSize = Math.min(options.sample_size, matrix.rows);
	const heightLimit = Math.ceil(Math.log2(Math.max(sampleSize, 2)));
	const features = matrix.columns.length;
	const seen = Math.max(1, Math.floor(options.features * features));
	const trees: IsolationTree[] = [];
	for (let tree = 0; tree < options.trees; tree++) {
		const random = createRandom(options.seed, 'isolation_forest', tree);
		const columns = distinctIntegers(features, seen, random);
		const rows = distinctIntegers(matrix.rows, sampleSize, random);
		trees.push(growTree(matrix, columns, rows, heightLimit, random));
		onTree(tree + 1);
	}
	return { features, sampleSize, trees };
}

/** `count` different integers below n, every set of them equally likely (Floyd's algorithm); all of them in order. */
function distinctIntegers(n: number, count: number, random: Random): Uint32Array {
	if (count === n) return Uint32Array.from({ length: n }, (_, index) => index);
	const drawn = new Set<number>();
	for (let last = n - count; last < n; last++) {
		const candidate = random.integer(last + 1);
		drawn.add(drawn.has(candidate) ? last : candidate);
	}
	return Uint32Array.from(drawn);
}

/** Grows one tree (algorithm 2): a random column that still varies, a random cut between its least and its greatest value. */
function growTree(
	matrix: FeatureMatrix,
	columns: Uint32Array,
	rows: Uint32Array,
	heightLimit: number,
	random: Random,
): IsolationTree {
	const size = rows.length;
	const width = columns.length;
	// The sampled values lie together, column by column: the sample is small and read many times.
	const sample = new Float32Array(width * size);
	for (let column = 0; column < width; column++) {
		const values = matrix.columns[columns[column] as number] as Float32Array;
		for (let row = 0; row < size; row++) sample[column * size + row] = values[rows[row] as number] as number;
	}
	const feature: number[] = [];
	const threshold: number[] = [];
	const left: number[] = [];
	const right: number[] = [];
	const length: number[] = [];
	const cover: number[] = [];
	let depth = 0;
	const members = Uint32Array.from({ length: size }, (_, index) => index);
	const candidates = Uint32Array.from({ length: width }, (_, index) => index);

	function grow(from: number, to: number, height: number): number {
		const node = feature.length;
		const cut =
			height < heightLimit && to - from > 1 ? drawCut(sample, size, members, from, to, candidates, random) : null;
		feature.push(cut === null ? -1 : (columns[cut.column] as number));
		threshold.push(cut === null ? 0 : cut.threshold);
		left.push(-1);
		right.push(-1);
		length.push(cut === null ? height + averagePathLength(to - from) : 0);
		cover.push(to - from);
		depth = Math.max(depth, height);
		if (cut !== null) {
			const middle = partition(sample, cut.column * size, cut.threshold, members, from, to);
			left[node] = grow(from, middle, height + 1);
			right[node] = grow(middle, to, height + 1);
		}
		return node;
	}
	grow(0, size, 0);
	return {
		feature: Int32Array.from(feature),
		threshold: Float32Array.from(threshold),
		left: Int32Array.from(left),
		right: Int32Array.from(right),
		length: Float64Array.from(length),
		cover: Float64Array.from(cover),
		depth,
	};
}

/** A column drawn uniformly among those that vary within the node, and a cut drawn uniformly in [least, greatest). */
function drawCut(
	sample: Float32Array,
	size: number,
	members: Uint32Array,
	from: number,
	to: number,
	candidates: Uint32Array,
	random: Random,
): { column: number; threshold: number } | null {
	for (let open = candidates.length; open > 0; open--) {
		const pick = random.integer(open);
		const column = candidates[pick] as number;
		candidates[pick] = candidates[open - 1] as number;
		candidates[open - 1] = column;
		let least = Number.POSITIVE_INFINITY;
		let greatest = Number.NEGATIVE_INFINITY;
		for (let at = from; at < to; at++) {
			const value = sample[column * size + (members[at] as number)] as number;
			if (value < least) least = value;
			if (value > greatest) greatest = value;
		}
		if (least < greatest) {
			const drawn = Math.fround(least + random.next() * (greatest - least));
			// Rounding to float32 may reach the greatest value, which would leave the right side empty.
			return { column, threshold: drawn < greatest ? drawn : least };
		}
	}
	return null;
}

/** Moves the rows that go left to the front and returns where the others start. */
function partition(
	sample: Float32Array,
	offset: number,
	threshold: number,
	members: Uint32Array,
	from: number,
	to: number,
): number {
	let middle = from;
	for (let at = from; at < to; at++) {
		const row = members[at] as number;
		if ((sample[offset + row] as number) > threshold) continue;
		members[at] = members[middle] as number;
		members[middle] = row;
		middle++;
	}
	return middle;
}
