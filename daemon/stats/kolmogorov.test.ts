import assert from 'node:assert/strict';
import { kolmogorovTail } from './kolmogorov.ts';

describe('the distribution of Kolmogorov', () => {
	it('has the value that Marsaglia, Tsang and Wang (2003) print for n = 10', () => {
		assert.ok(Math.abs(kolmogorovTail(10, 0.274) - (1 - 0.6284796154565043)) < 1e-15);
	});

	it('has the closed forms at its ends', () => {
		// One value: P(D >= d) = 2 - 2d for d in 1/2..1.
		for (const d of [0.5, 0.6, 0.9]) assert.ok(Math.abs(kolmogorovTail(1, d) - (2 - 2 * d)) < 1e-12);
		// Two values, d in 1/2..1: 2 (1 - d)^2.
		assert.ok(Math.abs(kolmogorovTail(2, 0.75) - 2 * 0.25 ** 2) < 1e-12);
		assert.equal(kolmogorovTail(50, 0.005), 1);
		assert.equal(kolmogorovTail(50, 1), 0);
	});

	it('falls with the distance, also where one method takes over from another', () => {
		for (const n of [5, 50, 140, 141, 500, 20_000]) {
			let last = 1;
			for (let step = 1; step <= 400; step++) {
				const tail = kolmogorovTail(n, (step / 400) * Math.min(1, 6 / Math.sqrt(n)));
				assert.ok(tail <= last + 1e-6 && tail >= 0, `n ${n}, step ${step}: ${tail} after ${last}`);
				last = tail;
			}
		}
	});

	it('changes smoothly from the exact method at 140 values to the expansion at 141', () => {
		for (const d of [0.06, 0.08, 0.1, 0.12]) {
			const [a, b, c] = [139, 140, 141].map((n) => kolmogorovTail(n, d)) as [number, number, number];
			assert.ok(Math.abs(a - b - (b - c)) < 1e-4, `${d}: ${a} ${b} ${c}`);
		}
	});

	it('nears the limit 2 exp(-2 z^2) - 2 exp(-8 z^2) + ... for many values', () => {
		const n = 1_000_000;
		for (const z of [0.8, 1, 1.358, 2, 3]) {
			let limit = 0;
			for (let k = 1; k < 20; k++) limit += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * z * z);
			assert.ok(Math.abs(kolmogorovTail(n, z / Math.sqrt(n)) - limit) < 0.001 * Math.max(limit, 0.5), `${z}`);
		}
	});
});
