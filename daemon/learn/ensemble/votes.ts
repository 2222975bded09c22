/** The class that a model finds likeliest, as numbers and as nodes of a graph. */
import type { Graph } from '../../onnx/graph.ts';

/**
 * Probabilities are compared in steps of this size: where a forest gives two classes the same share, trainer and graph,
 * which differ in the last bits, must both name the first.
 */
const steps = 10_000;

/** A one for the likeliest class of each row, zeros for the others. */
export function votes(shares: Float64Array, classes: number): Float64Array {
	const given = new Float64Array(shares.length);
	for (let from = 0; from < shares.length; from += classes) {
		let best = from;
		for (let at = from + 1; at < from + classes; at++) if (level(shares[at]) > level(shares[best])) best = at;
		given[best] = 1;
	}
	return given;
}

function level(share = 0): number {
	return Math.floor(share * steps + 0.5);
}

/** The same as nodes, of `[N, classes]`. */
export function addVotes(graph: Graph, shares: string, classes: number): string {
	const scaled = graph.node('Mul', [shares, graph.constant(Float32Array.of(steps), [1])]);
	const levels = graph.node('Floor', [graph.node('Add', [scaled, graph.constant(Float32Array.of(0.5), [1])])]);
	const best = graph.node('ArgMax', [levels], { axis: { int: 1 }, keepdims: { int: 0 } });
	const depth = graph.constant(BigInt64Array.of(BigInt(classes)), []);
	return graph.node('OneHot', [best, depth, graph.constant(Float32Array.of(0, 1), [2])], { axis: { int: -1 } });
}
