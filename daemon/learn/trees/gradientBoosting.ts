/** Gradient boosting of histogram trees (Friedman 2001; Ke et al. 2017). */
import { createRandom } from '../../stats/random.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import { type BinnedMatrix, binMatrix, missingBin } from './binnedMatrix.ts';
import { countOf, drawFeatures } from './drawFeatures.ts';
import { growTree } from './growTree.ts';
import type { Loss } from './loss.ts';
import type { Tree } from './tree.ts';

export interface BoostingParams {
	/** Rounds at most; each grows a tree an output. */
	readonly trees: number;
	readonly learning_rate: number;
	readonly max_leaves: number;
	/** 0: as deep as the leaves allow. */
	readonly max_depth: number;
	readonly min_samples_leaf: number;
	readonly l2: number;
	/** Share of the features that a tree sees. */
	readonly features: number;
	/** Rounds without a lower loss on the rows kept apart, after which it stops; 0: never. */
	readonly early_stopping: number;
	readonly seed: number;
}

export interface BoostedTrees {
	/** What is said before the first tree, a number an output. */
	readonly start: Float64Array;
	/** By round, a tree an output; the leaves hold the learning rate already. */
	readonly rounds: readonly (readonly Tree[])[];
	/** Mean loss after each round, of the rows learned from and of those kept apart (empty without early stopping). */
	readonly history: { readonly loss: number[]; readonly validation: number[] };
}

/**
 * Fits to the rows in `rows`; `apart` are watched for early stopping alone. The rounds after the best one are dropped
 * where early stopping is asked for.
 */
export function fitBoosting(
	matrix: FeatureMatrix,
	loss: Loss,
	rows: Uint32Array,
	apart: Uint32Array,
	params: BoostingParams,
	onRound: (round: number) => void,
): BoostedTrees {
	const binned = binMatrix(matrix);
	const { outputs } = loss;
	const start = loss.start();
	const raw = new Float64Array(matrix.rows * outputs);
	for (let at = 0; at < raw.length; at++) raw[at] = start[at % outputs] as number;
	const gradient = new Float64Array(matrix.rows);
	const weight = new Float64Array(matrix.rows);
	const rounds: Tree[][] = [];
	const history = { loss: [] as number[], validation: [] as number[] };
	let best = 0;
	for (let round = 1; round <= params.trees; round++) {
		const grown: Tree[] = [];
		for (let output = 0; output < outputs; output++) {
			loss.derive(raw, output, rows, gradient, weight);
			grown.push(growOne(binned, gradient, weight, rows, params, round, output));
		}
		for (const [output, tree] of grown.entries()) {
			addBinned(tree, binned, rows, raw, outputs, output);
			addBinned(tree, binned, apart, raw, outputs, output);
		}
		rounds.push(grown);
		history.loss.push(loss.mean(raw, rows));
		onRound(round);
		if (apart.length === 0) continue;
		history.validation.push(loss.mean(raw, apart));
		const lowest = history.validation[best] as number;
		if ((history.validation[round - 1] as number) < lowest) best = round - 1;
		if (params.early_stopping > 0 && round - 1 - best >= params.early_stopping) break;
	}
	return { start, rounds: apart.length > 0 ? rounds.slice(0, best + 1) : rounds, history };
}

function growOne(
	binned: BinnedMatrix,
	gradient: Float64Array,
	weight: Float64Array,
	rows: Uint32Array,
	params: BoostingParams,
	round: number,
	output: number,
): Tree {
	const seen = featuresSeen(binned.features, params, round, output);
	return growTree(binned, { kind: 'gradients', gradient, weight }, rows.slice(), {
		minRows: params.min_samples_leaf,
		l2: params.l2,
		maxLeaves: params.max_leaves,
		maxDepth: params.max_depth === 0 ? Number.POSITIVE_INFINITY : params.max_depth,
		drawFeatures: () => seen,
		// One Newton step, shortened.
		leafValue: (sums) => [(-params.learning_rate * (sums[0] as number)) / ((sums[1] as number) + params.l2)],
		outputs: 1,
	});
}

function featuresSeen(
	features: number,
	{ features: share, seed }: BoostingParams,
	round: number,
	output: number,
): Int32Array {
	const all = Int32Array.from({ length: features }, (_, feature) => feature);
	const count = countOf(features, share);
	if (count === features) return all;
	return drawFeatures(all, count, createRandom(seed, 'boosting', round, output)).sort();
}

/** Adds what a tree says to the raw predictions of rows, found by their bins. */
function addBinned(
	tree: Tree,
	{ bins, stride, edges }: BinnedMatrix,
	rows: Uint32Array,
	raw: Float64Array,
	outputs: number,
	output: number,
): void {
	const { feature, threshold, missingLeft, left, right, values } = tree;
	/** The last bin that goes left. */
	const cut = Int32Array.from(feature, (at, node) => {
		if (at < 0) return -1;
		const found = (edges[at] as Float32Array).indexOf(threshold[node] as number);
		return found < 0 ? missingBin - 1 : found;
	});
	for (const row of rows) {
		let node = 0;
		for (let at = feature[0] as number; at >= 0; at = feature[node] as number) {
			const bin = bins[row * stride + at] as number;
			node = (
				bin <= (cut[node] as number) || (bin === missingBin && missingLeft[node] === 1) ? left[node] : right[node]
			) as number;
		}
		const to = row * outputs + output;
		raw[to] = (raw[to] as number) + (values[node] as number);
	}
}
