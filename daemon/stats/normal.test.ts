import assert from 'node:assert/strict';
import fc from 'fast-check';
import { normalCdf, normalQuantile } from './normal.ts';

describe('the normal distribution', () => {
	it('has the values of the tables, far tails too', () => {
		// Abramowitz and Stegun, table 26.1, and SciPy's norm.cdf(-10).
		assert.equal(normalCdf(0), 0.5);
		assert.ok(Math.abs(normalCdf(1) - 0.841344746068543) < 1e-14);
		assert.ok(Math.abs(normalCdf(-3) / 0.00134989803163009 - 1) < 1e-12);
		assert.ok(Math.abs(normalCdf(-10) / 7.61985302416053e-24 - 1) < 1e-12);
		assert.ok(Math.abs(normalQuantile(0.975) - 1.959963984540054) < 1e-12);
		assert.ok(Math.abs(normalQuantile(1e-10) + 6.361340902404056) < 1e-12);
	});

	it('has quantiles that undo its probabilities', () => {
		fc.assert(
			fc.property(fc.double({ min: -8, max: 8, noNaN: true }), (x) => {
				const p = normalCdf(-Math.abs(x));
				assert.ok(Math.abs(normalQuantile(p) + Math.abs(x)) < 1e-11);
			}),
		);
		assert.equal(normalQuantile(0), Number.NEGATIVE_INFINITY);
		assert.equal(normalQuantile(1), Number.POSITIVE_INFINITY);
	});
});
