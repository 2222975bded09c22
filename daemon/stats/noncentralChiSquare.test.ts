import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { centralityInterval, noncentralChiSquareCdf } from './noncentralChiSquare.ts';

describe('the non-central chi-square distribution', () => {
	it('is that of SciPy 1.17 within 0.001', () => {
		for (const [x, freedom, centrality, expected] of [
			[10, 4, 5, 0.6382288595823113],
			[30, 3, 10, 0.9810380166365571],
			[2, 1, 1, 0.6527565366822697],
		] as const) {
			assert.ok(Math.abs(noncentralChiSquareCdf(x, freedom, centrality) - expected) < 1e-3);
		}
		assert.equal(noncentralChiSquareCdf(0, 3, 2), 0);
	});

	it('gives the ends that SciPy 1.17 finds by its own distribution function', () => {
		for (const [statistic, freedom, low, high] of [
			[7.04, 3, 0, 18.6256],
			[100, 9, 57.4781, 134.2846],
			[20, 1, 6.311, 41.3719],
		] as const) {
			const found = centralityInterval(statistic, freedom);
			assert.ok(Math.abs(found.low - low) < 0.03 && Math.abs(found.high - high) < 0.06, JSON.stringify(found));
		}
		assert.deepEqual(centralityInterval(0, 3), { low: 0, high: 0 });
	});
});
