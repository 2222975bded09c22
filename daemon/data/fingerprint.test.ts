import assert from 'node:assert/strict';
import { fingerprint } from './fingerprint.ts';
import { numberColumn, stringColumn, type Table, tableOf } from './table.ts';

const digest = (table: Table) => fingerprint(table, { name: 'n', source: 's' }).digest;

describe('fingerprints', () => {
	const table = () => tableOf([numberColumn('a', [1, null, -0]), stringColumn('s', ['x', null, 'y'])]);

	it('are 32 hex digits, with schema, rows and what they are told', () => {
		const print = fingerprint(table(), { name: 'train', source: 'data/train.csv' });
		assert.match(print.digest, /^[0-9a-f]{32}$/);
		const columns = [
			{ name: 'a', type: 'double' },
			{ name: 's', type: 'string' },
		];
		assert.deepEqual(
			{ ...print, digest: '' },
			{ name: 'train', source: 'data/train.csv', digest: '', rows: 3, columns },
		);
	});

	it('are the same for the same content, however it lies in memory', () => {
		const other: Table = tableOf([
			numberColumn('a', [1, Number.NaN, 0]),
			{ kind: 'string', name: 's', type: 'string', codes: Int32Array.of(2, -1, 0), dictionary: ['y', 'unused', 'x'] },
		]);
		assert.equal(digest(other), digest(table()));
		assert.equal(fingerprint(table(), { name: 'other', source: 'elsewhere' }).digest, digest(table()));
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
