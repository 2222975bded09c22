/** Scores of an isolation forest: how early the trees isolate a row. */
import { isolationKernels } from '../../kernels/isolation.ts';
import { createLayout, type KernelMemory, shareMemory } from '../../kernels/kernelMemory.ts';
import { alone, type Team, type Work } from '../../kernels/team.ts';
import { type FeatureMatrix, shareMatrix } from '../preparation/featureMatrix.ts';
import { averagePathLength, type IsolationForest, type IsolationTree } from './isolationForest.ts';

/** Trees up to this depth are unfolded to complete ones; beyond it their 2^depth nodes leave the cache. */
const deepestComplete = 12;
/** Values of a block of rows that is scored by one tree after the other, so that it stays in the cache. */
const blockValues = 16_384;
/** Rows that a thread takes at once. */
const partRows = 16_384;

/**
 * scikit-learn's `score_samples`, a row each: −2^(−E[h(x)] / c(ψ)), from −1 (abnormal) to 0, about −0.5 for normal rows.
 * The opposite of the score s(x, ψ) of the paper (equation 2).
 */
export function scoreSamples(
	{ trees, sampleSize }: IsolationForest,
	matrix: FeatureMatrix,
	team: Team = alone,
): Float64Array {
	return walkAll({ trees, norm: normOf(trees.length, sampleSize) }, matrix, team);
}

/** Scores from the sums of path lengths over so many trees. */
export function scoresOf(lengths: Float64Array, trees: number, sampleSize: number): Float64Array {
	const scores = lengths.slice();
	toScores(scores, 0, scores.length, normOf(trees, sampleSize));
	return scores;
}

/** h(x) summed over the trees, a row each. */
export function pathLengths(trees: readonly IsolationTree[], matrix: FeatureMatrix): Float64Array {
	return walkAll({ trees, norm: null }, matrix, alone);
}

function normOf(trees: number, sampleSize: number): number {
	return trees * averagePathLength(sampleSize);
}

function toScores(lengths: Float64Array, from: number, to: number, norm: number): void {
	for (let row = from; row < to; row++) {
		// A tree of a single row isolates everything at once; scikit-learn gives such a forest −0.5.
		lengths[row] = norm === 0 ? -0.5 : -(2 ** (-(lengths[row] as number) / norm));
	}
}

interface Walked {
	readonly trees: readonly IsolationTree[];
	/** What sums are divided by for scores; null for the sums themselves. */
	readonly norm: number | null;
}

function walkAll(walked: Walked, matrix: FeatureMatrix, team: Team): Float64Array {
	const sums = new Float64Array(new SharedArrayBuffer(8 * matrix.rows));
	const task = team.open(isolationScoreWork, { ...walked, matrix: shareMatrix(matrix, team), sums });
	task.run(Math.ceil(matrix.rows / partRows));
	task.close();
	return sums;
}

/** Path lengths or scores of `partRows` rows a part. */
export const isolationScoreWork: Work<Walked & { matrix: FeatureMatrix; sums: Float64Array }, void> = {
	name: 'isolation scores',
	prepare({ trees, norm, matrix, sums }) {
		const score = createBlockWalk(trees, matrix.columns.length);
		return (part) => {
			const end = Math.min(matrix.rows, (part + 1) * partRows);
			for (let from = part * partRows; from < end; from += score.rows) {
				const count = Math.min(score.rows, end - from);
				score.fill(matrix.columns, from, count);
				sums.set(score.walk(count), from);
			}
			if (norm !== null) toScores(sums, part * partRows, end, norm);
		};
	},
};

interface BlockWalk {
	/** Rows of a block. */
	readonly rows: number;
	/** Takes rows of the columns. */
	fill(columns: readonly Float32Array[], from: number, count: number): void;
	/** The path lengths of the rows, until the next block. */
	walk(count: number): Float64Array;
}

/** Scores rows block by block in memory of its own: the values lie column by column. */
function createBlockWalk(trees: readonly IsolationTree[], features: number): BlockWalk {
	const rows = Math.max(64, Math.min(1024, Math.floor(blockValues / Math.max(1, features)))) & ~7;
	const layout = createLayout();
	const at = { values: layout.reserve(4 * rows * features), lengths: layout.reserve(8 * rows) };
	const places = trees.map(({ depth }) =>
		depth > deepestComplete ? null : { nodes: layout.reserve(8 * 2 ** depth), leaves: layout.reserve(8 * 2 ** depth) },
	);
	const memory = shareMemory(layout.bytes);
	const kernels = isolationKernels(memory);
	const values = new Float32Array(memory.buffer, at.values, rows * features);
	const lengths = new Float64Array(memory.buffer, at.lengths, rows);
	const walks = trees.map((tree, index): ((count: number) => void) => {
		const place = places[index];
		if (!place) return (count) => walkPointers(tree, values, rows, lengths, count);
		unfold(tree, memory, place.nodes, place.leaves, rows);
		// A block is a multiple of eight: what lies behind the last row is walked too, and never read.
		return (count) =>
			kernels.addLengths(place.nodes, place.leaves, tree.depth, at.values, at.lengths, (count + 7) & ~7);
	});
	return {
		rows,
		fill(columns, from, count) {
			for (const [column, all] of columns.entries()) values.set(all.subarray(from, from + count), column * rows);
		},
		walk(count) {
			lengths.fill(0);
			for (const walk of walks) walk(count);
			return lengths.subarray(0, count);
		},
	};
}

/**
 * A tree unfolded to 2^depth leaves: short branches are filled with nodes that send all rows left, their length copied
 * to every leaf below.
 */
function unfold({ depth, ...tree }: IsolationTree, memory: KernelMemory, nodes: number, leaves: number, block: number) {
	const inner = 2 ** depth - 1;
	const offsets = new Uint32Array(memory.buffer, nodes, 2 * inner);
	const thresholds = new Float32Array(memory.buffer, nodes, 2 * inner);
	const lengths = new Float64Array(memory.buffer, leaves, inner + 1);
	place(0, 0, 0);

	function place(node: number, to: number, level: number): void {
		const feature = tree.feature[node] as number;
		if (level === depth) {
			lengths[to - inner] = tree.length[node] as number;
			return;
		}
		offsets[2 * to] = Math.max(0, feature) * block * 4;
		thresholds[2 * to + 1] = feature < 0 ? Number.POSITIVE_INFINITY : (tree.threshold[node] as number);
		place(feature < 0 ? node : (tree.left[node] as number), 2 * to + 1, level + 1);
		place(feature < 0 ? node : (tree.right[node] as number), 2 * to + 2, level + 1);
	}
}

/** Deep trees are walked as they are, row by row. */
function walkPointers(
	{ feature, threshold, left, right, length }: IsolationTree,
	values: Float32Array,
	block: number,
	lengths: Float64Array,
	count: number,
): void {
	for (let row = 0; row < count; row++) {
		let node = 0;
		for (let column = feature[0] as number; column >= 0; column = feature[node] as number) {
			const value = values[column * block + row] as number;
			node = (value > (threshold[node] as number) ? right[node] : left[node]) as number;
		}
		lengths[row] = (lengths[row] as number) + (length[node] as number);
	}
}
