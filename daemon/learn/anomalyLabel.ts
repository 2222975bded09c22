/** From a score to a label, as nodes of a graph. */
import type { ModelInput } from '../onnx/description.ts';
import type { Graph } from '../onnx/graph.ts';
import type { ScoreKind } from './metrics/anomalyMetrics.ts';

/** Thresholds by key, where each has its own, and the input that they need. */
export interface AddedKeys {
	readonly keyed: { readonly key: string; readonly keys: ReadonlyMap<string, number> } | null;
	readonly inputs: readonly ModelInput[];
}

/** Declares the key as an input where thresholds go by it. */
export function addKeys(
	graph: Graph,
	key: string | null | undefined,
	{ keys }: { readonly keys: ReadonlyMap<string, number> | null },
): AddedKeys {
	if (keys === null || !key) return { keyed: null, inputs: [] };
	return {
		keyed: { key: graph.input(key, 'string', ['N', 1]), keys },
		inputs: [{ name: key, type: 'string', width: 1 }],
	};
}

/**
 * Adds the label, `[N]` int64, of a score, `[N]` float32: −1 where it lies beyond the threshold (below for path, above for
 * error), else 1. With keys their text input, `[N, 1]`, chooses the threshold, and `threshold` is that of all others.
 */
export function addAnomalyLabel(
	graph: Graph,
	score: string,
	kind: ScoreKind,
	threshold: number,
	{ keyed }: Pick<AddedKeys, 'keyed'>,
): string {
	const border = keyed === null ? graph.constant(Float32Array.of(threshold), []) : bordersOf(graph, threshold, keyed);
	const beyond = graph.node(kind === 'path' ? 'Less' : 'Greater', [score, border]);
	const [anomaly, normal] = [graph.constant(BigInt64Array.of(-1n), []), graph.constant(BigInt64Array.of(1n), [])];
	return graph.node('Where', [beyond, anomaly, normal]);
}

function bordersOf(graph: Graph, threshold: number, { key, keys }: NonNullable<AddedKeys['keyed']>): string {
	const flat = graph.node('Squeeze', [key, graph.constant(BigInt64Array.of(1n), [1])]);
	return graph.node(
		'LabelEncoder',
		[flat],
		{
			keys_strings: { strings: [...keys.keys()] },
			values_floats: { floats: [...keys.values()] },
			default_float: { float: threshold },
		},
		'ai.onnx.ml',
	);
}

/**
 * The threshold for float32 scores. Contamination puts the threshold on the score of a row, or of many equal rows, which
 * are normal then; rounding must not push them below it. So it moves down by as much as scores may be off, half way to
 * the next lower score at most.
 */
export function graphThreshold(orderedScores: Float64Array, threshold: number, room: number): number {
	let [from, to] = [0, orderedScores.length];
	while (from < to) {
		const middle = (from + to) >> 1;
		if ((orderedScores[middle] as number) < threshold) from = middle + 1;
		else to = middle;
	}
	const below = orderedScores[from - 1] ?? Number.NEGATIVE_INFINITY;
	return threshold - Math.min(room, (threshold - below) / 2);
}
