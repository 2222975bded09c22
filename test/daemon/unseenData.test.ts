import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { createRandom } from '../../daemon/stats/random.ts';
import { createWorkplace } from './commandLine.ts';

/** A file with what real ones hold: text, dates, an id, a constant, gaps, accents. */
function unruly(rows: number, seed: number, shift = 0): string {
	const random = createRandom(seed);
	const lines = ['id,größe,Preis €,stadt,seit,leer,immer,"mit ""Zitat"""'];
	for (let row = 0; row < rows; row++) {
		const size = row % 17 === 0 ? '' : (50 + 10 * random.normal() + shift).toFixed(2);
		const price = Math.round(200 + 30 * random.normal() + 4 * shift);
		const city = ['Köln', 'Ulm', 'Weil, am Rhein'][random.integer(3)] ?? '';
		lines.push(
			`${row + 1},${size},${price},"${city}",2024-01-${String(1 + (row % 28)).padStart(2, '0')},,7,${random.next() < 0.5}`,
		);
	}
	return `${lines.join('\n')}\n`;
}

interface Trained {
	run: { status: string; dataset: { rows: number } };
	version: { name: string; version: number; aliases: string[] };
	model: string;
	warnings: string[];
}

interface Drift {
	drift: boolean | null;
	columns: { column: string; test: string | null; drift: boolean | null; reason: string | null }[];
}

describe('a file that the project has never seen', () => {
	const place = createWorkplace();
	after(() => place.end());

	it('trains, registers, and scores one line for each line', () => {
		writeFileSync(join(place.folder, 'Häuser.csv'), unruly(600, 1));
		const trained = place.json<Trained>('train', '--data', 'Häuser.csv', '--model', 'isolation_forest');
		assert.equal(trained.run.status, 'FINISHED');
		assert.equal(trained.run.dataset.rows, 600);
		assert.deepEqual(
			[trained.version.name, trained.version.version, trained.version.aliases],
			['Häuser', 1, ['production']],
		);
		assert.ok(statSync(trained.model).size > 0);
		for (const column of ['id', 'seit', 'leer', 'immer']) {
			assert.ok(
				trained.warnings.some((warning) => warning.includes(column)),
				`no warning names ${column}: ${trained.warnings.join(' ')}`,
			);
		}
		const scored = place.json('predict', '--model', 'Häuser@latest', '--input', 'Häuser.csv', '--output', 'out.csv');
		assert.deepEqual([scored['rows'], scored['rejected']], [600, 0]);
		const [head, ...lines] = readFileSync(join(place.folder, 'out.csv'), 'utf8').trim().split('\n');
		assert.equal(head?.trim(), 'row,label,score,anomaly_score');
		assert.equal(lines.length, 600);
		for (const [index, line] of lines.entries()) {
			const [row, label, score, anomaly] = line.split(',').map(Number);
			assert.equal(row, index + 1);
			assert.ok(label === 1 || label === -1);
			assert.ok(Math.abs((score ?? 0) + (anomaly ?? 0)) < 1e-6, 'anomaly_score is −score for a forest');
		}
	});

	it('finds what drifted, gives every column a verdict or a reason, and no NaN', () => {
		writeFileSync(join(place.folder, 'a.csv'), unruly(500, 2));
		writeFileSync(join(place.folder, 'b.csv'), unruly(400, 3, 8));
		const { code, stdout } = place.perch(
			'drift',
			'--reference',
			'a.csv',
			'--current',
			'b.csv',
			'--json',
			'--html',
			'r.html',
		);
		assert.equal(code, 0);
		assert.ok(!stdout.includes('NaN'));
		const { columns } = JSON.parse(stdout) as Drift;
		const verdicts = Object.fromEntries(columns.map((column) => [column.column, column.drift]));
		assert.equal(verdicts['größe'], true);
		assert.equal(verdicts['Preis €'], true);
		assert.equal(verdicts['stadt'], false);
		assert.equal(verdicts['immer'], false);
		assert.equal(verdicts['leer'], null);
		for (const { column, drift, reason, test } of columns) {
			assert.ok(drift !== null || reason !== null, `${column} has neither verdict nor reason`);
			assert.ok(test !== null || reason !== null, `${column} has neither test nor reason`);
		}
		const html = readFileSync(join(place.folder, 'r.html'), 'utf8');
		assert.ok(html.length < 500_000, `${html.length} bytes`);
		assert.ok(!/(src|href)\s*=\s*["']?https?:/i.test(html));
	});

	it('exits with 3 on drift when asked to, and not without drift', () => {
		assert.equal(
			place.perch(
				'drift',
				'--reference',
				'a.csv',
				'--current',
				'b.csv',
				'--columns',
				'größe,Preis €',
				'--fail-on-drift',
			).code,
			3,
		);
		assert.equal(place.perch('drift', '--reference', 'a.csv', '--current', 'a.csv', '--fail-on-drift').code, 0);
	});

	it('writes a perch.yaml that trains whatever files and columns are called, and leaves out what counts the rows', () => {
		const header = ['id', '"a,b"', '"new\nline"', '"say ""hi"""', '"[x]: {y} # z"', 'null', ' lead', 'kind', 'label'];
		const random = createRandom(4);
		const lines = Array.from({ length: 200 }, (_, row) => {
			const numbers = Array.from({ length: 6 }, () => random.normal().toFixed(3));
			return [row + 1, ...numbers, ['x', 'y'][random.integer(2)], +(row % 20 === 0)].join(',');
		});
		writeFileSync(join(place.folder, 'odd {1}, #2.csv'), [header.join(','), ...lines].join('\n'));
		const made = place.json<{ file: string; warnings: string[] }>('init', 'odd {1}, #2.csv', '-o', 'odd/perch.yaml');
		assert.match(made.warnings.join(), /"id" is left out: it counts the rows/);
		const { data } = parseYaml(readFileSync(made.file, 'utf8'));
		assert.deepEqual(data, {
			source: '../odd {1}, #2.csv',
			columns: ['a,b', 'new\nline', 'say "hi"', '[x]: {y} # z', 'null', ' lead', 'kind'],
			target: 'label',
		});
		assert.equal(place.json<Trained>('train', '--config', 'odd/perch.yaml').run.status, 'FINISHED');
	});

	it('never writes its answers over its question', () => {
		const before = readFileSync(join(place.folder, 'a.csv'), 'utf8');
		place.json('train', '--data', 'a.csv', '--model', 'isolation_forest');
		const { code, error } = place.refused('predict', '--model', 'a@latest', '--input', 'a.csv', '--output', './a.csv');
		assert.deepEqual([code, error.code, error.file], [2, 'invalid_arguments', join(place.folder, 'a.csv')]);
		assert.equal(readFileSync(join(place.folder, 'a.csv'), 'utf8'), before);
		place.json('predict', '--model', 'a@latest', '--input', 'a.csv', '--output', 'new/folder/out.csv');
		assert.ok(statSync(join(place.folder, 'new/folder/out.csv')).size > 0);
	});

	it('says what is wrong with a file that no model can be made of, and what to do', () => {
		const rows = (count: number, target: (row: number) => unknown) =>
			`a,y\n${Array.from({ length: count }, (_, row) => `${row % 7},${target(row)}\n`).join('')}`;
		const cases: [text: string, code: string, message: RegExp][] = [
			['', 'empty_data', /is empty/],
			['a,y\n', 'empty_data', /has no rows/],
			[rows(1, () => 1.5), 'empty_data', /There is 1 row/],
			[rows(2, (row) => row + 0.5), 'empty_data', /none is left to measure with/],
			[rows(200, () => 'only'), 'invalid_data', /"only" in every row/],
			[rows(200, () => ''), 'invalid_data', /empty in every row/],
			[rows(900, (row) => `class ${row % 300}`), 'invalid_data', /over 100 classes/],
			[rows(200, (row) => `${row}.5e300`), 'invalid_data', /numbers of up to 3\.4e38/],
			[rows(200, (row) => `2024-01-${String(1 + (row % 28)).padStart(2, '0')}`), 'invalid_data', /holds times/],
		];
		for (const [text, code, message] of cases) {
			writeFileSync(join(place.folder, 'poor.csv'), text);
			const { error } = place.refused('train', '--data', 'poor.csv', '--model', 'linear', '--target', 'y');
			assert.equal(error.code, code, error.message);
			assert.match(error.message, message);
			assert.ok(error.hint !== undefined, error.message);
		}
	});

	it('tells which columns only one file has', () => {
		writeFileSync(join(place.folder, 'c.csv'), 'größe,neu\n1,2\n');
		const { stdout } = place.perch('drift', '--reference', 'a.csv', '--current', 'c.csv');
		assert.match(stdout, /Only in the reference: id, Preis €, stadt/);
		assert.match(stdout, /Only in the current data: neu/);
	});

	it('writes a perch.yaml for a file, which then trains', () => {
		const made = place.json<{ file: string }>('init', 'a.csv');
		assert.equal(made.file, join(place.folder, 'perch.yaml'));
		assert.equal(place.refused('init', 'a.csv').error.code, 'already_exists');
		const trained = place.json<Trained>('train');
		assert.equal(trained.version.name, 'a');
	});
});
