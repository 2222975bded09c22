import assert from 'node:assert/strict';
import fc from 'fast-check';
import { anomalyMetrics, rankingMetrics } from './anomalyMetrics.ts';

const close = (actual: number | undefined, expected: number) =>
	assert.ok(Math.abs((actual ?? Number.NaN) - expected) < 1e-12, `${actual} is not ${expected}`);

describe('metrics of anomaly models', () => {
	/*
	 * By hand, anomalies at −0.9, −0.7, −0.5, normal rows at −0.7, −0.6, −0.5, −0.4, −0.3 (ties at −0.7 and −0.5):
	 * roc_auc: −0.9 wins 5; −0.7 wins 4 and ties 1: 4.5; −0.5 wins 2 and ties 1: 2.5; (5 + 4.5 + 2.5) / 15 = 0.8.
	 * average_precision: at −0.9 1/1, at −0.7 2/3, at −0.5 3/6, each for a third of the recall: 13/18.
	 * scikit-learn 1.9.1 gives 0.7999999999999999 and 0.7222222222222222.
	 */
	const scores = Float64Array.of(-0.9, -0.7, -0.7, -0.6, -0.5, -0.5, -0.4, -0.3);
	const labels = Int8Array.of(1, 0, 1, 0, 1, 0, 0, 0);

	it('ranks with ties', () => {
		const { roc_auc, average_precision } = rankingMetrics(scores, labels);
		close(roc_auc, 0.8);
		close(average_precision, 13 / 18);
	});

	it('measures the decision at a threshold', () => {
		// Called below −0.55: −0.9, −0.7, −0.7, −0.6; two of the four are anomalies, two of the three anomalies are found.
		const metrics = anomalyMetrics(scores, labels, -0.55, 'path');
		close(metrics['precision'], 2 / 4);
		close(metrics['recall'], 2 / 3);
		close(metrics['f1'], 4 / 7);
		close(metrics['anomaly_rate'], 4 / 8);
		// Mean −4.6/8; squares sum to 2.9, so the variance is 2.9/8 − 0.575².
		close(metrics['score_mean'], -0.575);
		close(metrics['score_std'], Math.sqrt(2.9 / 8 - 0.575 ** 2));
	});

	it('calls a row at the threshold normal, and has precision 0 when nothing is called', () => {
		close(anomalyMetrics(scores, labels, -0.9, 'path')['precision'], 0);
		close(anomalyMetrics(scores, labels, -0.9, 'path')['anomaly_rate'], 0);
	});

	it('leaves rows without a label out', () => {
		const more = Float64Array.of(...scores, -1, -0.1);
		const known = Int8Array.of(...labels, -1, -1);
		const { roc_auc, average_precision } = rankingMetrics(more, known);
		close(roc_auc, 0.8);
		close(average_precision, 13 / 18);
		close(anomalyMetrics(more, known, -0.55, 'path')['precision'], 2 / 4);
		close(anomalyMetrics(more, known, -0.55, 'path')['anomaly_rate'], 5 / 10);
	});

	it('says nothing about telling apart what is of one kind', () => {
		const names = ['anomaly_rate', 'score_mean', 'score_std'];
		assert.deepEqual(
			Object.keys(
				anomalyMetrics(
					scores,
					labels.map(() => 0),
					-0.5,
					'path',
				),
			),
			names,
		);
		assert.deepEqual(Object.keys(anomalyMetrics(scores, null, -0.5, 'path')), names);
	});

	it('says the same of errors, of which the higher are abnormal', () => {
		const { score_mean: _, ...path } = anomalyMetrics(scores, labels, -0.55, 'path');
		const { score_mean: __, ...error } = anomalyMetrics(
			scores.map((score) => -score),
			labels,
			0.55,
			'error',
		);
		assert.deepEqual(error, path);
	});

	it('agrees with the count of all pairs', () => {
		const row = fc.record({ score: fc.integer({ min: -5, max: 0 }), label: fc.integer({ min: 0, max: 1 }) });
		fc.assert(
			fc.property(fc.array(row, { minLength: 2, maxLength: 40 }), (rows) => {
				const anomalies = rows.filter(({ label }) => label === 1);
				const normal = rows.filter(({ label }) => label === 0);
				fc.pre(anomalies.length > 0 && normal.length > 0);
				const wins = anomalies.flatMap((a) =>
					normal.map((b) => (a.score < b.score ? 1 : a.score === b.score ? 0.5 : 0)),
				);
				const { roc_auc } = rankingMetrics(
					Float64Array.from(rows, ({ score }) => score),
					Int8Array.from(rows, ({ label }) => label),
				);
				close(roc_auc, wins.reduce<number>((sum, win) => sum + win, 0) / wins.length);
			}),
		);
	});
});
