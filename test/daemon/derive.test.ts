import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkplace } from './commandLine.ts';

/** Trips of one month: every tenth takes no time, and the last began in another month. */
function trips(month: string, rows: number, longer = 0): string {
	const lines = ['pickup,dropoff,kind,fare'];
	for (let row = 0; row < rows; row++) {
		const start = row === rows - 1 ? Date.UTC(2009, 0, 1) : Date.parse(`${month}-01T00:00:00Z`) + row * 600_000;
		const minutes = row % 10 === 9 ? 0 : 5 + ((row * 7) % 23) + longer;
		const time = (at: number) => new Date(at).toISOString();
		lines.push(`${time(start)},${time(start + minutes * 60_000)},${'ab'[row % 2]},${3 + (row % 40)}`);
	}
	return `${lines.join('\n')}\n`;
}

const project = `name: trips
data:
  source: trips_{month}.csv
  months: 2024-01..2024-02
  test: trips_2024-03.csv
  current: trips_2024-03.csv
  derive:
    duration: date_diff('second', pickup, dropoff) / 60
  filter: duration >= 1 AND strftime(pickup, '%Y-%m') = regexp_extract(filename, '[0-9]{4}-[0-9]{2}')
prepare:
  - parse: {column: pickup, as: calendar, parts: [hour]}
  - parse: {column: kind, as: category}
checks:
  - {column: duration, max: 60}
model: {type: isolation_forest, params: {trees: 20}}
register: {as: trips}
`;

interface Report {
	reference: { rows: number; filtered: number };
	current: { rows: number; filtered: number };
	columns: { column: string; drift: boolean | null }[];
}

describe('derived columns and filtered rows', () => {
	const place = createWorkplace();
	const write = (name: string, text: string) => writeFileSync(join(place.folder, name), text);
	before(() => {
		write('trips_2024-01.csv', trips('2024-01', 201));
		write('trips_2024-02.csv', trips('2024-02', 101));
		write('trips_2024-03.csv', trips('2024-03', 301, 12));
		write('perch.yaml', project);
	});
	after(() => place.end());

	it('are what a model is trained and measured on, and the run says what was left out', () => {
		const { run, warnings, model } = place.json<{
			run: { params: Record<string, string>; dataset: { rows: number } };
			warnings: string[];
			model: string;
		}>('train');
		const told = warnings.filter((text) => text.includes('data.filter'));
		// In each month every tenth trip, and the one of 2009.
		assert.match(told[0] ?? '', /leaves out 32 of the 302 rows of .*trips_\{2024-01\.\.2024-02\}\.csv/);
		assert.match(told[1] ?? '', /leaves out 31 of the 301 rows of .*trips_2024-03\.csv/);
		assert.equal(run.dataset.rows, 302, 'the dataset is what the files hold');
		assert.equal(run.params['data.derive.duration'], "date_diff('second', pickup, dropoff) / 60");
		assert.match(run.params['data.filter'] ?? '', /^duration >= 1/);
		const text = readFileSync(model).toString('latin1');
		assert.match(text, /"name":"duration","type":"float"/);
	});

	it('are compared, in files and against the training rows', () => {
		for (const reference of [[], ['--reference', 'training']]) {
			const report = place.json<Report>('drift', ...reference);
			assert.deepEqual([report.current.rows, report.current.filtered], [270, 31]);
			assert.equal(report.reference.rows, 270);
			assert.equal(report.columns.find(({ column }) => column === 'duration')?.drift, true);
			assert.equal(report.columns.find(({ column }) => column === 'fare')?.drift, false);
		}
		assert.match(place.perch('drift').stdout, /270 rows, 32 left out by data\.filter.*270 rows, 31 left out/);
	});

	it('are computed again for raw rows that are scored, each of which is answered', () => {
		const score = (...more: string[]) =>
			place.perch('predict', '--model', 'trips@latest', '--output', 'out.csv', ...more);
		const { code, stderr } = score('--input', 'trips_2024-03.csv');
		assert.equal(code, 0, stderr);
		const answers = () => readFileSync(join(place.folder, 'out.csv'), 'utf8');
		const ofRaw = answers();
		assert.equal(ofRaw.trim().split('\n').length, 302);
		const [head, ...lines] = readFileSync(join(place.folder, 'trips_2024-03.csv'), 'utf8').trim().split('\n');
		const withDuration = lines.map((line) => {
			const [pickup = '', dropoff = '', ...rest] = line.split(',');
			return [pickup, rest.join(), (Date.parse(dropoff) - Date.parse(pickup)) / 60_000].join();
		});
		write('computed.csv', `${[head?.replace('dropoff,', '').concat(',duration'), ...withDuration].join('\n')}\n`);
		assert.equal(score('--input', 'computed.csv').code, 0);
		assert.equal(answers(), ofRaw, 'a file that has the column and not what it is made of says the same');

		write('neither.csv', 'pickup,kind,fare\n2024-03-01T00:00:00Z,a,3\n');
		const error = place.refused(
			'predict',
			'--model',
			'trips@latest',
			'--input',
			'neither.csv',
			'--output',
			'x.csv',
		).error;
		assert.equal(error.code, 'unknown_column');
		assert.match(error.message, /no column "duration", and no "dropoff" to derive it from/);
		assert.match(error.hint ?? '', /date_diff\('second', pickup, dropoff\) \/ 60/);
	});

	it('are checked, and failures name the line of the file', () => {
		const passed = place.json<{ rows: number; filtered: number }>('check');
		assert.deepEqual([passed.rows, passed.filtered], [270, 32]);
		const { code, stdout } = place.perch(
			...['check', '--json', '--set', 'checks=[{column: duration, max: 26}]', '--set', 'data.months=2024-01..2024-01'],
		);
		assert.equal(code, 3);
		const [check] = (JSON.parse(stdout) as { checks: { examples: { row: number; line: number; value: number }[] }[] })
			.checks;
		const lines = readFileSync(join(place.folder, 'trips_2024-01.csv'), 'utf8').split('\n');
		for (const { row, line, value } of check?.examples ?? []) {
			const [pickup = '', dropoff = ''] = (lines[line - 1] ?? '').split(',');
			assert.equal((Date.parse(dropoff) - Date.parse(pickup)) / 60_000, value);
			assert.equal(line, row + 1);
		}
		assert.ok((check?.examples.length ?? 0) > 5);
	});

	it('name the line of a cell that cannot be parsed, among the rows that are left', () => {
		write('bad_2024-01.csv', trips('2024-01', 60).replace('T08:10:00.000Z', ', 10 past 8'.slice(1)));
		const bad = ['--set', 'data.source=bad_{month}.csv', '--set', 'data.months=2024-01..2024-01', '--set', 'checks=[]'];
		const only = ['--set', 'data.derive={}', '--set', 'data.filter=fare > 10'];
		const { error } = place.refused('train', ...bad, ...only);
		assert.equal(error.code, 'invalid_data', error.message);
		assert.equal(error.line, 51);
		assert.match(error.message, /bad_2024-01\.csv:51: "pickup" is "2024-01-01 10 past 8": no date or time/);
	});

	it('are refused at the line of perch.yaml', () => {
		const wrong = (setting: string) => place.refused('train', '--set', setting).error;
		const derive = wrong("data.derive.duration=(SELECT 1 FROM 'other.csv')");
		assert.deepEqual([derive.code, derive.line, derive.field], ['invalid_config', 8, 'data.derive.duration']);
		assert.ok(derive.file?.endsWith('perch.yaml'));
		const filter = wrong('data.filter=lenght > 1');
		assert.deepEqual([filter.code, filter.line], ['invalid_config', 9]);
		assert.match(filter.message, /no column "lenght"/);
		assert.match(wrong('data.filter=" "').message, /must be an expression/);
	});
});
