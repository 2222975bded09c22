/** An isolation forest as nodes of an ONNX graph. */
import type { Graph } from '../../onnx/graph.ts';
import { addTrees } from '../trees/treeGraph.ts';
import { averagePathLength, type IsolationForest } from './isolationForest.ts';

/**
 * Adds the trees, and returns the name of the score, `[N]` float32, given the features as `[N, k]` float32.
 * The weight of a leaf is (c − h) / (T·c), so that the sum over the trees is an exponent about zero, where float32 loses
 * least, and score = −2^(−Σh / (T·c)) becomes −2^(sum − 1).
 */
export function addForestScore(graph: Graph, features: string, forest: IsolationForest): string {
	const norm = averagePathLength(forest.sampleSize);
	const scale = norm === 0 ? 0 : 1 / (forest.trees.length * norm);
	const trees = forest.trees.map(({ feature, threshold, left, right, length, cover }) => ({
		target: 0,
		tree: {
			...{ feature, threshold, left, right, cover, outputs: 1 },
			values: Float64Array.from(length, (steps) => norm - steps),
			// A missing value goes left, as in the scorer.
			missingLeft: new Uint8Array(feature.length).fill(1),
		},
	}));
	const exponents = addTrees(graph, features, trees, [-1], scale);
	const flat = graph.node('Squeeze', [exponents, graph.constant(BigInt64Array.of(1n), [1])]);
	return graph.node('Neg', [graph.node('Pow', [graph.constant(Float32Array.of(2), []), flat])]);
}
