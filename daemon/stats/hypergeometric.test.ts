import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { drawHypergeometric } from './hypergeometric.ts';
import { createRandom } from './random.ts';

describe('drawHypergeometric', () => {
	it('draws with the mean and variance of the distribution', () => {
		const random = createRandom(1, 'hypergeometric');
		for (const [all, marked, drawn] of [
			[50, 5, 20],
			[50, 20, 30],
			[60, 40, 50],
			[1_000_000, 300_000, 2000],
		] as const) {
			const rounds = 4000;
			const values = Array.from({ length: rounds }, () => drawHypergeometric(all, marked, drawn, random));
			const share = marked / all;
			const variance = drawn * share * (1 - share) * ((all - drawn) / (all - 1));
			const mean = values.reduce((sum, value) => sum + value, 0) / rounds;
			assert.ok(Math.abs(mean - drawn * share) < 4 * Math.sqrt(variance / rounds), `${mean} of ${drawn * share}`);
			const found = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (rounds - 1);
			assert.ok(Math.abs(found / variance - 1) < 0.12, `${found} of ${variance}`);
			assert.ok(
				Math.min(...values) >= Math.max(0, drawn + marked - all) && Math.max(...values) <= Math.min(drawn, marked),
			);
		}
	});

	it('has nothing to draw at the ends', () => {
		const random = createRandom(2, 'hypergeometric');
		assert.equal(drawHypergeometric(10, 0, 5, random), 0);
		assert.equal(drawHypergeometric(10, 10, 5, random), 5);
		assert.equal(drawHypergeometric(10, 7, 10, random), 7);
		assert.equal(drawHypergeometric(10, 7, 0, random), 0);
	});
});
