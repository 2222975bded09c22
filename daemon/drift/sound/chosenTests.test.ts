import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { numberColumn, stringColumn, type Table, tableOf } from '../../data/table.ts';
import type { DriftColumn } from '../../protocol/drift.ts';
import type { SoundTest } from '../../protocol/driftTests.ts';
import { createRandom } from '../../stats/random.ts';
import { countByCuts, decileCuts } from '../deciles.ts';
import { detectDrift } from '../detectDrift.ts';
import { discrepancyTest } from './meanDiscrepancy.ts';
import { noMemory } from './sound.ts';
import { stabilityTest } from './stability.ts';

const near = (value: number, expected: number, within: number) =>
	assert.ok(Math.abs(value - expected) <= within, `${value}, not ${expected}`);

/** a is 0 to 9.99 evenly, b reaches 11.1. */
const a = Float64Array.from({ length: 400 }, (_, i) => ((7919 * i) % 1000) / 100).sort();
const b = Float64Array.from({ length: 300 }, (_, i) => ((6151 * i) % 1000) / 90).sort();

function judge(test: SoundTest, before: Table, after: Table): DriftColumn[] {
	const side = { name: 'drawn', rows: 0, digest: null };
	const choose = () => ({ test });
	return detectDrift(before, after, { threshold: 0.5, choose, referenceSide: side, currentSide: side }).columns;
}

describe('stabilityTest', () => {
	it('holds the index against random tables with the same margins (NumPy, 20,000 permutations)', () => {
		const tested = stabilityTest([134, 67, 133, 66], [88, 66, 83, 63], noMemory);
		assert.ok(tested !== null);
		near(tested.psi, 0.04096396085, 1e-10);
		// p 0.0763 and mean 0.0178 there; three deviations of 999 draws.
		near(tested.p, 0.0763, 0.026);
		near(tested.psi - tested.excess, 0.0178, 0.0015);
		assert.ok(tested.interval.low === 0 && tested.interval.high > tested.excess);
	});

	it('takes the tenths of numbers, and agrees with chi-square where both samples are large', () => {
		const cuts = decileCuts(a);
		const tested = stabilityTest(countByCuts(a, cuts), countByCuts(b, cuts), noMemory, { reference: a, current: b });
		assert.ok(tested !== null);
		near(tested.psi, 0.06777080298865083, 1e-12);
		// 10 equal bins, 100,000 values a side, 1 % moved from one to another: chi-square is PSI / (1/n + 1/m).
		const one = Array<number>(10).fill(10_000);
		const large = stabilityTest(one, [9000, 11_000, ...one.slice(2)], noMemory);
		assert.ok(large !== null);
		// (0.1 - 0.09) ln(10/9) + (0.1 - 0.11) ln(10/11) = 0.0020067; less 9 · 0.00002.
		near(large.psi, 0.0020067, 1e-7);
		near(large.excess, 0.0020067 - 0.00018, 1e-7);
		assert.ok(large.p < 1e-10);
	});

	it('is null where there is one bin', () => {
		assert.equal(stabilityTest([30, 0], [40, 0], noMemory), null);
	});
});

describe('discrepancyTest', () => {
	it('is the biased estimate with the median distance as the width, worked by hand', () => {
		const sizes = { reference: 3, current: 3 };
		const { squared } = discrepancyTest(Float64Array.of(0, 1, 2), Float64Array.of(10, 11, 12), sizes);
		near(squared, 1.372019679474315, 1e-12);
	});

	it('gives the p of permutations (NumPy, 20,000 of all 700 values), on 256 cells', () => {
		const { squared, p, effect } = discrepancyTest(a, b, { reference: 400, current: 300 });
		near(squared, 0.009465210036533778, 1e-4);
		near(p, 0.0434, 0.003);
		near(effect, 0.07845, 0.001);
	});

	it('takes infinite values for values of their own', () => {
		const one = Float64Array.of(...Array<number>(50).fill(0), ...Array<number>(50).fill(Number.POSITIVE_INFINITY));
		const other = Float64Array.of(
			...Array<number>(50).fill(Number.NEGATIVE_INFINITY),
			...Array<number>(50).fill(0),
		).sort();
		const { squared, p } = discrepancyTest(one, other, { reference: 100, current: 100 });
		// Half of each is shared: 2 · (1/4 + 1/4) less 2 · 1/4.
		near(squared, 0.5, 1e-12);
		assert.ok(p < 1e-6);
	});
});

describe('a test that was chosen in profile sound', () => {
	const random = createRandom(7, 'chosenTests');
	const numbers = (rows: number, shift = 0) =>
		tableOf(
			Array.from({ length: 4 }, (_, index) =>
				numberColumn(
					`n${index}`,
					Float64Array.from({ length: rows }, () => random.normal() + shift),
				),
			),
		);

	for (const test of ['kuiper', 'psi', 'mmd'] as const) {
		it(`${test} has a p-value that is valid, and an interval that covers`, () => {
			const rounds = 60;
			let [below, covered, columns] = [0, 0, 0];
			for (let round = 0; round < rounds; round++) {
				const size = () => 30 + random.integer(100);
				for (const column of judge(test, numbers(size()), numbers(size()))) {
					columns += 1;
					below += +((column.p_value ?? 1) < 0.05);
					covered += +(column.effect_interval?.low === 0);
				}
			}
			const most = columns * 0.05 + 3 * Math.sqrt(columns * 0.05 * 0.95);
			assert.ok(below <= most, `${below} of ${columns}`);
			assert.ok(columns - covered <= most, `${covered} of ${columns}`);
		});

		it(`${test} finds half a deviation, and says how many rows would tell where it cannot`, () => {
			for (const column of judge(test, numbers(1000), numbers(1000, 0.5))) {
				assert.equal(column.test, test);
				assert.equal(column.drift, true);
				assert.ok((column.effect_interval?.low ?? 0) > 0 && column.score === column.effect);
			}
			const [few] = judge(
				test,
				numbers(25),
				tableOf([
					numberColumn(
						'n0',
						Float64Array.from({ length: 25 }, (_, i) => i / 12),
					),
				]),
			);
			assert.ok(few?.drift === true || (few?.rows_needed ?? 0) > 25 || (few?.effect ?? 1) < (few?.threshold ?? 0));
		});
	}

	it('psi takes categories, the others refuse text', () => {
		const words = (shares: readonly number[]) =>
			tableOf([
				stringColumn(
					'word',
					Array.from({ length: 500 }, () => {
						const drawn = random.next();
						return ['a', 'b', 'c'][shares.findIndex((share) => drawn < share)] ?? 'd';
					}),
				),
			]);
		const [before, after] = [words([0.4, 0.7, 0.9]), words([0.2, 0.5, 0.9])];
		const [psi] = judge('psi', before, after);
		assert.ok(psi?.drift === true && psi.test === 'psi' && psi.statistic === psi.statistics.psi);
		for (const test of ['kuiper', 'mmd'] as const) {
			const [column] = judge(test, before, after);
			assert.ok(column?.drift === null && /needs numbers/.test(column.reason ?? ''));
		}
	});

	it('counts rows that resemble their neighbours for less', () => {
		const series = (rows: number) => {
			let value = random.normal();
			return Float64Array.from({ length: rows }, () => {
				value = 0.95 * value + Math.sqrt(1 - 0.95 ** 2) * random.normal();
				return value;
			});
		};
		for (const test of ['kuiper', 'psi', 'mmd'] as const) {
			let drifted = 0;
			for (let round = 0; round < 20; round++) {
				const [column] = judge(
					test,
					tableOf([numberColumn('x', series(4000))]),
					tableOf([numberColumn('x', series(4000))]),
				);
				assert.ok((column?.effective_rows?.current ?? 4000) < 1000);
				drifted += +(column?.drift === true);
			}
			assert.ok(drifted <= 3, `${test}: ${drifted} of 20`);
		}
	});
});
