import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkplace } from './commandLine.ts';

interface Profile {
	rows: number;
	columns: { column: string; type: string }[];
}
interface Drift {
	drift: boolean | null;
	columns: { column: string }[];
}

describe('hostile files', () => {
	const place = createWorkplace();
	after(() => place.end());
	const write = (name: string, text: string) => writeFileSync(join(place.folder, name), text);
	const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

	/** Profile and drift against itself, and the HTML of both. */
	function look(name: string): { profile: Profile; drift: Drift; pages: string[] } {
		const profile = place.json<Profile>('profile', name, '--html', 'profile.html');
		const drift = place.json<Drift>('drift', '--reference', name, '--current', name, '--html', 'drift.html');
		const pages = ['profile.html', 'drift.html'].map((page) => readFileSync(join(place.folder, page), 'utf8'));
		return { profile, drift, pages };
	}

	it('with names and cells that are script, formulas, marks of direction and thousands of characters', () => {
		const names = [
			'</script><script>alert(1)</script>',
			'<!--',
			'=cmd()',
			'\u202egnp.exe',
			'x'.repeat(10_000),
			'__proto__',
		];
		const cells = ['</script><img src=x onerror=alert(1)>', '=1+1', '\u200f\u202e', '\u2028', 'y'.repeat(10_000)];
		const rows = Array.from({ length: 60 }, (_, row) =>
			names.map((_name, at) => (at === 5 ? String(row % 7) : quoted(cells[(row + at) % cells.length] ?? ''))).join(','),
		);
		write('marks.csv', `${names.map(quoted).join(',')}\n${rows.join('\n')}\n`);
		const { profile, drift, pages } = look('marks.csv');
		assert.deepEqual(
			profile.columns.map(({ column }) => column),
			names,
		);
		assert.equal(drift.drift, false);
		assert.equal(drift.columns.length, names.length);
		for (const page of pages) {
			assert.ok(!page.includes('<script>alert') && !page.includes('<img src=x'), 'nothing of the file is markup');
		}
		place.json('checks', 'infer', 'marks.csv');
	});

	it('with no row and with one', () => {
		write('none.csv', 'a,b\n');
		for (const command of [
			['profile', 'none.csv'],
			['checks', 'infer', 'none.csv'],
			['drift', '--reference', 'none.csv', '--current', 'none.csv'],
		]) {
			assert.equal(place.refused(...command).error.code, 'empty_data');
		}
		write('one.csv', 'a,b,c\n1,x,\n');
		const { profile, drift } = look('one.csv');
		assert.equal(profile.rows, 1);
		assert.equal(drift.drift, null, 'one row tells nothing');
	});

	it('with 5,000 columns', () => {
		const names = Array.from({ length: 5000 }, (_, index) => `c${index}`);
		const rows = Array.from({ length: 30 }, (_, row) =>
			names
				.map((_name, index) => (index % 4 === 0 ? 'abc'[(row + index) % 3] : String((row * 37 + index) % 29)))
				.join(','),
		);
		write('wide.csv', `${names.join(',')}\n${rows.join('\n')}\n`);
		const drift = place.json<Drift>('drift', '--reference', 'wide.csv', '--current', 'wide.csv');
		assert.deepEqual([drift.columns.length, drift.columns[4999]?.column], [5000, 'c4999']);
		assert.equal(drift.drift, false);
	}).timeout(120_000);
});
