import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chiSquareTail } from './chiSquare.ts';
import { normalCdf } from './normal.ts';

describe('the tail of chi-square', () => {
	it('has the values of SciPy 1.10.1', () => {
		assert.ok(Math.abs(chiSquareTail(12.9857683557605, 3) - 0.0046674834795512685) < 1e-14);
		assert.ok(Math.abs(chiSquareTail(7.04086875788477, 3) - 0.0706064914069616) < 1e-14);
	});

	it('has its closed forms for 1, 2 and 4 degrees of freedom', () => {
		fc.assert(
			fc.property(fc.double({ min: 1e-6, max: 200, noNaN: true }), (x) => {
				const close = (actual: number, expected: number) =>
					assert.ok(Math.abs(actual - expected) <= 1e-12 * expected + 1e-15, `${x}: ${actual}, not ${expected}`);
				close(chiSquareTail(x, 1), 2 * normalCdf(-Math.sqrt(x)));
				close(chiSquareTail(x, 2), Math.exp(-x / 2));
				close(chiSquareTail(x, 4), Math.exp(-x / 2) * (1 + x / 2));
			}),
		);
	});

	it('is 1 at 0 and falls to 0', () => {
		assert.equal(chiSquareTail(0, 5), 1);
		assert.equal(chiSquareTail(Number.POSITIVE_INFINITY, 5), 0);
		assert.ok(chiSquareTail(1000, 900) > chiSquareTail(1001, 900));
	});
});
