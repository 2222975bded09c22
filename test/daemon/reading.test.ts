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
