import assert from 'node:assert/strict';
import fc from 'fast-check';
import { quantile } from './quantile.ts';
import { sorted } from './sort.ts';

describe('a quantile', () => {
	it('lies where NumPy puts it', () => {
		// numpy.quantile([1, 2, 3, 4], [0, 0.25, 0.5, 0.9, 1]) and of [7].
		const values = Float64Array.of(1, 2, 3, 4);
		assert.deepEqual(
			[0, 0.25, 0.5, 1].map((q) => quantile(values, q)),
			[1, 1.75, 2.5, 4],
		);
		assert.ok(Math.abs(quantile(values, 0.9) - 3.7) < 1e-15);
		assert.equal(quantile(Float64Array.of(7), 0.3), 7);
		assert.ok(Number.isNaN(quantile(new Float64Array(0), 0.5)));
	});

	it('rises from the least to the greatest value', () => {
		const values = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 });
		const share = fc.double({ min: 0, max: 1, noNaN: true });
		fc.assert(
			fc.property(values, share, share, (given, p, q) => {
				const ascending = sorted(Float64Array.from(given));
				const [low, high] = [Math.min(p, q), Math.max(p, q)];
				assert.ok(quantile(ascending, low) <= quantile(ascending, high) + 1e-6);
				assert.ok(quantile(ascending, 0) === ascending[0], 'zeros of both signs are one value');
				assert.ok(quantile(ascending, 1) === ascending.at(-1));
			}),
		);
	});
});
