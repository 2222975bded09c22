import assert from 'node:assert/strict';
import { sideBySide } from './sideBySide.ts';

describe('metrics side by side', () => {
	it('have their baseline and their folds beside them, and stand alone without', () => {
		const metrics = {
			...{ r2: 0.8, baseline_r2: 0, cv_r2: 0.7, cv_r2_std: 0.1, fold_r2: 0.6 },
			...{
				test_r2: 0.5,
				test_baseline_r2: 0.1,
				validation_loss: 3,
				baseline_validation_loss: 5,
				training_seconds: 2,
				epochs: 9,
			},
		};
		const { heads, rows } = sideBySide(metrics);
		assert.deepEqual(heads, ['baseline', 'mean of folds', 'deviation', 'other rows']);
		assert.deepEqual(
			rows.map(({ name, values }) => [name, ...values]),
			[
				['r2', 0.8, 0, 0.7, 0.1, 0.5],
				['test_baseline_r2', 0.1, null, null, null, null],
				['validation_loss', 3, 5, null, null, null],
				['training_seconds', 2, null, null, null, null],
				['epochs', 9, null, null, null, null],
			],
		);
	});
});
