import assert from 'node:assert/strict';
import { numberColumn, tableOf } from '../../data/table.ts';
import { trainModel } from '../trainModel.ts';

const rows = Array.from({ length: 60 }, (_, row) => row);
const table = tableOf([
	numberColumn('time', rows),
	numberColumn('a', rows.map(Math.sin)),
	numberColumn(
		'b',
		rows.map((row) => Math.cos(3 * row)),
	),
	numberColumn(
		'y',
		rows.map((row) => 2 * Math.sin(row) - Math.cos(3 * row) + 0.1 * ((row * 7) % 5) + 0.01 * row),
	),
]);

describe('cross-validation', () => {
	it('gives the mean and spread over rolling origins that scikit-learn gives', async () => {
		const { metrics, history } = await trainModel(table, {
			model: { type: 'linear', params: { penalty: 'none' } },
			prepare: [],
			target: 'y',
			time: 'time',
			split: { test: 0.2, by: 'time', seed: 7, folds: 5 },
		});
		// scikit-learn 1.9.1: cross_validate(LinearRegression(), X[:48], y[:48], cv=TimeSeriesSplit(5)), deviation with ddof=1.
		const near = (name: string, expected: number) =>
			assert.ok(Math.abs((metrics[name] ?? 0) - expected) < 1e-6, `${name}: ${metrics[name]}`);
		near('cv_r2', 0.9760106175369649);
		near('cv_r2_std', 0.010193498899003988);
		near('cv_mae', 0.19693436212278007);
		near('cv_mae_std', 0.03610140161632391);
		assert.deepEqual(
			history['fold_r2']?.map(({ step, value }) => [step, value.toFixed(6)]),
			[
				[1, '0.983623'],
				[2, '0.983937'],
				[3, '0.981695'],
				[4, '0.969719'],
				[5, '0.961079'],
			],
		);
	});
});
