/** From the scores of a model to the probabilities of classes, as numbers and as nodes of a graph. */
import type { Graph } from '../onnx/graph.ts';

/** One score is the log-odds of the second class, more are those of a softmax. */
export function probabilities(scores: Float64Array, outputs: number): Float64Array {
	if (outputs === 1) {
		const both = new Float64Array(scores.length * 2);
		for (const [row, score] of scores.entries()) {
			const p = 1 / (1 + Math.exp(-score));
			both[2 * row] = 1 - p;
			both[2 * row + 1] = p;
		}
		return both;
	}
	const shares = new Float64Array(scores.length);
	for (let from = 0; from < scores.length; from += outputs) {
		const row = scores.subarray(from, from + outputs);
		const most = row.reduce((a, b) => Math.max(a, b));
		const powers = row.map((score) => Math.exp(score - most));
		const sum = powers.reduce((a, b) => a + b);
		shares.set(
			powers.map((power) => power / sum),
			from,
		);
	}
	return shares;
}

/** The same as nodes: from `[N, outputs]` scores to `[N, classes]` probabilities. */
export function addProbabilities(graph: Graph, scores: string, outputs: number): string {
	if (outputs > 1) return graph.node('Softmax', [scores], { axis: { int: 1 } });
	const second = graph.node('Sigmoid', [scores]);
	const first = graph.node('Sigmoid', [graph.node('Neg', [scores])]);
	return graph.node('Concat', [first, second], { axis: { int: 1 } });
}
