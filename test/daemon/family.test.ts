import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkplace } from './commandLine.ts';

describe('files of a family', () => {
	const place = createWorkplace();
	const months = ['2023-12', '2024-01'];
	before(() => {
		for (const [index, month] of months.entries()) {
			const rows = Array.from({ length: 80 }, (_, i) => `${i + 0.5 * index},${i % 7}\n`);
			writeFileSync(join(place.folder, `trips_${month}.csv`), `x,k\n${rows.join('')}${index === 1 ? '900,3\n' : ''}`);
		}
		writeFileSync(
			join(place.folder, 'perch.yaml'),
			'name: trips\ndata: {source: "trips_{month}.csv", months: 2023-12..2024-01}\nchecks:\n  - {column: x, max: 100, severity: warn}\nmodel: {type: isolation_forest}\nregister: {as: trips}\n',
		);
	});
	after(() => place.end());

	it('are trained on together, and the changes of their columns are told', () => {
		const { run, warnings } = place.json<{ run: { dataset: { rows: number } }; warnings: string[] }>('train');
		assert.equal(run.dataset.rows, 161);
		assert.ok(
			warnings.some((text) => /"x" differs.*integer in trips_2023-12\.csv; double in trips_2024-01\.csv/.test(text)),
		);
	});

	it('are checked with the file and the line of each failure', () => {
		const { checks } = place.json<{
			checks: { examples: { file: string; line: number; row: number; value: unknown }[] }[];
		}>('check');
		const [example] = checks[0]?.examples ?? [];
		assert.ok(example?.file.endsWith('trips_2024-01.csv'));
		assert.deepEqual([example?.line, example?.row, example?.value], [82, 81, 900]);
	});

	it('are profiled and compared by a pattern', () => {
		assert.equal(place.json<{ rows: number }>('profile', 'trips_*.csv').rows, 161);
		const { reference, columns } = place.json<{
			reference: { rows: number };
			columns: { column: string; notes: string[] }[];
		}>(...['drift', '--reference', 'trips_{2023-12..2024-01}.csv', '--current', 'trips_2024-01.csv']);
		assert.equal(reference.rows, 161);
		assert.match(columns.find(({ column }) => column === 'x')?.notes.join(' ') ?? '', /differs from file to file/);
	});

	it('say which month is missing, and that months belong to a template', () => {
		const missing = place.refused('train', '--set', 'data.months=2024-01..2024-02').error;
		assert.equal(missing.code, 'file_not_found');
		assert.ok(missing.file?.endsWith('trips_2024-02.csv'));
		assert.equal(place.refused('train', '--set', 'data.source=trips_2024-01.csv').error.field, 'data.months');
	});
});
