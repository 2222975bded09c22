import assert from 'node:assert/strict';
import { type Column, numberColumn, stringColumn, tableOf } from '../data/table.ts';
import { readLabels } from './labels.ts';

const read = (column: Column) => [...readLabels(tableOf([column]), 'y')];

describe('labels', () => {
	it('reads 0 and 1, booleans, and −1 and 1', () => {
		assert.deepEqual(read(numberColumn('y', [0, 1, null, 0], 'integer')), [0, 1, -1, 0]);
		assert.deepEqual(read(numberColumn('y', [1, 0], 'boolean')), [1, 0]);
		assert.deepEqual(read(numberColumn('y', [1, -1, null, 1])), [0, 1, -1, 0]);
	});

	it('takes a target of ones for anomalies', () => {
		assert.deepEqual(read(numberColumn('y', [1, 1])), [1, 1]);
	});

	it('refuses what may mean anything', () => {
		const wrong: Column[] = [
			numberColumn('y', [0, 1, 2]),
			numberColumn('y', [-1, 0, 1]),
			numberColumn('y', [0.5]),
			numberColumn('y', [0, 1], 'timestamp'),
			stringColumn('y', ['normal', 'attack']),
		];
		for (const column of wrong) {
			assert.throws(() => read(column), { code: 'invalid_data', message: /does not say which rows are anomalies/ });
		}
	});
});
