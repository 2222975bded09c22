import assert from 'node:assert/strict';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import { fitLasso, fitRidge, type LinearModel } from './leastSquares.ts';
import { fitLogistic } from './logistic.ts';

const rowsOf = [
	[1, 2, 0.5],
	[2, 1, 1.5],
	[3, 5, 0],
	[4, 3, 2],
	[5, 8, 1],
	[6, 4, 3],
	[7, 9, 0.5],
	[8, 6, 2.5],
];
const matrix: FeatureMatrix = {
	rows: 8,
	columns: [0, 1, 2].map((feature) => Float32Array.from(rowsOf, (row) => row[feature] ?? 0)),
};
const y = Float64Array.of(3, 4, 9, 8, 16, 11, 19, 15);
const all = Uint32Array.from({ length: 8 }, (_, row) => row);

function near(found: ArrayLike<number>, expected: readonly number[], within = 1e-6): void {
	assert.equal(found.length, expected.length);
	for (const [index, value] of expected.entries()) {
		assert.ok(Math.abs((found[index] as number) - value) <= within, `${found[index]} is not ${value}`);
	}
}

/** Coefficients of the first output, and its intercept. */
function told({ coefficients: [first], intercepts }: LinearModel): number[] {
	return [...(first as Float64Array), intercepts[0] as number];
}

/** The expected values are those of scikit-learn 1.9.1 on the same rows, tolerance 1e-12. */
describe('linear models', () => {
	it('are ordinary least squares without a penalty', () => {
		near(told(fitRidge(matrix, y, all, 0, false)), [0.614336283, 1.604070796, 0.535929204, -0.495752212]);
	});

	it('are a ridge', () => {
		near(told(fitRidge(matrix, y, all, 1, false)), [0.794920322, 1.440364889, 0.224194708, -0.102142398]);
	});

	it('are a lasso, which leaves a column out', () => {
		near(told(fitLasso(matrix, y, all, 0.5, false)), [0.840867993, 1.348101266, 0, 0.43761302]);
	});

	it('are fair to columns of other units when they are standardized', () => {
		const { scale, coefficients, intercepts } = fitRidge(matrix, y, all, 2, true);
		const said = [0, 1].map((row) =>
			matrix.columns.reduce(
				(sum, column, feature) =>
					sum +
					((coefficients[0]?.[feature] as number) * ((column[row] as number) - (scale.mean[feature] as number))) /
						(scale.std[feature] as number),
				intercepts[0] as number,
			),
		);
		near(said, [4.431051060066499, 4.210907276164759]);
	});

	it('leave a column at 0 that follows from those before it', () => {
		const doubled = {
			rows: 8,
			columns: [...matrix.columns, Float32Array.from(matrix.columns[0] as Float32Array, (x) => 2 * x)],
		};
		near(told(fitRidge(doubled, y, all, 0, false)), [0.614336283, 1.604070796, 0.535929204, 0, -0.495752212]);
	});

	it('tell two classes apart', () => {
		const codes = Uint16Array.of(0, 0, 1, 0, 1, 0, 1, 1);
		near(told(fitLogistic(matrix, codes, 2, all, 1, false)), [0.199431813, 1.00648111, -0.593049295, -4.572420724]);
	});

	it('tell three classes apart', () => {
		const codes = Uint16Array.of(0, 0, 1, 1, 2, 1, 2, 2);
		const { coefficients, intercepts } = fitLogistic(matrix, codes, 3, all, 1, false);
		near(coefficients[0] ?? [], [-0.701917763, -0.77706472, -0.069643423], 1e-5);
		near(coefficients[1] ?? [], [0.071356735, -0.081911198, 0.089404591], 1e-5);
		near(intercepts, [5.43618938, 1.42575036, -6.86193974], 1e-5);
	});
});
