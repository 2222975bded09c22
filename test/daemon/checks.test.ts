import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkplace } from './commandLine.ts';

interface Report {
	passed: boolean;
	checks: {
		check: string;
		passed: boolean;
		failures: number;
		examples: { line: number; column: string; value: unknown }[];
	}[];
}

describe('checks of data', () => {
	const place = createWorkplace();
	const write = (name: string, text: string) => writeFileSync(join(place.folder, name), text);
	const project = (checks: string) =>
		write(
			'perch.yaml',
			`name: a\ndata: {source: rows.csv}\n${checks}model: {type: isolation_forest}\nregister: {as: a}\n`,
		);
	const rows = (last: string) => `x,s\n${Array.from({ length: 60 }, (_, i) => `${i},"s\n${i % 3}"\n`).join('')}${last}`;
	after(() => place.end());

	it('exit with 0 when they hold and with 3 and the lines when they do not', () => {
		project('checks:\n  - {column: x, type: integer, max: 100}\n  - {rows: {min: 100}, severity: warn}\n');
		write('rows.csv', rows(''));
		write('bad.csv', rows('7000,s\nmany,s\n'));
		assert.equal(place.json<Report>('check', 'rows.csv').passed, true);
		const { code, stdout } = place.perch('check', 'bad.csv', '--json');
		const { passed, checks } = JSON.parse(stdout) as Report;
		assert.deepEqual([code, passed], [3, false]);
		assert.deepEqual(
			checks.map(({ check, failures, examples }) => [
				check,
				failures,
				examples.map(({ line, value }) => [line, value]),
			]),
			[
				['x type integer', 1, [[123, 'many']]],
				[
					'x max 100',
					2,
					[
						[122, '7000'],
						[123, 'many'],
					],
				],
				['rows min 100', 1, []],
			],
		);
		assert.match(place.perch('check', 'bad.csv').stdout, /bad\.csv:123 {2}x: "many"/);
	});

	it('stop training before it starts, with exit code 3', () => {
		write('rows.csv', rows('7000,s\n'));
		const { code, error } = place.refused('train');
		assert.deepEqual([code, error.code, error.line, error.field], [3, 'validation_failed', 122, 'checks[0]']);
		assert.ok(error.file?.endsWith('rows.csv'));
		assert.deepEqual(place.json<{ runs: unknown[] }>('runs', 'list').runs, []);
		assert.deepEqual(readdirSync(join(place.folder, '.perch/jobs')), []);
	});

	it('let training go on with a warning', () => {
		write('rows.csv', rows(''));
		const { warnings } = place.json<{ warnings: string[] }>('train');
		assert.ok(warnings.includes('check "rows min 100" does not hold: The file has 60 rows.'), String(warnings));
	});

	it('hold for simulated data too', () => {
		const { code, stdout } = place.perch(
			...['check', '--json', '--set', 'data.source={simulate: {rows: 10, columns: {x: {base: 500}}}}'],
		);
		const { checks } = JSON.parse(stdout) as Report;
		assert.deepEqual([code, checks[1]?.failures], [3, 10]);
	});

	it('are proposed as a section that the file passes', () => {
		const yaml = place.perch('checks', 'infer', 'rows.csv').stdout;
		assert.match(yaml, /^checks:\n {2}- \{rows: \{min: 30, max: 120\}, severity: warn\}\n/);
		project(yaml);
		assert.equal(place.json<Report>('check').passed, true);
	});

	it('name the line of perch.yaml that is wrong', () => {
		project('checks:\n  - {rows: {min: 1}}\n  - {column: x, maximum: 5}\n');
		const unknown = place.refused('check').error;
		assert.deepEqual([unknown.code, unknown.line], ['invalid_config', 5]);
		project('checks:\n  - {rows: {min: 1}}\n  - {column: x, pattern: "("}\n');
		const pattern = place.refused('check').error;
		assert.deepEqual([pattern.code, pattern.line, pattern.field], ['invalid_config', 5, 'checks[1].pattern']);
		project('');
		assert.match(place.refused('check').error.hint ?? '', /checks infer/);
	});
});
