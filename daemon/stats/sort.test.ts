import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createRandom } from './random.ts';
import { sorted } from './sort.ts';

/** The native sort as oracle; -0 is compared as 0, since the two are equal. */
function natively(values: Float64Array): number[] {
	return [...values.filter((value) => !Number.isNaN(value)).sort()].map((value) => value + 0);
}

describe('sorted values', () => {
	it('are those of the native sort, without NaN', () => {
		fc.assert(
			fc.property(fc.float64Array({ maxLength: 60 }), (values) => {
				assert.deepEqual(
					[...sorted(values)].map((value) => value + 0),
					natively(values),
				);
			}),
		);
	});

	it('are those of the native sort by radix too: all magnitudes, signs, ties, infinities, denormals', () => {
		fc.assert(
			fc.property(fc.float64Array({ minLength: 1100, maxLength: 1300 }), fc.integer(), (values, seed) => {
				const random = createRandom(seed);
				for (let i = 0; i < values.length; i += 3) {
					values[i] = Math.round(random.normal() * 10 ** random.integer(20)) * 10 ** -random.integer(20);
				}
				values[1] = Number.MIN_VALUE;
				values[2] = Number.NEGATIVE_INFINITY;
				assert.deepEqual(
					[...sorted(values)].map((value) => value + 0),
					natively(values),
				);
			}),
			{ numRuns: 20 },
		);
	});

	it('leave their argument alone', () => {
		const values = Float64Array.of(3, 1, Number.NaN, 2);
		assert.deepEqual([...sorted(values)], [1, 2, 3]);
		assert.deepEqual([...values], [3, 1, Number.NaN, 2]);
	});

	it('of equal values, and of none, are themselves', () => {
		assert.deepEqual(sorted(new Float64Array(2000).fill(-4.5)), new Float64Array(2000).fill(-4.5));
		assert.equal(sorted(Float64Array.of(Number.NaN)).length, 0);
	});
});
