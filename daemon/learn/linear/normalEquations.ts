/** Sums over rows that least squares needs, and the solution of its equations. */
import { numbersFrom } from '../../stats/gather.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';

/** Means and deviations of features; a constant feature has the deviation 1, so that it may be divided by. */
export interface Scale {
	readonly mean: Float64Array;
	readonly std: Float64Array;
}

/**
 * Means and deviations of the population over the rows, each as much as it weighs; with `standardize` false means of 0 and
 * deviations of 1.
 */
export function scaleOf(
	{ columns }: FeatureMatrix,
	rows: Uint32Array,
	standardize: boolean,
	weights: Float64Array | null = null,
): Scale {
	const mean = new Float64Array(columns.length);
	const std = new Float64Array(columns.length).fill(1);
	if (!standardize) return { mean, std };
	const weightOf = (row: number) => (weights === null ? 1 : (weights[row] as number));
	const all = rows.reduce((sum, row) => sum + weightOf(row), 0);
	for (const [feature, column] of columns.entries()) {
		let sum = 0;
		for (const row of rows) sum += weightOf(row) * (column[row] as number);
		const center = sum / all;
		let squares = 0;
		for (const row of rows) squares += weightOf(row) * ((column[row] as number) - center) ** 2;
		mean[feature] = center;
		const deviation = Math.sqrt(squares / all);
		std[feature] = deviation > 1e-12 * Math.abs(center) ? deviation : 1;
	}
	return { mean, std };
}

/** The features of the rows, scaled: `[features][rows]` doubles. */
export function scaledColumns({ columns }: FeatureMatrix, rows: Uint32Array, { mean, std }: Scale): Float64Array[] {
	return columns.map((column, feature) => {
		const [center, deviation] = [mean[feature] as number, std[feature] as number];
		return numbersFrom(rows, (row) => ((column[row] as number) - center) / deviation);
	});
}

/**
 * Solves `A x = b` for a symmetric A that is positive semi-definite, by Cholesky's decomposition; a pivot that vanishes,
 * as that of a column that follows from others, gives 0. A (`n × n`, row by row) is overwritten.
 */
export function solveSymmetric(a: Float64Array, b: Float64Array): Float64Array {
	const n = b.length;
	const at = (i: number, j: number) => a[i * n + j] as number;
	const pivots = Float64Array.from({ length: n }, (_, i) => at(i, i));
	const isFree = new Uint8Array(n);
	for (let j = 0; j < n; j++) {
		let pivot = at(j, j);
		for (let k = 0; k < j; k++) pivot -= at(j, k) ** 2;
		isFree[j] = +(pivot <= 1e-11 * Math.max(pivots[j] as number, Number.MIN_VALUE));
		const root = isFree[j] === 1 ? 1 : Math.sqrt(pivot);
		a[j * n + j] = root;
		for (let i = j + 1; i < n; i++) {
			let sum = at(i, j);
			for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
			a[i * n + j] = isFree[j] === 1 ? 0 : sum / root;
		}
	}
	const x = new Float64Array(n);
	for (let i = 0; i < n; i++) {
		let sum = b[i] as number;
		for (let k = 0; k < i; k++) sum -= at(i, k) * (x[k] as number);
		x[i] = isFree[i] === 1 ? 0 : sum / at(i, i);
	}
	for (let i = n - 1; i >= 0; i--) {
		let sum = x[i] as number;
		for (let k = i + 1; k < n; k++) sum -= at(k, i) * (x[k] as number);
		x[i] = isFree[i] === 1 ? 0 : sum / at(i, i);
	}
	return x;
}
