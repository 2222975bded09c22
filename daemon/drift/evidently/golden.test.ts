import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { numberColumn, stringColumn } from '../../data/table.ts';
import type { EvidentlyTest } from '../../protocol/driftTests.ts';
import { andersonDarlingTest } from '../../stats/andersonDarling.ts';
import { cramerVonMisesTest } from '../../stats/cramerVonMises.ts';
import { sorted } from '../../stats/sort.ts';
import { oneSampleChiSquare } from './chiSquare.ts';
import { judgeColumn } from './judgeColumn.ts';
import { samplesOf } from './samples.ts';
import { totalVariationTest } from './totalVariation.ts';

// Golden values: Evidently with SciPy 1.10.1, on these samples.
const a = Float64Array.from({ length: 400 }, (_, i) => ((7919 * i) % 1000) / 100);
const b = Float64Array.from({ length: 300 }, (_, i) => ((6151 * i) % 1000) / 90);
const letters = ['x', 'y', 'z', 'w'];
const c = Array.from({ length: 400 }, (_, i) => letters[(i * i + Math.floor(i / 3)) % 4] as string);
const d = Array.from({ length: 300 }, (_, i) => letters[(3 * i * i + Math.floor(i / 7)) % 4] as string);

const [numbers, categories] = [
	[numberColumn('x', a), numberColumn('x', b)] as const,
	[stringColumn('x', c), stringColumn('x', d)] as const,
];

const near = (value: number | null | undefined, expected: number, within: number) =>
	assert.ok(Math.abs((value ?? Number.NaN) - expected) <= within, `${value}, not ${expected}`);

describe('the golden values of Evidently', () => {
	const ofNumbers: [EvidentlyTest, number, number, boolean][] = [
		['ks', 0.04832862328717208, 1e-14, true],
		['wasserstein', 0.1817749963, 5e-11, true],
		['ed', 0.2618179145329257, 1e-14, true],
		['cramer_von_mises', 0.03435196453926004, 1e-9, true],
		['anderson', 0.0033249102073553667, 1e-14, true],
		['psi', 0.6478680514734776, 1e-13, true],
		['jensenshannon', 0.18338361112049983, 1e-13, true],
		['kl_div', 0.09777306757, 5e-12, false],
		['hellinger', 0.2189742485, 5e-11, true],
		['es', 4.023445553e-5, 5e-15, true],
		['mannw', 0.016406925, 5e-10, true],
		['t_test', 0.02384270009, 5e-12, true],
	];
	for (const [test, expected, within, drift] of ofNumbers) {
		it(`${test} of numbers`, () => {
			const verdict = judgeColumn(...numbers, { test });
			near(verdict.score, expected, within);
			assert.equal(verdict.drift, drift);
		});
	}

	it('the statistics behind the p-values', () => {
		near(judgeColumn(...numbers, { test: 'ks' }).statistic, 0.10333333333333333, 0);
		near(cramerVonMisesTest(sorted(a), sorted(b)).statistic, 0.5253901785714277, 1e-12);
		near(andersonDarlingTest(sorted(a), sorted(b)).statistic, 5.0513283416772925, 1e-12);
	});

	const ofCategories: [EvidentlyTest, number, number][] = [
		['chisquare', 0.0046674834795512685, 1e-15],
		['psi', 0.04096396085, 5e-12],
		['jensenshannon', 0.07147996014, 5e-12],
		['kl_div', 0.02015765776, 5e-12],
		['hellinger', 0.07151874953, 5e-12],
	];
	for (const [test, expected, within] of ofCategories) {
		it(`${test} of categories`, () => near(judgeColumn(...categories, { test }).score, expected, within));
	}

	it('the statistics of chi-square and total variation', () => {
		const samples = samplesOf('cat', ...categories);
		assert.ok('counts' in samples);
		near(oneSampleChiSquare(samples.counts()).statistic, 12.9857683557605, 1e-12);
		near(totalVariationTest(samples.counts()).statistic, 0.0975, 1e-15);
	});

	it('z of 100 in 300 against 50 in 200', () => {
		const ones = (rows: number, count: number) =>
			numberColumn(
				'x',
				Array.from({ length: rows }, (_, i) => +(i < count)),
				'boolean',
			);
		near(judgeColumn(ones(300, 100), ones(200, 50), { test: 'auto' }).p, 0.04636582643784504, 1e-15);
	});
});
