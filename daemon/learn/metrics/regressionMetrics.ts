/** How far predicted numbers lie from the true ones. */

export type RegressionMetrics = { mae: number; rmse: number; me: number; r2?: number; mape?: number };

/**
 * `r2` (1 − residual over total sum of squares; absent where the truth is constant), `mae`, `rmse`, `me` (mean of
 * prediction − truth) and `mape` (mean of |error| / |truth| as a share, over the rows whose truth is not 0; absent
 * without one). Truth (3, −0.5, 2, 7) and prediction (2.5, 0, 2, 8): r2 0.948608, mae 0.5 (scikit-learn's example).
 */
export function regressionMetrics(truth: Float64Array, predicted: Float64Array): RegressionMetrics {
	const { length } = truth;
	const mean = truth.reduce((sum, value) => sum + value, 0) / length;
	let error = 0;
	let absolute = 0;
	let squares = 0;
	let total = 0;
	let relative = 0;
	let shares = 0;
	for (let row = 0; row < length; row++) {
		const value = truth[row] as number;
		const off = (predicted[row] as number) - value;
		error += off;
		absolute += Math.abs(off);
		squares += off * off;
		total += (value - mean) ** 2;
		if (value === 0) continue;
		relative += Math.abs(off / value);
		shares++;
	}
	return {
		...(total > 0 && { r2: 1 - squares / total }),
		mae: absolute / length,
		rmse: Math.sqrt(squares / length),
		me: error / length,
		...(shares > 0 && { mape: relative / shares }),
	};
}
