/** Trees as one node of an ONNX graph. */
import type { Graph } from '../../onnx/graph.ts';
import { chained } from './categoryChains.ts';
import type { Tree } from './tree.ts';

/** A tree whose leaves add to the targets from `target` on. */
export interface PlacedTree {
	readonly tree: Tree;
	readonly target: number;
}

/**
 * Adds the trees, given the features as `[N, k]` float32, and returns `[N, targets]` float32: `base` plus the sum of what
 * the trees say, times `weight`.
 */
export function addTrees(
	graph: Graph,
	features: string,
	trees: readonly PlacedTree[],
	base: ArrayLike<number>,
	weight: number,
): string {
	const flat = trees.map(({ tree }) => chained(tree));
	const nodes = flat.reduce((sum, { feature }) => sum + feature.length, 0);
	const weights = trees.reduce((sum, { tree }) => sum + leavesOf(tree) * tree.outputs, 0);
	const node = {
		tree: new Int32Array(nodes),
		id: new Int32Array(nodes),
		feature: new Int32Array(nodes),
		value: new Float32Array(nodes),
		yes: new Int32Array(nodes),
		no: new Int32Array(nodes),
		missing: new Int32Array(nodes),
		cover: new Float32Array(nodes),
	};
	const modes = new Array<string>(nodes).fill('BRANCH_LEQ');
	const leaf = {
		tree: new Int32Array(weights),
		id: new Int32Array(weights),
		target: new Int32Array(weights),
		weight: new Float32Array(weights),
	};
	let at = 0;
	let leafAt = 0;
	for (const [number, { tree, target }] of trees.entries()) {
		const { feature, threshold, left, right, missingLeft, cover, equal } = flat[number] as (typeof flat)[number];
		for (let id = 0; id < feature.length; id++, at++) {
			node.tree[at] = number;
			node.id[at] = id;
			node.cover[at] = cover[id] as number;
			if ((feature[id] as number) >= 0) {
				node.feature[at] = feature[id] as number;
				node.value[at] = threshold[id] as number;
				node.yes[at] = left[id] as number;
				node.no[at] = right[id] as number;
				node.missing[at] = missingLeft[id] as number;
				if (equal?.[id] === 1) modes[at] = 'BRANCH_EQ';
				continue;
			}
			modes[at] = 'LEAF';
			for (let output = 0; output < tree.outputs; output++, leafAt++) {
				leaf.tree[leafAt] = number;
				leaf.id[leafAt] = id;
				leaf.target[leafAt] = target + output;
				leaf.weight[leafAt] = weight * (tree.values[id * tree.outputs + output] as number);
			}
		}
	}
	return graph.node(
		'TreeEnsembleRegressor',
		[features],
		{
			n_targets: { int: base.length },
			aggregate_function: { string: 'SUM' },
			post_transform: { string: 'NONE' },
			base_values: { floats: base },
			nodes_treeids: { ints: node.tree },
			nodes_nodeids: { ints: node.id },
			// What explains a row later (explanations/treeShap.ts); runtimes pass it over.
			nodes_hitrates: { floats: node.cover },
			nodes_featureids: { ints: node.feature },
			nodes_values: { floats: node.value },
			nodes_modes: { strings: modes },
			nodes_truenodeids: { ints: node.yes },
			nodes_falsenodeids: { ints: node.no },
			nodes_missing_value_tracks_true: { ints: node.missing },
			target_treeids: { ints: leaf.tree },
			target_nodeids: { ints: leaf.id },
			target_ids: { ints: leaf.target },
			target_weights: { floats: leaf.weight },
		},
		'ai.onnx.ml',
	);
}

function leavesOf(tree: PlacedTree['tree']): number {
	return tree.feature.reduce((count, feature) => count + +(feature < 0), 0);
}
