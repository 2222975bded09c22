import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkplace } from './commandLine.ts';

describe('files that say little of themselves', () => {
	const place = createWorkplace();
	const latin = ['--encoding', 'windows-1252'];
	before(() => {
		const rows = Array.from({ length: 120 }, (_, i) => `${i % 11},${(i * 7) % 23},${i % 2 === 0 ? 'Köln' : 'Ulm'}\n`);
		writeFileSync(join(place.folder, 'latin.csv'), Buffer.from(`größe,k,ort\n${rows.join('')}`, 'latin1'));
	});
	after(() => place.end());

	it('are refused, then read in the encoding that is named, by every command that takes one', () => {
		const { error } = place.refused('profile', 'latin.csv');
		assert.deepEqual([error.code, error.line], ['invalid_data', 1]);
		assert.match(error.message, /0xF6 at offset 2 is not UTF-8/);
		assert.match(error.hint ?? '', /--encoding windows-1252/);
		const { columns } = place.json<{ columns: { column: string }[] }>('profile', 'latin.csv', ...latin);
		assert.deepEqual(
			columns.map(({ column }) => column),
			['größe', 'k', 'ort'],
		);
		const shown = place.json<{ head: unknown[][] }>('datasets', 'show', 'latin.csv', ...latin);
		assert.equal(shown.head[0]?.[2], 'Köln');
		assert.ok(place.json<{ yaml: string }>('checks', 'infer', 'latin.csv', ...latin).yaml.includes('größe'));
		const drift = ['drift', '--reference', 'latin.csv', '--current', 'latin.csv', ...latin];
		assert.equal(place.json<{ drift: boolean }>(...drift).drift, false);
		assert.equal(place.refused('profile', 'latin.csv', '--encoding', 'klingon').error.code, 'invalid_arguments');
	});

	it('are read without the rows that do not fit, which are told and counted', () => {
		const rows = Array.from({ length: 120 }, (_, i) => `${i},${(i * 7) % 23},${(i * 5) % 13}.5`);
		const good = `id,a,b\n${rows.join('\n')}\n`;
		writeFileSync(join(place.folder, 'good.csv'), good);
		rows[10] = '10,many,0.5';
		rows[20] = '20,7';
		writeFileSync(join(place.folder, 'bad.csv'), `id,a,b\n${rows.join('\n')}\n`);
		const aside = ['--on-bad', 'quarantine'];
		const told = [
			{ file: join(place.folder, 'bad.csv'), rows: 2, quarantine: join(place.folder, 'bad.csv.quarantine.jsonl') },
		];
		const { error } = place.refused('profile', 'bad.csv');
		assert.deepEqual([error.line, /--on-bad quarantine/.test(error.hint ?? '')], [22, true]);
		const profile = place.json<{ rows: number; quarantined: unknown }>('profile', 'bad.csv', ...aside);
		assert.deepEqual([profile.rows, profile.quarantined], [118, told]);
		const lines = readFileSync(join(place.folder, 'bad.csv.quarantine.jsonl'), 'utf8').trimEnd().split('\n');
		assert.deepEqual(
			lines.map((line) => JSON.parse(line)),
			[
				{ line: 12, row: 11, column: 'a', reason: '"many" is not a whole number', text: '10,many,0.5' },
				{ line: 22, row: 21, column: null, reason: 'it has 2 values where the header names 3 columns', text: '20,7' },
			],
		);
		const warned = place.perch('profile', 'bad.csv', ...aside);
		assert.match(warned.stderr, /warning: 2 rows of .*bad\.csv were set aside/);

		const drift = place.json<{ current: { rows: number; quarantined: unknown } }>(
			...['drift', '--reference', 'good.csv', '--current', 'bad.csv', ...aside],
		);
		assert.deepEqual([drift.current.rows, drift.current.quarantined], [118, told]);
		const train = ['train', '--data', 'bad.csv', '--model', 'isolation_forest'];
		const trained = place.json<{ run: { metrics: Record<string, number> }; warnings: string[]; quarantined: unknown }>(
			...[...train, ...aside],
		);
		assert.deepEqual([trained.run.metrics['quarantined_rows'], trained.quarantined], [2, told]);
		assert.match(trained.warnings.join(' '), /2 rows of .* were set aside/);
		const predict = ['predict', '--model', 'bad@production', '--input', 'bad.csv', '--output', 'scores.csv'];
		const scored = place.json<{ rows: number; quarantined: unknown }>(...predict, ...aside);
		assert.deepEqual([scored.rows, scored.quarantined], [118, told]);
		const scores = readFileSync(join(place.folder, 'scores.csv'), 'utf8').trimEnd().split('\n');
		assert.deepEqual([scores.length, scores.slice(10, 12).map((line) => line.split(',')[0])], [119, ['10', '12']]);
	});

	it('are checked by what a project says of them', () => {
		writeFileSync(
			join(place.folder, 'typed.yaml'),
			'name: typed\ndata: {source: typed.csv, on_bad: quarantine}\nchecks:\n  - {column: n, type: integer, max: 5}\nmodel: {type: isolation_forest}\n',
		);
		writeFileSync(join(place.folder, 'typed.csv'), 'n,m\n1,1\nx,2\ny,3\n4.5,4\n\n9,5\n');
		const { code, stdout } = place.perch('check', '--config', 'typed.yaml', '--json');
		const { rows, checks, quarantined } = JSON.parse(stdout) as {
			rows: number;
			checks: { check: string; examples: { line: number; row: number; value: unknown }[] }[];
			quarantined: { rows: number }[];
		};
		assert.deepEqual([code, rows, quarantined[0]?.rows], [3, 2, 3]);
		const failed = checks.find(({ check }) => check === 'n max 5')?.examples[0];
		assert.deepEqual([failed?.line, failed?.row, failed?.value], [7, 5, 9]);
	});

	it('are named once in perch.yaml', () => {
		place.json('init', 'latin.csv', ...latin);
		const file = join(place.folder, 'perch.yaml');
		assert.match(readFileSync(file, 'utf8'), /^ {2}encoding: windows-1252$/m);
		writeFileSync(file, `${readFileSync(file, 'utf8')}\nchecks: [{column: ort, allowed: [Köln], severity: warn}]\n`);
		const { checks } = place.json<{ checks: { examples: { line: number; value: string }[] }[] }>('check');
		assert.deepEqual(checks[0]?.examples[0], { ...checks[0]?.examples[0], line: 3, value: 'Ulm' });
		place.json('train');
		const predict = ['predict', '--model', 'latin@production', '--input', 'latin.csv', '--output', 'scores.csv'];
		assert.equal(place.refused(...predict).error.code, 'invalid_data');
		assert.equal(place.json<{ rows: number }>(...predict, ...latin).rows, 120);
		assert.equal(place.refused('train', '--set', 'data.encoding=utf-8').error.line, 1);
	});
});
