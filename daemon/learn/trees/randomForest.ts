/** Random forests of histogram trees (Breiman 2001). */
import { createRandom, type Random } from '../../stats/random.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import { binMatrix } from './binnedMatrix.ts';
import { countOf, drawFeatures } from './drawFeatures.ts';
import { growTree } from './growTree.ts';
import type { Target } from './histograms.ts';
import type { Tree } from './tree.ts';

export interface ForestParams {
	readonly trees: number;
	/** 0: until the leaves are pure, or as small as they may be. */
	readonly max_depth: number;
	readonly min_samples_leaf: number;
	/** Share of the features that each cut chooses from. */
	readonly features: number;
	/** Whether each tree learns from a sample with replacement, as large as the data. */
	readonly bootstrap: boolean;
	readonly seed: number;
}

/** What a forest learns: numbers, or the codes of classes. NaN is not allowed in numbers. */
export type ForestTarget =
	| { readonly kind: 'numbers'; readonly values: Float64Array }
	| { readonly kind: 'classes'; readonly codes: Uint16Array; readonly classes: number };

/** Trees whose leaves say the mean, or the shares of the classes; what the forest says is the mean over the trees. */
export function fitForest(
	matrix: FeatureMatrix,
	target: ForestTarget,
	rows: Uint32Array,
	params: ForestParams,
	onTree: (tree: number) => void,
): Tree[] {
	const binned = binMatrix(matrix);
	const { learned, outputs, leafValue } = learnable(target, rows, matrix.rows);
	const trees: Tree[] = [];
	for (let number = 0; number < params.trees; number++) {
		const random = createRandom(params.seed, 'forest', number);
		const order = params.bootstrap ? drawRows(rows, random) : rows.slice();
		trees.push(
			growTree(binned, learned, order, {
				minRows: params.min_samples_leaf,
				l2: 0,
				maxLeaves: Number.POSITIVE_INFINITY,
				maxDepth: params.max_depth === 0 ? Number.POSITIVE_INFINITY : params.max_depth,
				drawFeatures: featureDrawer(binned.features, params.features, random),
				leafValue,
				outputs,
			}),
		);
		onTree(number + 1);
	}
	return trees;
}

function learnable(target: ForestTarget, rows: Uint32Array, length: number) {
	if (target.kind === 'classes') {
		const share = (counts: Float64Array) => {
			const all = counts.reduce((sum, count) => sum + count, 0);
			return counts.map((count) => count / all);
		};
		return { learned: target satisfies Target, outputs: target.classes, leafValue: share };
	}
	// About their mean, so that the squares of large numbers do not hide what a cut gains.
	const center = rows.reduce((sum, row) => sum + (target.values[row] as number), 0) / rows.length;
	const deviations = new Float64Array(length);
	for (const row of rows) deviations[row] = (target.values[row] as number) - center;
	const learned: Target = {
		kind: 'gradients',
		gradient: deviations,
		weight: new Float64Array(length).fill(1),
	};
	return {
		learned,
		outputs: 1,
		leafValue: (sums: Float64Array) => [center + (sums[0] as number) / (sums[1] as number)],
	};
}

function drawRows(rows: Uint32Array, random: Random): Uint32Array {
	const drawn = new Uint32Array(rows.length);
	for (let at = 0; at < drawn.length; at++) drawn[at] = rows[random.integer(rows.length)] as number;
	return drawn.sort();
}

function featureDrawer(features: number, share: number, random: Random): () => Int32Array {
	const all = Int32Array.from({ length: features }, (_, feature) => feature);
	const count = countOf(features, share);
	return count === features ? () => all : () => drawFeatures(all, count, random);
}
