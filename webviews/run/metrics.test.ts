import assert from 'node:assert/strict';
import { measureRows } from './metrics.ts';

/** The rows as `measure: metrics`. */
function rows(...names: string[]): string[] {
	const metrics = Object.fromEntries(names.map((name) => [name, 1]));
	return measureRows(metrics).map(({ measure, names: parts }) => `${measure}: ${[...parts.values()].join(' ')}`);
}

describe('the rows of a table of metrics', () => {
	it('hold a measure on every part of the rows, with its spread over the folds beside it', () => {
		assert.deepEqual(rows('mae', 'training_mae', 'baseline_mae', 'cv_mae', 'cv_mae_std', 'epochs'), [
			'epochs: epochs',
			'mae: mae training_mae baseline_mae cv_mae',
		]);
	});

	it('hold an interval beside its difference, and a season before apart from the baseline', () => {
		assert.deepEqual(
			rows('difference_r2', 'difference_r2_low', 'difference_r2_high', 'baseline_rmse', 'seasonal_baseline_rmse'),
			['r2: difference_r2', 'rmse: baseline_rmse seasonal_baseline_rmse'],
		);
	});

	it('leave a name alone that only sounds like one of them', () => {
		assert.deepEqual(rows('score_std', 'cv_low_std', 'test_'), ['low_std: cv_low_std', 'score_std: score_std', 'test_: test_']);
	});
});
