import assert from 'node:assert/strict';
import fc from 'fast-check';
import { logGamma, upperGamma } from './gamma.ts';

describe('the gamma function', () => {
	it('gives factorials and the root of pi', () => {
		let factorial = 1;
		for (let n = 1; n <= 20; n++) {
			factorial *= n;
			assert.ok(Math.abs(logGamma(n + 1) - Math.log(factorial)) < 1e-13 * Math.max(1, Math.log(factorial)));
		}
		assert.ok(Math.abs(logGamma(0.5) - Math.log(Math.PI) / 2) < 1e-14);
		// ln 99!, by summing logarithms.
		assert.ok(Math.abs(logGamma(100) - 359.1342053695754) < 1e-11);
	});

	it('has an incomplete form that follows Q(a + 1, x) = Q(a, x) + x^a exp(-x) / Γ(a + 1)', () => {
		fc.assert(
			fc.property(
				fc.double({ min: 0.1, max: 60, noNaN: true }),
				fc.double({ min: 1e-3, max: 90, noNaN: true }),
				(a, x) => {
					const step = Math.exp(a * Math.log(x) - x - logGamma(a + 1));
					assert.ok(Math.abs(upperGamma(a + 1, x) - upperGamma(a, x) - step) < 1e-12);
				},
			),
		);
	});
});
