/** Features as nets take them: about zero, with a deviation of about 1. */
import { greatestFloat } from '../../onnx/description.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';

/** Both in float32, so that trainer and graph compute the same from the same value. */
export interface Scale {
	readonly mean: Float32Array;
	/** One over the standard deviation; 1 where it is zero. */
	readonly factor: Float32Array;
}

/** Deviations that count: a value farther off is taken for one so far off, so that no square leaves float32. */
export const farthest = 100;

/** The least float32 that no runtime takes for zero. */
const leastNormal = 2 ** -126;

/** One over less leaves float32. */
const leastDeviation = 1e-30;

/** Means and deviations of some rows. */
export function scaleOf({ columns }: FeatureMatrix, rows: Uint32Array): Scale {
	const mean = new Float32Array(columns.length);
	const factor = new Float32Array(columns.length);
	columns.forEach((column, feature) => {
		let sum = 0;
		for (const row of rows) sum += column[row] as number;
		const middle = sum / rows.length;
		let squares = 0;
		for (const row of rows) squares += ((column[row] as number) - middle) ** 2;
		const deviation = Math.sqrt(squares / rows.length);
		mean[feature] = middle;
		factor[feature] = deviation > leastDeviation ? Math.max(leastNormal, 1 / deviation) : 1;
	});
	return { mean, factor };
}

/** The scaled features, row by row. */
export function scaledRows({ rows, columns }: FeatureMatrix, { mean, factor }: Scale): Float32Array {
	const width = columns.length;
	const scaled = new Float32Array(rows * width);
	columns.forEach((column, feature) => {
		const [middle, by] = [mean[feature] as number, factor[feature] as number];
		for (let row = 0; row < rows; row++) {
			const value = Math.fround((column[row] as number) - middle) * by;
			scaled[row * width + feature] = Math.max(-farthest, Math.min(farthest, value));
		}
	});
	return scaled;
}

/** Adds nodes that scale features, `[N, k]`. */
export function addScale(graph: Graph, features: string, { mean, factor }: Scale): string {
	const [lowest, highest] = [-greatestFloat, greatestFloat].map((bound) => graph.constant(Float32Array.of(bound), []));
	const finite = graph.node('Clip', [features, lowest as string, highest as string]);
	const centered = graph.node('Sub', [finite, graph.constant(mean, [1, mean.length])]);
	const scaled = graph.node('Mul', [centered, graph.constant(factor, [1, factor.length])]);
	const [low, high] = [-farthest, farthest].map((bound) => graph.constant(Float32Array.of(bound), []));
	return graph.node('Clip', [scaled, low as string, high as string]);
}
