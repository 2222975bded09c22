import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { createRandom } from '../../stats/random.ts';
import { chiSquareTest, exactMoments } from './contingency.ts';

describe('chiSquareTest', () => {
	it('is the two-sample test: values of scipy.stats.chi2_contingency (SciPy 1.10.1)', () => {
		const tested = chiSquareTest([134, 67, 133, 66], [88, 66, 83, 63]);
		assert.ok(tested !== null);
		assert.ok(Math.abs(tested.statistic - 7.04086875788477) < 1e-12);
		assert.equal(tested.degrees, 3);
		assert.ok(Math.abs(tested.p - 0.0706064914069616) < 1e-12);
	});

	it('leaves out categories that neither sample has', () => {
		assert.deepEqual(chiSquareTest([30, 0, 20], [25, 0, 25]), chiSquareTest([30, 20], [25, 25]));
	});

	it('has no answer for one category or an empty sample', () => {
		assert.equal(chiSquareTest([40, 0], [30, 0]), null);
		assert.equal(chiSquareTest([40, 10], [0, 0]), null);
	});

	it('does not depend on which sample is the reference', () => {
		const [there, back] = [chiSquareTest([40, 3, 1], [5, 20, 9]), chiSquareTest([5, 20, 9], [40, 3, 1])];
		assert.ok(there !== null && back !== null);
		assert.ok(Math.abs(there.statistic - back.statistic) < 1e-12 && Math.abs(there.p - back.p) < 1e-15);
	});

	it('keeps its level in sparse tables, where the chi-square distribution does not', () => {
		// 60 categories with Zipf's shares, 100 against 40 rows: nearly all expected counts are below 5.
		const random = createRandom(11, 'sparse');
		const weights = Array.from({ length: 60 }, (_, k) => 1 / (k + 1));
		const sum = weights.reduce((total, weight) => total + weight, 0);
		const draw = (rows: number) => {
			const counts = new Uint32Array(60);
			for (let row = 0; row < rows; row++) {
				let left = random.next() * sum;
				let k = 0;
				while (k < 59 && left >= (weights[k] as number)) left -= weights[k++] as number;
				counts[k] = (counts[k] as number) + 1;
			}
			return counts;
		};
		const rounds = 2000;
		let rejected = 0;
		for (let round = 0; round < rounds; round++) {
			const tested = chiSquareTest(draw(100), draw(40));
			if (tested !== null && tested.p < 0.05) rejected += 1;
		}
		const deviation = Math.sqrt((0.05 * 0.95) / rounds);
		assert.ok(Math.abs(rejected / rounds - 0.05) < 3 * deviation, `${rejected} of ${rounds} at 0.05`);
	});
});

describe('exactMoments', () => {
	/** Every table with these margins, weighted by its number of arrangements (multivariate hypergeometric). */
	function enumerate(totals: readonly number[], n: number, m: number): { mean: number; variance: number } {
		const choose = (all: number, some: number): number => {
			let count = 1;
			for (let i = 1; i <= some; i++) count = (count * (all - some + i)) / i;
			return count;
		};
		let [weight, sum, squares] = [0, 0, 0];
		const visit = (at: number, left: number, ways: number, counts: readonly number[]): void => {
			const total = totals[at];
			if (total === undefined) {
				if (left > 0) return;
				const statistic = totals.reduce((x, t, k) => {
					const [a, ea, eb] = [counts[k] as number, (t * n) / (n + m), (t * m) / (n + m)];
					return x + (a - ea) ** 2 / ea + (t - a - eb) ** 2 / eb;
				}, 0);
				weight += ways;
				sum += ways * statistic;
				squares += ways * statistic ** 2;
				return;
			}
			for (let a = 0; a <= Math.min(total, left); a++) {
				visit(at + 1, left - a, ways * choose(total, a), [...counts, a]);
			}
		};
		visit(0, n, 1, []);
		return { mean: sum / weight, variance: squares / weight - (sum / weight) ** 2 };
	}

	for (const [totals, n] of [
		[[5, 3, 1, 1], 4],
		[[2, 2, 2, 7, 1], 9],
		[[9, 1, 4], 5],
	] as const) {
		it(`agrees with all tables of the margins ${totals.join(', ')} and ${n}`, () => {
			const m = totals.reduce((sum, total) => sum + total, 0) - n;
			const [formula, counted] = [exactMoments(totals, n, m), enumerate(totals, n, m)];
			assert.ok(Math.abs(formula.mean - counted.mean) < 1e-9);
			assert.ok(Math.abs(formula.variance - counted.variance) < 1e-9);
		});
	}
});
