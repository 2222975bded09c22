import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import type { LinearModel } from './leastSquares.ts';

/** What a model says of each row: row by row, as many numbers as there are outputs. */
export function linearScores(
	{ scale, coefficients, intercepts }: LinearModel,
	{ rows, columns }: FeatureMatrix,
): Float64Array {
	const outputs = intercepts.length;
	const scores = Float64Array.from({ length: rows * outputs }, (_, at) => intercepts[at % outputs] as number);
	for (const [feature, column] of columns.entries()) {
		const [mean, std] = [scale.mean[feature] as number, scale.std[feature] as number];
		for (let output = 0; output < outputs; output++) {
			const coefficient = ((coefficients[output] as Float64Array)[feature] as number) / std;
			if (coefficient === 0) continue;
			for (let row = 0, at = output; row < rows; row++, at += outputs) {
				scores[at] = (scores[at] as number) + coefficient * ((column[row] as number) - mean);
			}
		}
	}
	return scores;
}
