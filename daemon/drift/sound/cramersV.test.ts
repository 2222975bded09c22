import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { createRandom } from '../../stats/random.ts';
import { chiSquareTest } from './contingency.ts';
import { balancedV, cramersV } from './cramersV.ts';

describe('cramersV', () => {
	it('has the bias correction of Bergsma: value computed with SciPy 1.10.1', () => {
		assert.ok(Math.abs(cramersV(7.04086875788477, 4, 700) - 0.07599210460746449) < 1e-12);
	});

	it('is 0 where there is less association than chance makes', () => {
		assert.equal(cramersV(2.9, 4, 700), 0);
	});
});

describe('balancedV', () => {
	it('is Cramér’s V for samples of equal size', () => {
		const [a, b] = [
			[120, 200, 80],
			[100, 150, 150],
		];
		const statistic = chiSquareTest(a, b)?.statistic ?? Number.NaN;
		assert.ok(Math.abs(balancedV(a, b) - cramersV(statistic, 3, 800)) < 1e-12);
	});

	it('tells the same of the same shares, however small one sample is', () => {
		// Half (0.3)²/1.3 + half (0.3)²/0.7 = 0.0989; its root 0.3145.
		assert.ok(Math.abs(balancedV([5e6, 5e6], [8e6, 2e6]) - Math.sqrt(0.09 / 2.6 + 0.09 / 1.4)) < 1e-3);
		assert.ok(Math.abs(balancedV([5e6, 5e6], [8000, 2000]) - 0.3145) < 1e-3);
	});

	it('is 1 for samples that share nothing, 0 for equal ones', () => {
		assert.equal(balancedV([500, 0], [0, 30]), 1);
		assert.equal(balancedV([500, 500], [50, 50]), 0);
	});

	it('puts 50 to 60 % of a coin at 0.1, as the KS distance does', () => {
		assert.ok(Math.abs(balancedV([5e6, 5e6], [6e6, 4e6]) - 0.1005) < 1e-4);
	});

	it('stays below the floor when nothing differs in 200 categories (0.33 without the correction)', () => {
		const random = createRandom(3, 'many categories');
		const draw = (rows: number) => {
			const counts = new Uint32Array(200);
			for (let row = 0; row < rows; row++) {
				const code = random.integer(200);
				counts[code] = (counts[code] as number) + 1;
			}
			return counts;
		};
		const mean = Array.from({ length: 100 }, () => balancedV(draw(5000), draw(500))).reduce((a, b) => a + b) / 100;
		assert.ok(mean < 0.1, String(mean));
	});
});
