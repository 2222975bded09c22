import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkplace } from './commandLine.ts';

interface Profile {
	rows: number;
	columns: Record<string, unknown>[];
}
interface Drift {
	drift: boolean | null;
	reason: string | null;
	columns: { column: string; drift: boolean | null; reason: string | null }[];
}

describe('real data files (PERCH_REAL_DATA)', () => {
	const real = process.env['PERCH_REAL_DATA'] ?? '';
	const files = real === '' ? [] : globSync(join(real, '**/*.{csv,parquet}')).sort();
	if (files.length === 0) {
		process.stderr.write('SKIPPED real data files: set PERCH_REAL_DATA to the folder of the real data sets\n');
		it.skip('are profiled and compared');
		return;
	}
	const place = createWorkplace();
	after(() => place.end());

	for (const [index, file] of files.entries()) {
		it(`${file.slice(real.length + 1)} is profiled and compared`, () => {
			// JSON has no NaN: what is none would not parse, or be null, which a count never is.
			const profile = place.json<Profile>('profile', file);
			assert.ok(profile.rows > 0);
			for (const { column, count, nulls, distinct } of profile.columns) {
				for (const figure of [count, nulls, distinct]) assert.ok(Number.isInteger(figure), String(column));
				assert.equal(Number(count) + Number(nulls), profile.rows);
			}
			// A neighbour of the same folder, so that types differ as they do between months.
			const other = files[index + 1] ?? file;
			const folder = (path: string) => path.slice(0, path.lastIndexOf('/'));
			const current = folder(other) === folder(file) ? other : file;
			const drift = place.json<Drift>('drift', '--reference', file, '--current', current);
			if (drift.drift === null) assert.ok(drift.reason);
			for (const column of drift.columns) if (column.drift === null) assert.ok(column.reason, column.column);
			if (current === file) assert.notEqual(drift.drift, true);
		});
	}
});
