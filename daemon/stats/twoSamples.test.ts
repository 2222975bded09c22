import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { andersonDarlingTest } from './andersonDarling.ts';
import { regularizedBeta } from './beta.ts';
import { cramerVonMisesTest } from './cramerVonMises.ts';
import { energyDistance } from './energyDistance.ts';
import { eppsSingletonTest } from './eppsSingleton.ts';
import { fisherExactTest } from './fisherExact.ts';
import { mannWhitneyLess } from './mannWhitney.ts';
import { drawShare, drawUpTo, mersenneTwister, permute } from './mersenneTwister.ts';
import { rocAuc } from './rocAuc.ts';
import { studentTails } from './studentT.ts';
import { symmetricEigen } from './symmetricEigen.ts';
import { tTest } from './tTest.ts';

const of = (...values: number[]) => Float64Array.from(values);
const near = (value: number, expected: number, within = 1e-12) =>
	assert.ok(Math.abs(value - expected) <= within, `${value}, not ${expected}`);

/** Every way to choose which of the n + m ranks belong to the first sample. */
function divisions(n: number, m: number): [Float64Array, Float64Array][] {
	return Array.from({ length: 2 ** (n + m) }, (_, bits) => {
		const ranks = Array.from({ length: n + m }, (_rank, rank) => rank);
		const inFirst = (rank: number) => ((bits >> rank) & 1) === 1;
		return [of(...ranks.filter(inFirst)), of(...ranks.filter((rank) => !inFirst(rank)))] as [
			Float64Array,
			Float64Array,
		];
	}).filter(([first]) => first.length === n);
}

/** Few different values, so that ties are the rule. */
const sample = fc
	.array(fc.integer({ min: -4, max: 4 }), { minLength: 5, maxLength: 12 })
	.map((values) => of(...values).sort());

describe('tests of two samples', () => {
	it('have the worked values of their comments', () => {
		// t = (2.5 - 4.5) / √(5/3 · 1/2); the rest by SciPy 1.17.
		near(tTest(of(1, 2, 3, 4), of(3, 4, 5, 6)).statistic, -2 / Math.sqrt(5 / 6));
		near(tTest(of(1, 2, 3, 4), of(3, 4, 5, 6)).p, 0.07098765432098762);
		near(energyDistance(of(0, 1, 3), of(5, 6, 8)), 2.7080128015453204);
		assert.deepEqual(mannWhitneyLess(of(1, 2, 4), of(3, 5, 6)), { statistic: 1, p: 2 / 20 });
		near(cramerVonMisesTest(of(1, 2, 3), of(4, 5, 6)).statistic, 19 / 36);
		near(cramerVonMisesTest(of(1, 2, 3), of(4, 5, 6)).p, 2 / 20);
		near(andersonDarlingTest(of(1, 2, 3, 4), of(5, 6, 7, 8)).statistic, 3.6866058780406794);
		near(andersonDarlingTest(of(1, 2, 3, 4), of(5, 6, 7, 8)).p, 0.010595002929560353);
		const far = eppsSingletonTest(
			Float64Array.from({ length: 10 }, (_, i) => i),
			Float64Array.from({ length: 10 }, (_, i) => i + 5),
		);
		near(far.statistic, 9.23757507142416, 1e-9);
		near(far.p, 0.05542793136284382, 1e-9);
		near(fisherExactTest(8, 2, 1, 5), 0.03496503496503495, 1e-12);
	});

	it('have the exact p-values: the share of all divisions that are as extreme', () => {
		for (const [n, m] of [
			[3, 4],
			[5, 5],
			[2, 7],
		] as const) {
			const all = divisions(n, m);
			const wilcoxon = all.map(([first, second]) => mannWhitneyLess(first, second));
			const cramer = all.map(([first, second]) => cramerVonMisesTest(first, second));
			for (const { statistic, p } of wilcoxon) {
				near(p, wilcoxon.filter((other) => other.statistic <= statistic).length / all.length);
			}
			for (const { statistic, p } of cramer) {
				near(p, cramer.filter((other) => other.statistic >= statistic - 1e-9).length / all.length);
			}
		}
	});

	it('are 0 or more, with p from 0 to 1, and do not depend on which sample is first', () => {
		fc.assert(
			fc.property(sample, sample, (a, b) => {
				const same = (x: number, y: number) =>
					Number.isNaN(x) ? assert.ok(Number.isNaN(y)) : near(x, y, 1e-9 * Math.max(1, Math.abs(x)));
				for (const test of [cramerVonMisesTest, tTest]) {
					const [one, other] = [test(a, b), test(b, a)];
					same(one.p, other.p);
					assert.ok(Number.isNaN(one.p) || (one.p >= 0 && one.p <= 1));
				}
				near(energyDistance(a, b), energyDistance(b, a));
				assert.equal(energyDistance(a, a), 0);
				const [less, more] = [mannWhitneyLess(a, b), mannWhitneyLess(b, a)];
				near(less.statistic + more.statistic, a.length * b.length);
				if (a[0] !== a.at(-1) || b[0] !== b.at(-1) || a[0] !== b[0]) {
					near(andersonDarlingTest(a, b).statistic, andersonDarlingTest(b, a).statistic, 1e-9);
				}
			}),
		);
	});

	it('are the same in any unit, where they rank', () => {
		fc.assert(
			fc.property(sample, sample, (a, b) => {
				const [x, y] = [a, b].map((values) => values.map((value) => value * 8 + 3)) as [Float64Array, Float64Array];
				assert.deepEqual(cramerVonMisesTest(x, y), cramerVonMisesTest(a, b));
				assert.deepEqual(mannWhitneyLess(x, y), mannWhitneyLess(a, b));
			}),
		);
	});

	it('find nothing between a sample and itself', () => {
		const values = Float64Array.from({ length: 40 }, (_, i) => Math.sin(i * i));
		near(eppsSingletonTest(values, values).p, 1);
		near(tTest(values, values).p, 1);
		assert.equal(fisherExactTest(5, 5, 5, 5), 1);
		assert.equal(fisherExactTest(5, 0, 9, 0), 1);
	});
});

describe('what the tests stand on', () => {
	it('the beta distribution and Student’s t', () => {
		near(regularizedBeta(0.5, 2, 3), 0.6875);
		near(studentTails(2.228138851986274, 10), 0.05);
		// Cauchy, which is t with one degree: 1 - 2 arctan(1) / π.
		near(studentTails(1, 1), 0.5);
		// Normal, with very many degrees.
		near(studentTails(1.959963984540054, 1e8), 0.05, 1e-7);
	});

	it('eigenvalues of a symmetric matrix', () => {
		assert.deepEqual(
			symmetricEigen([
				[2, 1],
				[1, 2],
			])
				.values.map((value) => Math.round(value * 1e12) / 1e12)
				.sort(),
			[1, 3],
		);
	});

	it('the draws of NumPy’s RandomState', () => {
		const bits = mersenneTwister(5489);
		assert.deepEqual([bits(), bits()], [3_499_211_612, 581_869_302]);
		// numpy.random.RandomState(42): rand(), then permutation(10), then randint(0, 10000) from a new one.
		near(drawShare(mersenneTwister(42)), 0.3745401188473625, 0);
		const order = permute(
			Uint32Array.from({ length: 10 }, (_, i) => i),
			mersenneTwister(42),
		);
		assert.deepEqual([...order], [8, 1, 5, 0, 7, 2, 9, 4, 3, 6]);
		assert.equal(drawUpTo(9999, mersenneTwister(42)), 7270);
	});

	it('the area under the ROC curve', () => {
		near(rocAuc(of(0.1, 0.4, 0.35, 0.8), [0, 0, 1, 1]), 0.75);
		near(rocAuc(of(1, 1, 1), [0, 1, 1]), 0.5);
		assert.ok(Number.isNaN(rocAuc(of(1, 2), [1, 1])));
	});
});
