/** Linear regression: ordinary, ridge (Hoerl & Kennard 1970) and lasso by coordinate descent (Friedman et al. 2010). */
import { gatherNumbers } from '../../stats/gather.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import { type Scale, scaledColumns, scaleOf, solveSymmetric } from './normalEquations.ts';

export interface LinearModel {
	readonly scale: Scale;
	/** By output, a coefficient a scaled feature. */
	readonly coefficients: readonly Float64Array[];
	/** By output. */
	readonly intercepts: Float64Array;
}

/**
 * Least squares with `alpha` times the squared coefficients added (0: ordinary), as scikit-learn's Ridge: the intercept is
 * not held down. `weights` say how much the square of each row counts, by row of the matrix. Ordinary least squares of columns that follow from each other leaves the later ones at 0.
 */
export function fitRidge(
	matrix: FeatureMatrix,
	target: Float64Array,
	rows: Uint32Array,
	alpha: number,
	standardize: boolean,
	weights: Float64Array | null = null,
): LinearModel {
	const scale = scaleOf(matrix, rows, standardize, weights);
	const { columns, means, y, mean } = centered(matrix, target, rows, scale, weights);
	const n = columns.length;
	const gram = new Float64Array(n * n);
	const right = new Float64Array(n);
	for (let i = 0; i < n; i++) {
		for (let j = 0; j <= i; j++) {
			const sum = dot(columns[i] as Float64Array, columns[j] as Float64Array);
			gram[i * n + j] = sum;
			gram[j * n + i] = sum;
		}
		gram[i * n + i] = (gram[i * n + i] as number) + alpha;
		right[i] = dot(columns[i] as Float64Array, y);
	}
	const coefficients = solveSymmetric(gram, right);
	return withIntercept(scale, coefficients, means, mean);
}

const mostSweeps = 10_000;
/** A sweep that moves no coefficient by more than this share of the greatest ends the descent. */
const still = 1e-9;

/** The lasso of scikit-learn: half the mean squared error plus `alpha` times the absolute coefficients. */
export function fitLasso(
	matrix: FeatureMatrix,
	target: Float64Array,
	rows: Uint32Array,
	alpha: number,
	standardize: boolean,
	weights: Float64Array | null = null,
): LinearModel {
	const scale = scaleOf(matrix, rows, standardize, weights);
	const { columns, means, y: rest, mean, all } = centered(matrix, target, rows, scale, weights);
	const squares = columns.map((column) => dot(column, column));
	const coefficients = new Float64Array(columns.length);
	const limit = alpha * all;
	for (let sweep = 0; sweep < mostSweeps; sweep++) {
		let greatest = 0;
		let moved = 0;
		for (const [feature, column] of columns.entries()) {
			const square = squares[feature] as number;
			if (square === 0) continue;
			const before = coefficients[feature] as number;
			const pull = dot(column, rest) + before * square;
			const after = (Math.sign(pull) * Math.max(Math.abs(pull) - limit, 0)) / square;
			if (after !== before) {
				for (let row = 0; row < rest.length; row++)
					rest[row] = (rest[row] as number) - (after - before) * (column[row] as number);
				coefficients[feature] = after;
			}
			moved = Math.max(moved, Math.abs(after - before));
			greatest = Math.max(greatest, Math.abs(after));
		}
		if (moved <= still * Math.max(greatest, Number.MIN_VALUE)) break;
	}
	return withIntercept(scale, coefficients, means, mean);
}

/** Columns and target less their means, times the root of what each row weighs: then all squares count alike. */
function centered(
	matrix: FeatureMatrix,
	target: Float64Array,
	rows: Uint32Array,
	scale: Scale,
	weights: Float64Array | null,
) {
	const columns = scaledColumns(matrix, rows, scale);
	const y = gatherNumbers(target, rows);
	const weighed = weights === null ? new Float64Array(rows.length).fill(1) : gatherNumbers(weights, rows);
	const roots = weighed.map(Math.sqrt);
	const all = weighed.reduce((sum, weight) => sum + weight, 0);
	const center = (values: Float64Array) => {
		const mean = dot(values, weighed) / all;
		for (let row = 0; row < values.length; row++) {
			values[row] = ((values[row] as number) - mean) * (roots[row] as number);
		}
		return mean;
	};
	return { columns, means: Float64Array.from(columns, center), y, mean: center(y), all };
}

function withIntercept(scale: Scale, coefficients: Float64Array, means: Float64Array, mean: number): LinearModel {
	const intercept = coefficients.reduce(
		(sum, coefficient, feature) => sum - coefficient * (means[feature] as number),
		mean,
	);
	return { scale, coefficients: [coefficients], intercepts: Float64Array.of(intercept) };
}

function dot(a: Float64Array, b: Float64Array): number {
	let sum = 0;
	for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number);
	return sum;
}
