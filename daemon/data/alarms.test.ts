import assert from 'node:assert/strict';
import { alarmRows, createAlarms } from './alarms.ts';
import { numberColumn, stringColumn, tableOf } from './table.ts';

describe('alarms of several rows', () => {
	it('hold while enough of the last rows were beyond, and count those that there are', () => {
		const alarms = createAlarms({ k: 2, n: 3 });
		// Of the last three: 1, 1, 2, 2, 2, 1, 0, 1.
		const beyond = [1, 0, 1, 1, 0, 0, 0, 1];
		assert.deepEqual(
			beyond.map((one) => +alarms.next('a', one === 1)),
			[0, 0, 1, 1, 1, 0, 0, 0],
		);
		assert.equal(alarms.next('b', true), false);
		assert.deepEqual(
			[1, 0, 1].map((one) => createAlarms({ k: 1, n: 1 }).next('', one === 1)),
			[true, false, true],
		);
	});

	it('go by the series and the time of rows, and pass over those of which nothing is known', () => {
		const table = tableOf([
			stringColumn('key', ['a', 'b', 'a', 'a', 'b', 'a']),
			numberColumn('at', [4, 1, 1, 2, 2, 3], 'timestamp'),
		]);
		// a in its order: rows 2 (beyond), 3 (unknown), 5 (beyond), 0; b: rows 1 and 4, one of them beyond.
		const beyond = [false, true, true, null, false, true];
		const flags = alarmRows(
			table,
			{ key: 'key', time: 'at' },
			createAlarms({ k: 2, n: 2 }),
			(row) => beyond[row] ?? null,
		);
		assert.deepEqual([...flags], [0, 0, 0, 0, 0, 1]);
		const together = alarmRows(table, {}, createAlarms({ k: 2, n: 2 }), (row) => beyond[row] ?? null);
		// In the order of the table: rows 1 and 2 are two in a row, and row 3 is passed over.
		assert.deepEqual([...together], [0, 0, 1, 0, 0, 0]);
	});
});
