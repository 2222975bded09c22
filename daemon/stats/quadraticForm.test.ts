import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { chiSquareTail } from './chiSquare.ts';
import { quadraticFormTail } from './quadraticForm.ts';

const near = (value: number, expected: number, within: number) =>
	assert.ok(Math.abs(value - expected) <= within, `${value}, not ${expected}`);

describe('quadraticFormTail', () => {
	it('gives Imhof’s values (1961, table 1) for 0.6, 0.3 and 0.1', () => {
		const weights = [0.6, 0.3, 0.1];
		near(quadraticFormTail(weights, 0.1), 0.9458, 0.01);
		near(quadraticFormTail(weights, 0.7), 0.5064, 0.01);
		near(quadraticFormTail(weights, 2), 0.124, 0.003);
	});

	it('is a chi-square distribution where all weights are one, far out too', () => {
		for (const x of [0.5, 3, 3.0001, 8, 40]) {
			const exact = chiSquareTail(x, 3);
			near(quadraticFormTail([1, 1, 1], x) / exact, 1, 0.04);
		}
	});

	it('is 1 at nothing', () => {
		assert.equal(quadraticFormTail([1, 2], 0), 1);
		assert.equal(quadraticFormTail([], 1), 0);
	});
});
