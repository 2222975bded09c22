import assert from 'node:assert/strict';
import fc from 'fast-check';
import { drawnRange, quantile } from './quantile.ts';
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

describe('the range to draw', () => {
	const even = Float64Array.from({ length: 79 }, (_, place) => 80 + (89 * place) / 78);

	it('is not moved by one value far out, and spans all samples', () => {
		const far = Float64Array.of(...even, 9000);
		const [from, to] = drawnRange([far]);
		// The second least value is 80 + 89 / 78; the second greatest is 169.
		const margin = (169 - (80 + 89 / 78)) / 4;
		assert.ok(from === 80 && Math.abs(to - (169 + margin)) < 1e-9, `${from} to ${to}`);
		assert.deepEqual(drawnRange([far, Float64Array.of(-1000, 0)]), [-1000, 169 + (169 + 1000) / 4]);
	});

	it('holds every one of few values', () => {
		assert.deepEqual(drawnRange([Float64Array.of(1, 2, 900)]), [1, 900]);
	});
});
