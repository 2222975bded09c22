/** Logistic regression of two or more classes, held down by the squares of its coefficients. */
import { gatherNumbers } from '../../stats/gather.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import type { LinearModel } from './leastSquares.ts';
import { minimize } from './minimize.ts';
import { scaledColumns, scaleOf } from './normalEquations.ts';

/**
 * The sum of log losses times `c`, plus half the squared coefficients, as scikit-learn's LogisticRegression (`lbfgs`): for
 * two classes one row of coefficients, for more a softmax with one a class; intercepts are not held down.
 * `weights` say how much the loss of each row counts, by row of the matrix.
 */
export function fitLogistic(
	matrix: FeatureMatrix,
	codes: Uint16Array,
	classes: number,
	rows: Uint32Array,
	c: number,
	standardize: boolean,
	weights: Float64Array | null = null,
): LinearModel {
	const scale = scaleOf(matrix, rows, standardize, weights);
	const columns = scaledColumns(matrix, rows, scale);
	const taken = Uint16Array.from(rows, (row) => codes[row] as number);
	const weighed = weights === null ? new Float64Array(rows.length).fill(1) : gatherNumbers(weights, rows);
	const outputs = classes === 2 ? 1 : classes;
	const features = columns.length;
	const width = features + 1;
	const scores = Array.from({ length: outputs }, () => new Float64Array(rows.length));
	const evaluate = (at: Float64Array, gradient: Float64Array): number => {
		for (const [output, score] of scores.entries()) {
			score.fill(at[output * width + features] as number);
			for (const [feature, column] of columns.entries()) {
				const coefficient = at[output * width + feature] as number;
				for (let row = 0; row < score.length; row++)
					score[row] = (score[row] as number) + coefficient * (column[row] as number);
			}
		}
		// The scores become the slopes of the loss by them.
		let value =
			outputs === 1 ? slopesOfTwo(scores[0] as Float64Array, taken, weighed) : slopesOfMany(scores, taken, weighed);
		value *= c;
		for (const [output, slope] of scores.entries()) {
			for (const [feature, column] of columns.entries()) {
				const coefficient = at[output * width + feature] as number;
				let sum = 0;
				for (let row = 0; row < slope.length; row++) sum += (slope[row] as number) * (column[row] as number);
				gradient[output * width + feature] = c * sum + coefficient;
				value += 0.5 * coefficient * coefficient;
			}
			gradient[output * width + features] = c * slope.reduce((sum, one) => sum + one, 0);
		}
		return value;
	};
	const found = minimize(evaluate, new Float64Array(outputs * width));
	return {
		scale,
		coefficients: Array.from({ length: outputs }, (_, output) =>
			found.slice(output * width, output * width + features),
		),
		intercepts: Float64Array.from({ length: outputs }, (_, output) => found[output * width + features] as number),
	};
}

function slopesOfTwo(scores: Float64Array, codes: Uint16Array, weights: Float64Array): number {
	let loss = 0;
	for (let row = 0; row < scores.length; row++) {
		const score = scores[row] as number;
		const truth = codes[row] as number;
		const weight = weights[row] as number;
		const margin = truth === 1 ? score : -score;
		loss += weight * (margin > 0 ? Math.log1p(Math.exp(-margin)) : -margin + Math.log1p(Math.exp(margin)));
		scores[row] = weight * (1 / (1 + Math.exp(-score)) - truth);
	}
	return loss;
}

function slopesOfMany(scores: readonly Float64Array[], codes: Uint16Array, weights: Float64Array): number {
	let loss = 0;
	for (let row = 0; row < codes.length; row++) {
		const weight = weights[row] as number;
		let most = Number.NEGATIVE_INFINITY;
		for (const score of scores) most = Math.max(most, score[row] as number);
		let sum = 0;
		for (const score of scores) sum += Math.exp((score[row] as number) - most);
		const shift = most + Math.log(sum);
		const truth = codes[row] as number;
		loss += weight * (shift - ((scores[truth] as Float64Array)[row] as number));
		for (const [output, score] of scores.entries())
			score[row] = weight * (Math.exp((score[row] as number) - shift) - +(output === truth));
	}
	return loss;
}
