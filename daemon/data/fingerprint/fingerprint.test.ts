import assert from 'node:assert/strict';
import { numberColumn, stringColumn, type Table, tableOf } from '../table.ts';
import { fingerprint } from './fingerprint.ts';

const digest = (table: Table) => fingerprint(table).digest;

describe('fingerprints', () => {
	const table = () => tableOf([numberColumn('a', [1, null, -0]), stringColumn('s', ['x', null, 'y'])]);

	it('are 32 hex digits, with the rows and what can be said of each column', () => {
		const print = fingerprint(table());
		assert.match(print.digest, /^[0-9a-f]{32}$/);
		const [a, s] = print.columns;
		assert.match(a?.digest ?? '', /^[0-9a-f]{64}$/);
		const none = { mean: null, std: null, min: null, max: null };
		assert.deepEqual(print.rows, 3);
		// 1 and 0: mean 1/2, deviation sqrt((1/4 + 1/4) / 1).
		const figures = { nulls: 1, distinct: null, mean: 0.5, std: Math.SQRT1_2, min: 0, max: 1 };
		assert.deepEqual(a, { name: 'a', type: 'double', digest: a?.digest, ...figures });
		assert.deepEqual(s, { name: 's', type: 'string', digest: s?.digest, nulls: 1, distinct: 2, ...none });
	});

	it('say nothing of the moments of times, of nothing, and of sums beyond all doubles', () => {
		const day = 86_400_000;
		const { columns } = fingerprint(
			tableOf([
				numberColumn('d', [0, day], 'date'),
				numberColumn('empty', [null, null]),
				numberColumn('huge', [1.7e308, 1.7e308]),
			]),
		);
		assert.deepEqual(
			columns.map(({ nulls, mean, std, min, max }) => [nulls, mean, std, min, max]),
			[
				[0, null, null, '1970-01-01', '1970-01-02'],
				[2, null, null, null, null],
				[0, null, 0, 1.7e308, 1.7e308],
			],
		);
	});

	it('are the same for the same content, however it lies in memory', () => {
		const other: Table = tableOf([
			numberColumn('a', [1, Number.NaN, 0]),
			{ kind: 'string', name: 's', type: 'string', codes: Int32Array.of(2, -1, 0), dictionary: ['y', 'unused', 'x'] },
		]);
		assert.equal(digest(other), digest(table()));
	});

	it('differ with any value, name, type or order', () => {
		const others: Table[] = [
			tableOf([numberColumn('a', [1, null, 2]), stringColumn('s', ['x', null, 'y'])]),
			tableOf([numberColumn('a', [1, null, 0]), stringColumn('s', ['x', 'x', 'y'])]),
			tableOf([numberColumn('a', [1, null, 0]), stringColumn('s', ['x', null, 'z'])]),
			tableOf([numberColumn('a', [1, null, 0]), stringColumn('s', ['y', null, 'x'])]),
			tableOf([numberColumn('b', [1, null, 0]), stringColumn('s', ['x', null, 'y'])]),
			tableOf([numberColumn('a', [1, null, 0], 'integer'), stringColumn('s', ['x', null, 'y'])]),
			tableOf([stringColumn('s', ['x', null, 'y']), numberColumn('a', [1, null, 0])]),
			tableOf([numberColumn('a', [1, null]), stringColumn('s', ['x', null])]),
		];
		assert.equal(new Set([...others, table()].map(digest)).size, others.length + 1);
	});
});
