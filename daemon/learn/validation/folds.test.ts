import assert from 'node:assert/strict';
import { numberColumn, stringColumn, tableOf } from '../../data/table.ts';
import { readTarget } from '../target.ts';
import { foldRows } from './folds.ts';

const count = 30;
const rows = Uint32Array.from({ length: count }, (_, row) => row);
const table = tableOf([
	numberColumn(
		'time',
		[...rows].map((row) => Math.floor(row / 3)),
	),
	numberColumn(
		'y',
		[...rows].map((row) => row / 7),
	),
	stringColumn(
		'class',
		[...rows].map((row) => (row % 5 === 0 ? 'rare' : 'usual')),
	),
	stringColumn(
		'key',
		[...rows].map((row) => `of ${row % 7}`),
	),
]);
const numbers = readTarget(table, 'y', undefined);
const classes = readTarget(table, 'class', undefined);
const columns = { time: 'time', key: 'key' };

describe('folds', () => {
	it('measure every row once, in parts that differ by one row at most', () => {
		const folds = foldRows(table, numbers, rows.slice(0, 28), { folds: 5, by: 'random', seed: 1 }, {});
		assert.deepEqual(
			folds.map(({ test }) => test.length),
			[6, 6, 6, 5, 5],
		);
		assert.deepEqual(
			folds.flatMap(({ test }) => [...test]).sort((a, b) => a - b),
			[...rows.slice(0, 28)],
		);
		for (const { train, test } of folds) {
			assert.equal(train.length + test.length, 28);
			assert.ok(test.every((row) => !train.includes(row)));
		}
		assert.notDeepEqual(folds, foldRows(table, numbers, rows.slice(0, 28), { folds: 5, by: 'random', seed: 2 }, {}));
	});

	it('hold the same share of each class where they are stratified', () => {
		const folds = foldRows(table, classes, rows, { folds: 3, by: 'stratified', seed: 1 }, {});
		assert.deepEqual(
			folds.map(({ test }) => [test.length, test.filter((row) => row % 5 === 0).length]),
			[
				[10, 2],
				[10, 2],
				[10, 2],
			],
		);
	});

	it('keep groups whole', () => {
		const folds = foldRows(table, numbers, rows, { folds: 3, by: 'group', seed: 1 }, columns);
		for (const { train, test } of folds) {
			const held = new Set([...test].map((row) => row % 7));
			assert.ok(train.every((row) => !held.has(row % 7)));
		}
		// 7 groups of 5, 5, 4, 4, 4, 4, 4 rows: 5, 5 and 4 apart, then the next to the smallest: 8, 9, 9, and the last one makes the 8 a 12.
		assert.deepEqual(
			folds.map(({ test }) => test.length).sort((a, b) => a - b),
			[9, 9, 12],
		);
	});

	it('roll the origin on as TimeSeriesSplit does, and keep equal times together', () => {
		const each = tableOf([numberColumn('time', [9, 8, 7, 6, 5, 4, 3, 2, 1, 0])]);
		const folds = foldRows(each, numbers, rows.slice(0, 10), { folds: 3, by: 'time', seed: 1 }, columns);
		// sklearn.model_selection.TimeSeriesSplit(3) of ten rows: 4 and 2, 6 and 2, 8 and 2; here the last row is the first in time.
		assert.deepEqual(
			folds.map(({ train, test }) => [train.length, [...test]]),
			[
				[4, [4, 5]],
				[6, [2, 3]],
				[8, [0, 1]],
			],
		);
		const equal = foldRows(table, numbers, rows, { folds: 4, by: 'time', seed: 1 }, columns);
		// Borders at 6, 12, 18, 24 and times of three rows each.
		assert.deepEqual(
			equal.map(({ train, test }) => [train.length, test.length]),
			[
				[6, 6],
				[12, 6],
				[18, 6],
				[24, 6],
			],
		);
		const between = foldRows(table, numbers, rows, { folds: 3, by: 'time', seed: 1 }, columns);
		for (const { train, test } of between) {
			const last = Math.max(...[...train].map((row) => Math.floor(row / 3)));
			assert.ok(test.every((row) => Math.floor(row / 3) > last));
		}
	});

	it('are refused where there are too few rows or groups', () => {
		const few = { folds: 9, by: 'group' as const, seed: 1 };
		assert.throws(() => foldRows(table, numbers, rows, few, columns), {
			code: 'empty_data',
			message: '30 rows cannot be parted into 9 folds by group.',
		});
		assert.throws(() => foldRows(table, numbers, rows.slice(0, 3), { ...few, by: 'random' }, {}), {
			code: 'empty_data',
		});
		assert.throws(() => foldRows(table, numbers, rows, { ...few, by: 'time' }, {}), { code: 'invalid_config' });
	});
});
