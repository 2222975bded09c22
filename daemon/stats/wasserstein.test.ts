import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sorted } from './sort.ts';
import { wasserstein } from './wasserstein.ts';

const sample = fc
	.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 20 })
	.map((values) => sorted(Float64Array.from(values)));

describe('the Wasserstein distance', () => {
	it('has the value of SciPy 1.10.1', () => {
		const a = sorted(Float64Array.from({ length: 400 }, (_, i) => ((7919 * i) % 1000) / 100));
		const b = sorted(Float64Array.from({ length: 300 }, (_, i) => ((6151 * i) % 1000) / 90));
		assert.ok(Math.abs(wasserstein(a, b) - 0.5265148148148148) < 1e-14);
	});

	it('of equally many values is the mean distance of those of equal rank', () => {
		fc.assert(
			fc.property(fc.array(fc.tuple(fc.integer(), fc.integer()), { minLength: 1, maxLength: 20 }), (pairs) => {
				const a = sorted(Float64Array.from(pairs, ([x]) => x));
				const b = sorted(Float64Array.from(pairs, ([, y]) => y));
				const mean = a.reduce((sum, x, rank) => sum + Math.abs(x - (b[rank] as number)), 0) / a.length;
				assert.ok(Math.abs(wasserstein(a, b) - mean) <= 1e-9 * Math.max(1, mean));
			}),
		);
	});

	it('is symmetric, and a shift by c moves everything by c', () => {
		fc.assert(
			fc.property(sample, sample, fc.integer({ min: 0, max: 50 }), (a, b, c) => {
				assert.ok(Math.abs(wasserstein(a, b) - wasserstein(b, a)) < 1e-9);
				assert.ok(
					Math.abs(
						wasserstein(
							a,
							a.map((x) => x + c),
						) - c,
					) < 1e-9,
				);
			}),
		);
	});
});
