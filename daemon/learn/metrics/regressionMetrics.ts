/** How far predicted numbers lie from the true ones. */

export type RegressionMetrics = { mae: number; rmse: number; me: number; r2?: number; mape?: number };

/**
 * `r2` (1 − residual over total sum of squares; absent where the truth is constant), `mae`, `rmse`, `me` (mean of
 * prediction − truth) and `mape` (mean of |error| / |truth| as a share, over the rows whose truth is not 0; absent
 * without one). With weights every row counts as much as it weighs, as with scikit-learn's `sample_weight`. Truth (3, −0.5, 2, 7) and prediction (2.5, 0, 2, 8): r2 0.948608, mae 0.5 (scikit-learn's example).
 */
export function regressionMetrics(
	truth: Float64Array,
	predicted: Float64Array,
	weights?: Float64Array,
): RegressionMetrics {
	let all = 0;
	let sum = 0;
	for (let row = 0; row < truth.length; row++) {
		const weight = weights === undefined ? 1 : (weights[row] as number);
		all += weight;
		sum += weight * (truth[row] as number);
	}
	const mean = sum / all;
	let error = 0;
	let absolute = 0;
	let squares = 0;
	let total = 0;
	let relative = 0;
	let shares = 0;
	for (let row = 0; row < truth.length; row++) {
		const weight = weights === undefined ? 1 : (weights[row] as number);
		const value = truth[row] as number;
		const off = (predicted[row] as number) - value;
		error += weight * off;
		absolute += weight * Math.abs(off);
		squares += weight * off * off;
		total += weight * (value - mean) ** 2;
		if (value === 0) continue;
		relative += weight * Math.abs(off / value);
		shares += weight;
	}
	return {
		...(total > 0 && { r2: 1 - squares / total }),
		mae: absolute / all,
		rmse: Math.sqrt(squares / all),
		me: error / all,
		...(shares > 0 && { mape: relative / shares }),
	};
}
