import assert from 'node:assert/strict';
import fc from 'fast-check';
import { asymptoticKsPValue, ksDistance, ksPValue } from './kolmogorovSmirnov.ts';
import { createRandom } from './random.ts';
import { sorted } from './sort.ts';

// Golden values: SciPy 1.10.1, ks_2samp, on these 400 and 300 numbers.
const reference = sorted(Float64Array.from({ length: 400 }, (_, i) => ((7919 * i) % 1000) / 100));
const current = sorted(Float64Array.from({ length: 300 }, (_, i) => ((6151 * i) % 1000) / 90));

/** Few distinct values, so that ties are the rule. */
const sample = fc
	.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 30 })
	.map((values) => sorted(Float64Array.from(values)));

function shareUpTo(values: Float64Array, limit: number): number {
	return values.filter((value) => value <= limit).length / values.length;
}

/** Every way to choose which of the n + m ranks belong to the first sample. */
function* choices(n: number, m: number): Generator<boolean[]> {
	for (let bits = 0; bits < 2 ** (n + m); bits++) {
		const chosen = Array.from({ length: n + m }, (_, rank) => ((bits >> rank) & 1) === 1);
		if (chosen.filter(Boolean).length === n) yield chosen;
	}
}

describe('the Kolmogorov-Smirnov test', () => {
	it('has the distance and p-values of SciPy', () => {
		const distance = ksDistance(reference, current);
		assert.equal(distance, 0.10333333333333333);
		assert.ok(Math.abs(ksPValue(distance, 400, 300) - 0.04832862328717208) < 1e-14);
		assert.ok(Math.abs(asymptoticKsPValue(distance, 400, 300) - 0.048234880402991176) < 1e-14);
	});

	it('has the distance by definition, is symmetric, 0 to 1, and 0 only for equal distributions', () => {
		fc.assert(
			fc.property(sample, sample, (a, b) => {
				const distance = ksDistance(a, b);
				const brute = Math.max(...[...a, ...b].map((x) => Math.abs(shareUpTo(a, x) - shareUpTo(b, x))));
				assert.ok(Math.abs(distance - brute) < 1e-12);
				assert.equal(distance, ksDistance(b, a));
				assert.equal(ksDistance(a, a), 0);
			}),
		);
	});

	it('has the exact p-value: the share of all orders of the two samples that are as far apart', () => {
		for (const [n, m] of [
			[1, 1],
			[3, 4],
			[5, 5],
			[6, 3],
			[2, 9],
		] as const) {
			const distances = [...choices(n, m)].map((chosen) => {
				const ranks = (first: boolean) => chosen.flatMap((isFirst, rank) => (isFirst === first ? [rank] : []));
				return ksDistance(Float64Array.from(ranks(true)), Float64Array.from(ranks(false)));
			});
			for (const distance of new Set(distances)) {
				const share = distances.filter((other) => other >= distance - 1e-9).length / distances.length;
				assert.ok(Math.abs(ksPValue(distance, n, m) - share) < 1e-12, `${n} ${m} ${distance}`);
			}
		}
	});

	it('rejects equal distributions as often as its level says', () => {
		const random = createRandom('ks level');
		const draw = (count: number) => sorted(Float64Array.from({ length: count }, random.normal));
		let rejected = 0;
		for (let trial = 0; trial < 1000; trial++) {
			if (ksPValue(ksDistance(draw(60), draw(90)), 60, 90) <= 0.05) rejected++;
		}
		// 50 expected at most (the statistic is discrete); 5 standard deviations of a binomial are 34.
		assert.ok(rejected > 20 && rejected < 84, `${rejected} of 1000`);
	});

	it('gives 1 for no distance and 0 for samples that do not touch', () => {
		assert.equal(ksPValue(0, 20, 30), 1);
		assert.ok(ksPValue(1, 200, 300) < 1e-100);
		assert.ok(ksPValue(1, 20_000, 20_000) === 0);
	});
});
