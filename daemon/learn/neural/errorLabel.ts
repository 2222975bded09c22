/** From an error to a label. */
import type { Graph } from '../../onnx/graph.ts';

/** Adds the label, `[N]` int64: −1 where the error lies above the threshold, else 1. */
export function addErrorLabel(graph: Graph, error: string, threshold: number): string {
	const above = graph.node('Greater', [error, graph.constant(Float32Array.of(threshold), [])]);
	const [anomaly, normal] = [graph.constant(BigInt64Array.of(-1n), []), graph.constant(BigInt64Array.of(1n), [])];
	return graph.node('Where', [above, anomaly, normal]);
}
