/** An isolation forest as nodes of an ONNX graph. */
import type { Graph } from '../onnx/graph.ts';
import { averagePathLength, type IsolationForest } from './isolationForest.ts';

/**
 * Adds the trees, and returns the name of the score, `[N]` float32, given the features as `[N, k]` float32.
 * The weight of a leaf is (c − h) / (T·c), so that the sum over the trees is an exponent about zero, where float32 loses
 * least, and score = −2^(−Σh / (T·c)) becomes −2^(sum − 1).
 */
export function addForestScore(graph: Graph, features: string, forest: IsolationForest): string {
	const exponents = graph.node('TreeEnsembleRegressor', [features], treeAttributes(forest), 'ai.onnx.ml');
	const flat = graph.node('Squeeze', [exponents, graph.constant(BigInt64Array.of(1n), [1])]);
	return graph.node('Neg', [graph.node('Pow', [graph.constant(Float32Array.of(2), []), flat])]);
}

/** Adds the label, `[N]` int64: −1 where the score lies below the threshold, else 1. */
export function addAnomalyLabel(graph: Graph, score: string, threshold: number): string {
	const below = graph.node('Less', [score, graph.constant(Float32Array.of(threshold), [])]);
	const [anomaly, normal] = [graph.constant(BigInt64Array.of(-1n), []), graph.constant(BigInt64Array.of(1n), [])];
	return graph.node('Where', [below, anomaly, normal]);
}

function treeAttributes(forest: IsolationForest) {
	const norm = averagePathLength(forest.sampleSize);
	const scale = norm === 0 ? 0 : 1 / (forest.trees.length * norm);
	const nodes = forest.trees.reduce((sum, tree) => sum + tree.feature.length, 0);
	const leaves = forest.trees.reduce(
		(sum, tree) => sum + tree.feature.reduce((count, one) => count + +(one < 0), 0),
		0,
	);
	const node = {
		tree: new Int32Array(nodes),
		id: new Int32Array(nodes),
		feature: new Int32Array(nodes),
		value: new Float32Array(nodes),
		yes: new Int32Array(nodes),
		no: new Int32Array(nodes),
	};
	const modes = new Array<string>(nodes).fill('BRANCH_LEQ');
	const leaf = { tree: new Int32Array(leaves), id: new Int32Array(leaves), weight: new Float32Array(leaves) };
	let at = 0;
	let leafAt = 0;
	forest.trees.forEach((tree, number) => {
		for (let id = 0; id < tree.feature.length; id++, at++) {
			const isLeaf = (tree.feature[id] as number) < 0;
			node.tree[at] = number;
			node.id[at] = id;
			if (isLeaf) {
				modes[at] = 'LEAF';
				leaf.tree[leafAt] = number;
				leaf.id[leafAt] = id;
				leaf.weight[leafAt++] = (norm - (tree.length[id] as number)) * scale;
			} else {
				node.feature[at] = tree.feature[id] as number;
				node.value[at] = tree.threshold[id] as number;
				node.yes[at] = tree.left[id] as number;
				node.no[at] = tree.right[id] as number;
			}
		}
	});
	return {
		n_targets: { int: 1 },
		aggregate_function: { string: 'SUM' },
		post_transform: { string: 'NONE' },
		base_values: { floats: [-1] },
		nodes_treeids: { ints: node.tree },
		nodes_nodeids: { ints: node.id },
		nodes_featureids: { ints: node.feature },
		nodes_values: { floats: node.value },
		nodes_modes: { strings: modes },
		nodes_truenodeids: { ints: node.yes },
		nodes_falsenodeids: { ints: node.no },
		// A missing value goes left, as in the scorer.
		nodes_missing_value_tracks_true: { ints: new Int32Array(nodes).fill(1) },
		target_treeids: { ints: leaf.tree },
		target_nodeids: { ints: leaf.id },
		target_ids: { ints: new Int32Array(leaves) },
		target_weights: { floats: leaf.weight },
	};
}
