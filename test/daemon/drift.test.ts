import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../../daemon/client/connect.ts';
import type { Result } from '../../daemon/protocol/methods.ts';
import { createWorkplace } from './commandLine.ts';
import { readings, send, writeProject } from './pumps.ts';

/** 100 rows: `x` holds `from` to `from` + 49, twice, `c` is a, b, a, b, … */
function rows(from: number): string {
	return `x,c\n${Array.from({ length: 100 }, (_, row) => `${from + ((row * 37) % 50)},${'ab'[row % 2]}`).join('\n')}\n`;
}

describe('perch drift', () => {
	const place = createWorkplace();
	after(() => place.end());

	it('writes what a pull request and a build server read, and ends with 3 where that is asked for', () => {
		writeFileSync(join(place.folder, 'a.csv'), rows(0));
		writeFileSync(join(place.folder, 'b.csv'), rows(50));
		const files = ['--reference', 'a.csv', '--current', 'b.csv', '--markdown', 'out/s.md', '--junit', 'out/d.xml'];
		assert.equal(place.perch('drift', ...files, '--fail-on-drift').code, 3);
		const read = (name: string) => readFileSync(join(place.folder, 'out', name), 'utf8');
		assert.match(read('s.md'), /^### Drift found\n\n1 of 2 columns drifted \(50 %, drift from 50 % on\)\./);
		assert.match(read('d.xml'), /<testsuite .* tests="4" failures="3" errors="0" skipped="0"/);
	});

	it('does not fail on what it cannot tell', () => {
		writeFileSync(join(place.folder, 'few.csv'), 'x,c\n1,a\n2,b\n');
		const { code, stdout } = place.perch('drift', '--reference', 'a.csv', '--current', 'few.csv', '--fail-on-drift');
		assert.equal(code, 0);
		assert.match(stdout, /Cannot tell/);
	});

	it('compares means alone where perch.yaml or the call says so', () => {
		// The mean of x goes from 24.5 to 74.5.
		const expected = { x: { drift_percentage: (50 / 24.5) * 100, significant_drift: true } };
		const called = place.json<Result<'drift'>>(
			'drift',
			'--reference',
			'a.csv',
			'--current',
			'b.csv',
			'--method',
			'mean',
		);
		assert.deepEqual([called.overall_drift_detected, called.drift_indicators], [true, expected]);
		writeFileSync(
			join(place.folder, 'perch.yaml'),
			'name: homes\ndata: {source: a.csv, current: b.csv}\nmodel: {type: isolation_forest}\ndrift: {method: mean, tests: {x: {threshold: 3}}}\n',
		);
		const { drift, profile, drift_indicators } = place.json<Result<'drift'>>('drift');
		assert.deepEqual([drift, profile, drift_indicators?.['x']?.significant_drift], [false, 'mean', false]);
		assert.equal(place.refused('drift', '--method', 'mean', '--profile', 'sound').code, 2);
	});
});

describe('drift reports of a project', () => {
	const place = createWorkplace();
	after(() => place.end());
	type Runs = Result<'runs/list'>['runs'];
	const watched = (): Runs => place.json<Result<'runs/list'>>('runs', 'list', '--experiment', 'homes-monitoring').runs;

	it('are runs of the experiment that watches it, with the report as artifacts', () => {
		writeFileSync(join(place.folder, 'a.csv'), rows(0));
		writeFileSync(join(place.folder, 'b.csv'), rows(50));
		writeFileSync(
			join(place.folder, 'perch.yaml'),
			'name: homes\ndata: {source: a.csv, current: b.csv}\nmodel: {type: isolation_forest}\n',
		);
		const calm = place.json<Result<'drift'>>('drift', '--set', 'data.current=a.csv');
		const moved = place.json<Result<'drift'>>('drift');
		const [last, first] = watched();
		assert.deepEqual([first?.tags['perch.report'], last?.tags['perch.report']], [calm.id, moved.id]);
		assert.deepEqual(last?.metrics, {
			share: 0.5,
			psi_max: Math.max(...moved.columns.map(({ statistics }) => statistics.psi ?? 0)),
			'drift.x': 1,
			'drift.c': 0,
		});
		assert.deepEqual([last?.params['current'], last?.params['profile']], [join(place.folder, 'b.csv'), 'sound']);
		const { artifacts } = place.json<Result<'runs/show'>>('runs', 'show', last?.id ?? '');
		assert.deepEqual(artifacts.map(({ path }) => path).sort(), ['report.html', 'report.json']);
		const listed = place.json<Result<'drift/list'>>('drift', 'list', '--project', 'homes').reports;
		assert.deepEqual(
			listed.map(({ id, run }) => [id, run]),
			[
				[moved.id, last?.id],
				[calm.id, first?.id],
			],
		);
	});

	it('tell since when a column drifts', () => {
		const [moved] = place.json<Result<'drift/list'>>('drift', 'list').reports;
		place.json('drift');
		const { reports, columns } = place.json<Result<'drift/history'>>('drift', 'history', '--project', 'homes');
		assert.equal(reports.length, 3);
		assert.deepEqual(
			columns.map(({ column, drift, since, points }) => [column, drift, since, points.map(({ score }) => score)]),
			[
				['x', true, moved?.created_at, [0, 1, 1]],
				['c', false, null, [0, 0, 0]],
			],
		);
		const { stdout } = place.perch('drift', 'history', '--column', 'x', '--of', 'b.csv');
		assert.deepEqual(stdout.trim().split('\n').length, 3, stdout);
	});

	it('stay when their run is deleted', () => {
		const [run] = watched();
		assert.equal(place.perch('runs', 'delete', run?.id ?? '').code, 0);
		assert.equal(watched().length, 2);
		assert.equal(place.json<Result<'drift/list'>>('drift', 'list').reports.length, 3);
		assert.equal(place.json<Result<'drift/show'>>('drift', 'show', 'latest').report.drift, true);
	});
});

describe('looks at live traffic', () => {
	const place = createWorkplace();
	let client: Client;
	before(async () => {
		writeProject(place.folder, { every: 1_000_000 });
		client = await place.connect();
	});
	after(() => {
		client.close();
		place.end();
	});

	it('leave one report an hour and one more a change of verdict, and as many runs', async () => {
		const config = join(place.folder, 'perch.yaml');
		await client.request('train', { config });
		const { serving_uri } = await client.request('serve', { config });
		await client.request('train', { config });
		await send(serving_uri, 'pumps', readings(300, 3));
		const looks = [];
		for (let look = 0; look < 3; look++) {
			const { deployment } = await client.request('canary/decide', { deployment: 'pumps' });
			looks.push(deployment.last_drift?.id);
		}
		assert.equal(new Set(looks).size, 3, 'each look makes a report of its own');
		const { reports } = await client.request('drift/list', { project: 'pumps' });
		const hours = new Set(reports.map(({ created_at }) => Math.floor(created_at / 3_600_000)));
		assert.equal(reports.length, hours.size);
		assert.deepEqual([reports[0]?.id, reports[0]?.look, reports[0]?.drift], [looks[2], true, false]);
		const answered = (await (await fetch(`${serving_uri}/drift`)).json()) as { id: string; columns: unknown[] };
		assert.deepEqual([answered.id, answered.columns.length > 0], [looks[2], true]);
		assert.ok(existsSync(reports[0]?.html ?? ''));
		assert.equal(readdirSync(join(place.folder, '.perch/reports')).length, 2 * hours.size);

		await send(serving_uri, 'pumps', readings(600, 4, 3));
		const { action } = await client.request('canary/decide', { deployment: 'pumps' });
		assert.equal(action, 'rolled_back');
		const after = (await client.request('drift/list', { project: 'pumps' })).reports;
		assert.deepEqual([after.length, after[0]?.drift], [reports.length + 1, true]);
		const { runs } = await client.request('runs/list', { experiment: 'pumps-monitoring' });
		assert.deepEqual(
			runs.map(({ id }) => id),
			after.map(({ run }) => run),
		);
	});
});
