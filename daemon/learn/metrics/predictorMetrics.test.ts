import assert from 'node:assert/strict';
import { classificationMetrics } from './classificationMetrics.ts';
import { regressionMetrics } from './regressionMetrics.ts';

const rounded = (metrics: Record<string, number>) =>
	Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Number(value.toFixed(6))]));

/** The expected values are those of scikit-learn 1.9.1. */
describe('metrics of predictors', () => {
	it('of numbers', () => {
		assert.deepEqual(rounded(regressionMetrics(Float64Array.of(3, -0.5, 2, 7), Float64Array.of(2.5, 0, 2, 8))), {
			...{ r2: 0.948608, mae: 0.5, rmse: 0.612372, me: 0.25, mape: 0.327381 },
		});
	});

	it('of numbers whose truth tells less', () => {
		assert.deepEqual(regressionMetrics(Float64Array.of(0, 0), Float64Array.of(1, -3)), {
			mae: 2,
			rmse: Math.sqrt(5),
			me: -1,
		});
	});

	it('of two classes', () => {
		const probabilities = Float64Array.of(0.9, 0.1, 0.6, 0.4, 0.65, 0.35, 0.2, 0.8);
		assert.deepEqual(rounded(classificationMetrics(Uint16Array.of(0, 0, 1, 1), probabilities, 2)), {
			...{ accuracy: 0.75, log_loss: 0.472288, precision: 1, recall: 0.5, f1: 0.666667 },
			...{ roc_auc: 0.75, average_precision: 0.833333 },
		});
	});

	it('of three classes', () => {
		const probabilities = Float64Array.of(
			...[0.7, 0.2, 0.1],
			...[0.1, 0.6, 0.3],
			...[0.2, 0.5, 0.3],
			...[0.1, 0.2, 0.7],
			...[0.4, 0.35, 0.25],
		);
		assert.deepEqual(rounded(classificationMetrics(Uint16Array.of(0, 1, 2, 2, 1), probabilities, 3)), {
			...{ accuracy: 0.6, log_loss: 0.695594, precision: 0.666667, recall: 0.666667, f1: 0.611111 },
		});
	});

	it('count rows as much as they weigh', () => {
		const [truth, said] = [Float64Array.of(3, -0.5, 2, 7), Float64Array.of(2.5, 0, 2, 8)];
		assert.deepEqual(rounded(regressionMetrics(truth, said, Float64Array.of(1, 2, 0.5, 3))), {
			...{ r2: 0.94634, mae: 0.692308, rmse: 0.759555, me: 0.538462, mape: 0.399267 },
		});
		const probabilities = Float64Array.from([0.1, 0.4, 0.35, 0.8, 0.4].flatMap((share) => [1 - share, share]));
		const weights = Float64Array.of(1, 2, 0.5, 3, 1.5);
		assert.deepEqual(rounded(classificationMetrics(Uint16Array.of(0, 0, 1, 1, 1), probabilities, 2, weights)), {
			...{ accuracy: 0.75, log_loss: 0.461974, precision: 1, recall: 0.6, f1: 0.75 },
			...{ roc_auc: 0.833333, average_precision: 0.879121 },
		});
	});

	it('averages over the classes that are true or predicted, as scikit-learn does', () => {
		// sklearn.metrics (1.9.1), average='macro', zero_division=0, of [0, 0, 1, 1] and [0, 2, 1, 1].
		const said = [0, 2, 1, 1].flatMap((code) => [0, 1, 2].map((one) => (one === code ? 0.8 : 0.1)));
		const { precision, recall, f1 } = classificationMetrics(Uint16Array.of(0, 0, 1, 1), Float64Array.from(said), 3);
		assert.deepEqual(rounded({ precision, recall, f1 } as Record<string, number>), {
			...{ precision: 0.666667, recall: 0.5, f1: 0.555556 },
		});
	});
});
