import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Result } from '../../daemon/protocol/methods.ts';
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

	it('writes a page of its own, and keeps the last one of each file', () => {
		const asked = place.json<{ html: string }>('profile', 'a.csv', '--html', 'out/a.html');
		assert.equal(asked.html, join(place.folder, 'out/a.html'));
		const { html } = place.json<{ html: string }>('profile', 'a.csv');
		assert.equal(html.startsWith(join(place.folder, '.perch/profiles/')), true);
		assert.match(readFileSync(html, 'utf8'), /<title>Profile: .*a\.csv<\/title>/);
		assert.equal(readdirSync(dirname(html)).length, 3, 'JSON, page and summary');
	});

	it('knows an unchanged file again, and what version of a dataset it is', async () => {
		const path = join(place.folder, 'old.csv');
		writeFileSync(path, 'x,y\n1,2\n3,4\n');
		// A file may change unseen within the time that its last change is told by.
		await setTimeout(2100);
		const first = place.json<Result<'profile'>>('profile', 'old.csv');
		assert.equal(first.dataset, null);
		const drift = place.json<Result<'drift'>>('drift', '--reference', 'old.csv', '--current', 'a.csv');
		const again = place.json<Result<'profile'>>('profile', 'old.csv');
		assert.deepEqual(again, { ...first, dataset: drift.reference.dataset });
		writeFileSync(path, 'x,y\n1,2\n3,5\n');
		const changed = place.json<Result<'profile'>>('profile', 'old.csv');
		assert.deepEqual([changed.dataset, changed.columns[1]?.max], [null, 5]);
	});

	it('refuses an empty file', () => {
		writeFileSync(join(place.folder, 'empty.csv'), '');
		const { code, error } = place.refused('profile', 'empty.csv');
		assert.deepEqual([code, error.code], [1, 'empty_data']);
	});
});
