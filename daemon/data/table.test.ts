import assert from 'node:assert/strict';
import { isPerchError } from '../protocol/errors.ts';
import {
	cellOf,
	columnOf,
	concatTables,
	countNulls,
	isoTime,
	numberColumn,
	selectColumns,
	stringColumn,
	type Table,
	tableOf,
	takeRows,
} from './table.ts';

function column(table: Table, name: string) {
	const found = columnOf(table, name);
	return Array.from({ length: table.rows }, (_, row) => cellOf(found, row));
}

describe('tables', () => {
	const table = tableOf([
		numberColumn('n', [1, null, 3], 'integer'),
		stringColumn('s', ['x', 'y', null]),
		numberColumn('b', [1, 0, null], 'boolean'),
	]);

	it('name the known columns when one is unknown', () => {
		assert.throws(
			() => selectColumns(table, ['n', 'z']),
			(error: unknown) =>
				isPerchError(error) && error.code === 'unknown_column' && /"n", "s", "b"/.test(error.detail.hint ?? ''),
		);
	});

	it('refuse columns of unequal length', () => {
		assert.throws(() => tableOf([numberColumn('a', [1]), numberColumn('b', [])]), /0 rows, not 1/);
	});

	it('take rows in any order, more than once', () => {
		const taken = takeRows(table, Uint32Array.of(2, 0, 0));
		assert.deepEqual(column(taken, 'n'), [3, 1, 1]);
		assert.deepEqual(column(taken, 's'), [null, 'x', 'x']);
		assert.deepEqual(column(taken, 'b'), [null, true, true]);
	});

	it('go below one another by name, whatever their dictionaries and order of columns', () => {
		const other = tableOf([
			stringColumn('s', ['y', 'z']),
			numberColumn('b', [1, 1], 'boolean'),
			numberColumn('n', [0.5, null]),
		]);
		const both = concatTables([table, other]);
		assert.deepEqual(column(both, 'n'), [1, null, 3, 0.5, null]);
		assert.deepEqual(column(both, 's'), ['x', 'y', null, 'y', 'z']);
		assert.deepEqual(
			both.columns.map(({ type }) => type),
			['double', 'string', 'boolean'],
		);
		assert.deepEqual(concatTables([]), { rows: 0, columns: [] });
	});

	it('take a column that is empty in one part for what it is in the other, and refuse text below numbers', () => {
		const empty = tableOf([numberColumn('s', [null, null])]);
		assert.deepEqual(column(concatTables([empty, tableOf([stringColumn('s', ['x'])])]), 's'), [null, null, 'x']);
		assert.throws(
			() => concatTables([tableOf([numberColumn('s', [1])]), tableOf([stringColumn('s', ['x'])])]),
			/text in one part/,
		);
	});

	it('count nulls and show cells', () => {
		assert.deepEqual(table.columns.map(countNulls), [1, 1, 1]);
		assert.equal(cellOf(numberColumn('d', [86_400_000], 'date'), 0), '1970-01-02');
	});

	it('show times to the microsecond, before 1970 and beyond what a Date holds', () => {
		assert.equal(isoTime(0), '1970-01-01T00:00:00.000Z');
		assert.equal(isoTime(1.25), '1970-01-01T00:00:00.001250Z');
		assert.equal(isoTime(-0.5), '1969-12-31T23:59:59.999500Z');
		assert.equal(isoTime(1e18), '+275760-09-13T00:00:00.000Z');
	});
});
