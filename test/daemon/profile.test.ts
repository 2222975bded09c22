import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkplace } from './commandLine.ts';

describe('perch profile', () => {
	const place = createWorkplace();
	after(() => place.end());

	it('describes the columns of a file and leaves nothing behind', () => {
		writeFileSync(join(place.folder, 'a.csv'), 'x,s\n1,a\n3,b\n3,b\n');
		const { rows, duplicates, columns } = place.json<{
			rows: number;
			duplicates: number;
			columns: Record<string, unknown>[];
		}>('profile', 'a.csv');
		assert.deepEqual([rows, duplicates], [3, 1]);
		assert.deepEqual(
			columns.map(({ column, type, count, nulls, distinct, min, max }) => [
				column,
				type,
				count,
				nulls,
				distinct,
				min,
				max,
			]),
			[
				['x', 'integer', 3, 0, 2, 1, 3],
				['s', 'string', 3, 0, 2, null, null],
			],
		);
		assert.deepEqual(readdirSync(join(place.folder, '.perch/jobs')), []);
	});

	it('tells a person the same', () => {
		const { code, stdout } = place.perch('profile', 'a.csv');
		assert.equal(code, 0);
		assert.match(stdout, /x\s+integer/);
		assert.match(stdout, /3 rows, 2 columns, 1 repeated rows/);
	});

	it('refuses an empty file', () => {
		writeFileSync(join(place.folder, 'empty.csv'), '');
		const { code, error } = place.refused('profile', 'empty.csv');
		assert.deepEqual([code, error.code], [1, 'empty_data']);
	});
});
