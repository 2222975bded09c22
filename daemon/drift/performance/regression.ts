import { regressionMetrics } from '../../learn/metrics/regressionMetrics.ts';
import type { RegressionFigures } from '../../protocol/driftPerformance.ts';

/** Rows whose truth and prediction are both known, in their order. */
export interface NumberOutcomes {
	truth: Float64Array;
	predicted: Float64Array;
}

/**
 * How far predictions lie from the truth. Errors are prediction less truth. Needs a row at least.
 *
 * Truth 3, −0.5, 2, 7 and predictions 2.5, 0, 2, 8: mean error 0.25, mae 0.5, rmse √0.375, r2 1 − 1.5/29.1875 = 0.9486,
 * mape (1/6 + 1 + 0 + 1/7)/4 = 0.3274.
 */
export function regressionFigures({ truth, predicted }: NumberOutcomes): RegressionFigures {
	const rows = truth.length;
	const { me, mae, rmse, mape, r2 } = regressionMetrics(truth, predicted);
	let [most, deviation] = [0, 0];
	for (let row = 0; row < rows; row++) {
		const error = (predicted[row] as number) - (truth[row] as number);
		most = Math.max(most, Math.abs(error));
		deviation += (error - me) ** 2;
	}
	return {
		rows,
		mean_error: me,
		error_std: rows < 2 ? null : Math.sqrt(deviation / (rows - 1)),
		mae,
		rmse,
		mape: mape ?? null,
		r2: r2 ?? null,
		max_error: most,
	};
}

/** Prediction less truth, row by row. */
export function errorsOf({ truth, predicted }: NumberOutcomes): Float64Array {
	return predicted.map((value, row) => value - (truth[row] as number));
}
