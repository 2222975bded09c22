import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type Column, numberColumn, stringColumn, tableOf } from '../data/table.ts';
import type { DriftReport } from '../protocol/drift.ts';
import { type DriftOptions, detectDrift } from './detectDrift.ts';
import { meanIndicators } from './meanComparison.ts';
import { chooseTests } from './testChoices.ts';

function compare(reference: Column[], current: Column[], options: Partial<DriftOptions> = {}): DriftReport {
	const side = { name: 'some.csv', rows: 3, digest: null };
	return detectDrift(tableOf(reference), tableOf(current), {
		profile: 'mean',
		threshold: 0,
		referenceSide: side,
		currentSide: side,
		...options,
	});
}

describe('method mean', () => {
	// 72 → 102.672 is the example of the home-prices system: 42.6 %. 100 → 95 and −10 → −9.5 are 5 %.
	const before = [
		numberColumn('prediction', [70, 72, 74]),
		numberColumn('area', [90, 100, 110]),
		numberColumn('x', [-10, -10, -10]),
	];
	const after = [
		numberColumn('prediction', [102.672, 100, 105.344]),
		numberColumn('area', [95, 95, 95]),
		numberColumn('x', [-9.5, -9.5, -9.5]),
	];

	it('gives the percentages of the home-prices system, in its shape', () => {
		const report = compare(before, after);
		const { overall_drift_detected, drift_indicators } = meanIndicators(report);
		assert.equal(overall_drift_detected, true);
		const rounded = Object.entries(drift_indicators).map(([name, { drift_percentage, significant_drift }]) => [
			name,
			Number(drift_percentage.toFixed(9)),
			significant_drift,
		]);
		assert.deepEqual(rounded, [
			['prediction', 42.6, true],
			['area', 5, false],
			['x', 5, false],
		]);
		assert.deepEqual([report.profile, report.share], ['mean', 1 / 3]);
	});

	it('holds each column against its own threshold', () => {
		const choose = chooseTests('mean', undefined, {
			default: { test: 'auto', threshold: 0.5 },
			area: { test: 'mean', threshold: 0.05 },
		});
		const { columns } = compare(before, after, { choose });
		assert.deepEqual(
			columns.map(({ drift, threshold }) => [drift, threshold]),
			[
				[false, 0.5],
				[true, 0.05],
				[false, 0.5],
			],
		);
	});

	it('tells nothing of text, of nulls and of a mean of 0, and nothing of the whole without a number', () => {
		const odd = [
			stringColumn('city', ['a', 'b', 'a']),
			numberColumn('gone', [Number.NaN, Number.NaN, Number.NaN]),
			numberColumn('zero', [-1, 0, 1]),
		];
		const later = [
			stringColumn('city', ['c', 'c', 'c']),
			numberColumn('gone', [1, 2, 3]),
			numberColumn('zero', [1, 1, 1]),
		];
		const report = compare(odd, later);
		assert.deepEqual(
			report.columns.map(({ drift, score, threshold, reason }) => [drift, score, threshold, reason]),
			[
				[null, null, null, 'A column of type string has no mean to compare.'],
				[null, null, null, 'There is no mean in one of the samples.'],
				[null, null, null, 'The mean of the reference is 0: a change has no percentage.'],
			],
		);
		assert.deepEqual([report.drift, report.reason], [null, 'No column of numbers could be compared.']);
		assert.deepEqual(meanIndicators(report), { overall_drift_detected: false, drift_indicators: {} });
	});

	it('knows no test of a profile', () => {
		assert.throws(() => chooseTests('mean', 'ks'), {
			code: 'invalid_arguments',
			message: /method mean has no test ks/i,
		});
	});
});
