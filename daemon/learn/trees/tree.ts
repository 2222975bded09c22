/** Decision trees as arrays, and the walk of rows through them. */
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';

/**
 * One tree. Node 0 is the root. A row goes left when its feature is at most the threshold, or is missing and
 * `missingLeft` says so.
 */
export interface Tree {
	/** −1 marks a leaf. */
	readonly feature: Int32Array;
	/** Float32, as in the graph. */
	readonly threshold: Float32Array;
	readonly missingLeft: Uint8Array;
	readonly left: Int32Array;
	readonly right: Int32Array;
	/** What the leaves say: `outputs` numbers a node, 0 in inner nodes. */
	readonly values: Float64Array;
	/** Numbers that a leaf says. */
	readonly outputs: number;
	/** Rows that came to each node in training. */
	readonly cover: Float64Array;
}

/** Adds what the trees say of each row, times `weight`, to `sums`: `[rows × outputs]`, row by row. */
export function addPredictions(
	trees: readonly Tree[],
	{ rows, columns }: FeatureMatrix,
	weight: number,
	sums: Float64Array,
): void {
	for (const { feature, threshold, missingLeft, left, right, values, outputs } of trees) {
		for (let row = 0; row < rows; row++) {
			let node = 0;
			for (let at = feature[0] as number; at >= 0; at = feature[node] as number) {
				const value = (columns[at] as Float32Array)[row] as number;
				const goesLeft = value <= (threshold[node] as number) || (Number.isNaN(value) && missingLeft[node] === 1);
				node = (goesLeft ? left[node] : right[node]) as number;
			}
			for (let output = 0; output < outputs; output++) {
				const to = row * outputs + output;
				sums[to] = (sums[to] as number) + weight * (values[node * outputs + output] as number);
			}
		}
	}
}
