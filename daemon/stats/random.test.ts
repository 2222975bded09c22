import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createRandom, shuffle, xoshiro128 } from './random.ts';

describe('random numbers', () => {
	it('are those of the reference implementation of xoshiro128**', () => {
		// State 1, 2, 3, 4: the first outputs by hand are 5 * 2 = 10, rotated by 7 = 1280, times 9 = 11520, then 0; the
		// rest is the vector that rand_xoshiro made with the C reference.
		const bits = xoshiro128(1, 2, 3, 4);
		assert.deepEqual(
			Array.from({ length: 10 }, bits),
			[11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804],
		);
	});

	it('are the same for the same parts, and others for any other parts', () => {
		const draw = (...seed: (number | string)[]) => Array.from({ length: 8 }, createRandom(...seed).next);
		assert.deepEqual(draw(7, 'column', 3), draw(7, 'column', 3));
		assert.notDeepEqual(draw(7, 'column', 3), draw(7, 'column', 4));
		assert.notDeepEqual(draw(1, '2'), draw(1, 2));
		assert.notDeepEqual(draw('ab', 'c'), draw('a', 'bc'));
	});

	it('are uniform: ten bins of 100,000 draws stay within five standard deviations', () => {
		const random = createRandom('uniform');
		const counts = new Array<number>(10).fill(0);
		for (let i = 0; i < 100_000; i++) {
			const bin = Math.floor(random.next() * 10);
			counts[bin] = (counts[bin] ?? Number.NaN) + 1;
		}
		const deviation = Math.sqrt(100_000 * 0.1 * 0.9);
		for (const count of counts) assert.ok(Math.abs(count - 10_000) < 5 * deviation, `${count}`);
	});

	it('draw integers below n, each of them', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 40 }), fc.integer(), (n, seed) => {
				const random = createRandom(seed);
				const seen = new Set(Array.from({ length: 60 * n }, () => random.integer(n)));
				assert.deepEqual(
					[...seen].sort((a, b) => a - b),
					Array.from({ length: n }, (_, i) => i),
				);
			}),
			{ numRuns: 30 },
		);
	});

	it('draw normals with mean 0, variance 1, no skew and kurtosis 3', () => {
		const random = createRandom('normal');
		const n = 200_000;
		const moments = [0, 0, 0, 0];
		for (let i = 0; i < n; i++) {
			const x = random.normal();
			for (let k = 0; k < 4; k++) moments[k] = (moments[k] ?? 0) + x ** (k + 1) / n;
		}
		// Standard errors of the four moments of a standard normal: 1, sqrt 2, sqrt 15, sqrt 96, over sqrt n.
		const expected = [0, 1, 0, 3];
		const variances = [1, 2, 15, 96];
		for (let k = 0; k < 4; k++) {
			const error = Math.sqrt((variances[k] ?? 0) / n);
			assert.ok(Math.abs((moments[k] ?? 0) - (expected[k] ?? 0)) < 5 * error, `moment ${k + 1}: ${moments[k]}`);
		}
	});

	it('shuffle keeps every value', () => {
		fc.assert(
			fc.property(fc.array(fc.integer()), fc.integer(), (values, seed) => {
				const shuffled = shuffle([...values], createRandom(seed));
				const ascending = (a: number, b: number) => a - b;
				assert.deepEqual(shuffled.sort(ascending), [...values].sort(ascending));
			}),
		);
	});
});
