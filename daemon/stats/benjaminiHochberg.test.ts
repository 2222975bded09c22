import assert from 'node:assert/strict';
import fc from 'fast-check';
import { adjustPValues } from './benjaminiHochberg.ts';

describe('adjusted p-values', () => {
	it("are those of R's p.adjust by hand", () => {
		// m = 5: 0.05·5/5 = 0.05; 0.041·5/4 = 0.05125 → 0.05; 0.039·5/3 = 0.065 → 0.05; 0.008·5/2 = 0.02; 0.001·5/1 = 0.005.
		const adjusted = adjustPValues([0.039, 0.001, 0.05, 0.008, 0.041]);
		const expected = [0.05, 0.005, 0.05, 0.02, 0.05];
		for (const [index, p] of adjusted.entries()) assert.ok(Math.abs(p - (expected[index] as number)) < 1e-15);
		assert.deepEqual(adjustPValues([]), []);
		assert.deepEqual(adjustPValues([0.3]), [0.3]);
	});

	it('reject at alpha just what the procedure of Benjamini and Hochberg rejects', () => {
		const p = fc.double({ min: 0, max: 1, noNaN: true });
		fc.assert(
			fc.property(
				fc.array(p, { minLength: 1, maxLength: 30 }),
				fc.double({ min: 0.001, max: 0.5, noNaN: true }),
				(all, alpha) => {
					const ascending = [...all].sort((a, b) => a - b);
					let last = 0;
					ascending.forEach((value, index) => {
						if ((value * all.length) / (index + 1) <= alpha) last = index + 1;
					});
					assert.equal(adjustPValues(all).filter((value) => value <= alpha).length, last === 0 ? 0 : last);
				},
			),
		);
	});
});
