/** Scores of an isolation forest: how early the trees isolate a row. */
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import { averagePathLength, type IsolationForest, type IsolationTree } from './isolationForest.ts';

/** Trees up to this depth are unfolded to complete ones; beyond it their 2^depth nodes leave the cache. */
const deepestComplete = 12;
/** Values of a block of rows that is scored by one tree after the other, so that it stays in the cache. */
const blockValues = 16_384;

/**
 * scikit-learn's `score_samples`, a row each: −2^(−E[h(x)] / c(ψ)), from −1 (abnormal) to 0, about −0.5 for normal rows.
 * The opposite of the score s(x, ψ) of the paper (equation 2).
 */
export function scoreSamples(forest: IsolationForest, matrix: FeatureMatrix): Float64Array {
	return scoresOf(pathLengths(forest.trees, matrix), forest.trees.length, forest.sampleSize);
}

/** Scores from the sums of path lengths over so many trees. */
export function scoresOf(lengths: Float64Array, trees: number, sampleSize: number): Float64Array {
	const norm = trees * averagePathLength(sampleSize);
	// A tree of a single row isolates everything at once; scikit-learn gives such a forest −0.5.
	return lengths.map((length) => (norm === 0 ? -0.5 : -(2 ** (-length / norm))));
}

/** h(x) summed over the trees, a row each. */
export function pathLengths(trees: readonly IsolationTree[], matrix: FeatureMatrix): Float64Array {
	const { rows, columns } = matrix;
	const sums = new Float64Array(rows);
	const block = Math.max(64, Math.min(1024, Math.floor(blockValues / Math.max(1, columns.length)))) & ~7;
	const values = new Float32Array(block * columns.length);
	const walks = trees.map((tree) =>
		tree.depth <= deepestComplete ? completeWalk(tree, block) : pointerWalk(tree, block),
	);
	const lengths = new Float64Array(block);
	for (let from = 0; from < rows; from += block) {
		const count = Math.min(block, rows - from);
		for (let column = 0; column < columns.length; column++) {
			values.set((columns[column] as Float32Array).subarray(from, from + count), column * block);
		}
		lengths.fill(0);
		for (const walk of walks) walk(values, lengths, count);
		sums.set(lengths.subarray(0, count), from);
	}
	return sums;
}

/** Adds the path length of each row of a block; the values lie column by column, `block` apart. */
type Walk = (values: Float32Array, lengths: Float64Array, count: number) => void;

/**
 * A tree unfolded to 2^depth leaves, node i above 2i+1 and 2i+2: short branches are filled with nodes that send all rows
 * left, their length copied to every leaf below. `+(x > t)` compiles to a flag where a condition would branch, and
 * eight rows at once hide the latency of the loads. A missing value is not greater than anything: it goes left.
 */
function completeWalk(tree: IsolationTree, block: number): Walk {
	const { depth } = tree;
	const inner = 2 ** depth - 1;
	const offsets = new Int32Array(inner);
	const thresholds = new Float32Array(inner).fill(Number.POSITIVE_INFINITY);
	const leaves = new Float64Array(inner + 1);
	unfold(tree, 0, 0, 0);

	function unfold(source: IsolationTree, node: number, place: number, level: number): void {
		const feature = source.feature[node] as number;
		if (level === depth) {
			leaves[place - inner] = source.length[node] as number;
		} else if (feature < 0) {
			unfold(source, node, 2 * place + 1, level + 1);
			unfold(source, node, 2 * place + 2, level + 1);
		} else {
			offsets[place] = feature * block;
			thresholds[place] = source.threshold[node] as number;
			unfold(source, source.left[node] as number, 2 * place + 1, level + 1);
			unfold(source, source.right[node] as number, 2 * place + 2, level + 1);
		}
	}
	return (values, lengths, count) => walkComplete(offsets, thresholds, leaves, depth, values, lengths, count);
}

function walkComplete(
	offsets: Int32Array,
	thresholds: Float32Array,
	leaves: Float64Array,
	depth: number,
	values: Float32Array,
	lengths: Float64Array,
	count: number,
): void {
	const inner = offsets.length | 0;
	// A block is a multiple of eight: what lies behind the last row is walked too, and never read.
	for (let row = 0; row < count; row += 8) {
		let a = 0;
		let b = 0;
		let c = 0;
		let d = 0;
		let e = 0;
		let f = 0;
		let g = 0;
		let h = 0;
		for (let level = 0; level < depth; level++) {
			a = (2 * a + 1 + +((values[(offsets[a] as number) + row] as number) > (thresholds[a] as number))) | 0;
			b = (2 * b + 1 + +((values[(offsets[b] as number) + row + 1] as number) > (thresholds[b] as number))) | 0;
			c = (2 * c + 1 + +((values[(offsets[c] as number) + row + 2] as number) > (thresholds[c] as number))) | 0;
			d = (2 * d + 1 + +((values[(offsets[d] as number) + row + 3] as number) > (thresholds[d] as number))) | 0;
			e = (2 * e + 1 + +((values[(offsets[e] as number) + row + 4] as number) > (thresholds[e] as number))) | 0;
			f = (2 * f + 1 + +((values[(offsets[f] as number) + row + 5] as number) > (thresholds[f] as number))) | 0;
			g = (2 * g + 1 + +((values[(offsets[g] as number) + row + 6] as number) > (thresholds[g] as number))) | 0;
			h = (2 * h + 1 + +((values[(offsets[h] as number) + row + 7] as number) > (thresholds[h] as number))) | 0;
		}
		lengths[row] = (lengths[row] as number) + (leaves[a - inner] as number);
		lengths[row + 1] = (lengths[row + 1] as number) + (leaves[b - inner] as number);
		lengths[row + 2] = (lengths[row + 2] as number) + (leaves[c - inner] as number);
		lengths[row + 3] = (lengths[row + 3] as number) + (leaves[d - inner] as number);
		lengths[row + 4] = (lengths[row + 4] as number) + (leaves[e - inner] as number);
		lengths[row + 5] = (lengths[row + 5] as number) + (leaves[f - inner] as number);
		lengths[row + 6] = (lengths[row + 6] as number) + (leaves[g - inner] as number);
		lengths[row + 7] = (lengths[row + 7] as number) + (leaves[h - inner] as number);
	}
}

/** Deep trees are walked as they are, row by row. */
function pointerWalk(tree: IsolationTree, block: number): Walk {
	const { feature, threshold, left, right, length } = tree;
	return (values, lengths, count) => {
		for (let row = 0; row < count; row++) {
			let node = 0;
			for (let column = feature[0] as number; column >= 0; column = feature[node] as number) {
				const value = values[column * block + row] as number;
				node = (value > (threshold[node] as number) ? right[node] : left[node]) as number;
			}
			lengths[row] = (lengths[row] as number) + (length[node] as number);
		}
	};
}
