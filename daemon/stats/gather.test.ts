import assert from 'node:assert/strict';
import { codesFrom, gatherCodes, gatherNumbers, numbersFrom } from './gather.ts';

describe('values at places', () => {
	it('come in the order of the places, and as often', () => {
		assert.deepEqual(
			gatherNumbers(Float64Array.of(5, Number.NaN, 7), [2, 1, 1]),
			Float64Array.of(7, Number.NaN, Number.NaN),
		);
		assert.deepEqual(gatherCodes(Int32Array.of(5, -1, 7), Uint32Array.of(2, 1)), Int32Array.of(7, -1));
		assert.equal(gatherNumbers(Float64Array.of(1), []).length, 0);
	});

	it('are made one by one', () => {
		assert.deepEqual(
			numbersFrom(Int32Array.of(0, 1, -1), (code) => [1.5, 2.5][code] ?? Number.NaN),
			Float64Array.of(1.5, 2.5, Number.NaN),
		);
		assert.deepEqual(
			codesFrom(Float64Array.of(0.2, Number.NaN), (value) => (Number.isNaN(value) ? -1 : 3)),
			Int32Array.of(3, -1),
		);
	});
});
