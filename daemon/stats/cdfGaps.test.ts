import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cdfGaps } from './cdfGaps.ts';
import { ksDistance } from './kolmogorovSmirnov.ts';
import { sorted } from './sort.ts';
import { wasserstein } from './wasserstein.ts';

describe('the gaps between two distribution functions', () => {
	it('are those of SciPy: ks_2samp and wasserstein_distance', () => {
		// wasserstein_distance([0, 1, 3], [5, 6, 8]) = 5, from its documentation; no value is shared, so the distance is 1.
		assert.deepEqual(cdfGaps(Float64Array.of(0, 1, 3), Float64Array.of(5, 6, 8)), { widest: 1, area: 5 });
		// ((7919 i) mod 1000)/100, i < 400, and ((6151 i) mod 1000)/90, i < 300: SciPy 1.10.1.
		const a = sorted(Float64Array.from({ length: 400 }, (_, i) => ((7919 * i) % 1000) / 100));
		const b = sorted(Float64Array.from({ length: 300 }, (_, i) => ((6151 * i) % 1000) / 90));
		const { widest, area } = cdfGaps(a, b);
		assert.equal(widest, 0.10333333333333333);
		assert.ok(Math.abs(area - 0.5265148148148148) < 1e-12);
	});

	it('are those of the two passes, with ties, repeated extremes and zeros of both signs', () => {
		const values = fc.array(
			fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(-0), fc.double({ min: -1, max: 1, noNaN: true })),
			{
				minLength: 1,
				maxLength: 40,
			},
		);
		fc.assert(
			fc.property(values, values, (first, second) => {
				const [a, b] = [sorted(Float64Array.from(first)), sorted(Float64Array.from(second))];
				const { widest, area } = cdfGaps(a, b);
				assert.equal(widest, ksDistance(a, b));
				assert.ok(Math.abs(area - wasserstein(a, b)) < 1e-12);
			}),
		);
	});

	it('rank infinite values, whose distance is none', () => {
		const { widest, area } = cdfGaps(Float64Array.of(-Infinity, 1), Float64Array.of(1, Infinity));
		assert.equal(widest, 0.5);
		assert.ok(!Number.isFinite(area));
	});
});
