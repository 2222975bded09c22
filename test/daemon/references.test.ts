import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../../daemon/client/connect.ts';
import type { Result } from '../../daemon/protocol/methods.ts';
import { createWorkplace } from './commandLine.ts';
import { readings, send, writeProject } from './pumps.ts';

type Report = Result<'drift'>;

/** Rows an hour apart from the first of a month on, `x` around `mean`; and one of 2008, as such files have. */
function month(name: string, mean: number): string {
	const start = Date.parse(`${name}-01T00:00Z`);
	const lines = Array.from({ length: 600 }, (_, row) => {
		return `${new Date(start + row * 3_600_000).toISOString().slice(0, 19)},${mean + ((row * 37) % 50) / 10}`;
	});
	return `pickup,x\n2008-12-31T00:00:00,${mean}\n${lines.join('\n')}\n`;
}

describe('references by time', () => {
	const place = createWorkplace();
	before(() => {
		for (const [name, mean] of [
			['2022-01', 0],
			['2022-02', 10],
			['2023-01', 0],
		] as const) {
			writeFileSync(join(place.folder, `trips_${name}.csv`), month(name, mean));
		}
		writeFileSync(
			join(place.folder, 'perch.yaml'),
			`name: trips
data: {source: "trips_{month}.csv", months: 2022-01..2022-02, time: pickup, current: trips_2023-01.csv}
model: {type: isolation_forest}
drift: {reference: same_month_last_year}
`,
		);
	});
	after(() => place.end());

	it('take the same month of last year, from its file alone, and say why', () => {
		const { drift, reference, current } = place.json<Report>('drift');
		assert.deepEqual([drift, reference.name, reference.rows], [false, join(place.folder, 'trips_2022-01.csv'), 600]);
		assert.equal(current.rows, 601);
		assert.match(reference.why ?? '', /current data are of 2023-01, these rows of 2022-01\.$/);
		assert.equal(place.json<Report>('drift', '--reference', 'training').reference.rows, 1202, 'both months');
	});

	it('take the same hours of the week before', () => {
		const monday = '2022-02-21';
		const rows = Array.from({ length: 60 }, (_, row) => `${monday}T09:${String(row).padStart(2, '0')}:00,${row % 7}`);
		writeFileSync(join(place.folder, 'monday.csv'), `pickup,x\n${rows.join('\n')}\n`);
		const { reference } = place.json<Report>('drift', '--reference', 'same_hours', '--current', 'monday.csv');
		// Mondays at nine in 600 hours from January and February 1 on, before February 21: Jan 3, 10, 17, 24 and Feb 7, 14.
		assert.equal(reference.rows, 6);
		assert.match(reference.why ?? '', /^same_hours: .* in the same hours of the week\.$/);
		assert.equal(reference.dataset?.name, 'trips', 'the whole that they are taken from');
		assert.equal(reference.digest, reference.dataset?.digest);
	});

	it('are refused where no row is of that time, nothing tells the time, or nothing is served', () => {
		const none = place.refused('drift', '--set', 'data.current=trips_2022-01.csv');
		assert.deepEqual([none.error.code, none.error.file], ['file_not_found', join(place.folder, 'trips_2021-01.csv')]);
		const timeless = place.refused('drift', '--set', 'data.time=null');
		assert.deepEqual([timeless.error.code, timeless.error.field], ['invalid_arguments', 'data.time']);
		const idle = place.refused('drift', '--reference', 'production:7d');
		assert.match(idle.error.message, /no logged traffic/);
		const wrong = place.refused('drift', '--set', 'drift.reference=production:week');
		assert.deepEqual([wrong.code, wrong.error.field], [2, 'drift.reference']);
	});

	describe('of logged traffic', () => {
		const served = createWorkplace();
		let client: Client;
		before(async () => {
			writeProject(served.folder, { every: 1_000_000 });
			client = await served.connect();
		});
		after(() => {
			client.close();
			served.end();
		});

		it('take what came before the candidate was tried', async () => {
			const config = join(served.folder, 'perch.yaml');
			await client.request('train', { config });
			const { serving_uri } = await client.request('serve', { config });
			await send(serving_uri, 'pumps', readings(200, 3, 3));
			await client.request('train', { config });
			await send(serving_uri, 'pumps', readings(300, 4, 3));
			// Against the training rows all is worn; against the traffic before nothing has changed.
			assert.equal((await client.request('drift', { config })).drift, true);
			for (const reference of ['production:7d', 'same_hours']) {
				const report = await client.request('drift', { config, reference });
				const { rows, name, why } = report.reference;
				if (reference === 'production:7d') assert.equal(rows, 200);
				assert.deepEqual([report.drift, name, report.current.rows], [false, 'production', 300], reference);
				assert.ok(why?.startsWith(`${reference}: `), why);
			}
		});
	});
});

describe('chunks of the current data', () => {
	const place = createWorkplace();
	after(() => place.end());

	it('are followed by time and by rows, from the call and from perch.yaml', () => {
		writeFileSync(join(place.folder, 'old.csv'), month('2022-01', 0));
		// 25 days: x jumps by 3 after the twentieth.
		const lines = month('2022-02', 0).split('\n').slice(2, 602);
		const moved = lines.map((line, row) => (row < 480 ? line : line.replace(/,(.*)$/, (_, x) => `,${Number(x) + 3}`)));
		writeFileSync(join(place.folder, 'new.csv'), `pickup,x\n${moved.join('\n')}\n`);
		const files = ['--reference', 'old.csv', '--current', 'new.csv'];
		const byTime = place.json<Report>('drift', ...files, '--chunks', '1d', '--time', 'pickup').chunks ?? assert.fail();
		assert.deepEqual([byTime.by, byTime.size, byTime.left_out, byTime.chunks.length], ['time', 86_400_000, 0, 25]);
		assert.deepEqual(byTime.chunks[0], { from: Date.UTC(2022, 1, 1), to: Date.UTC(2022, 1, 2), rows: 24 });
		const [x, ...others] = byTime.columns;
		assert.deepEqual([x?.column, others, x?.beyond], ['x', [], 5]);
		assert.ok(x?.distance.every((value, day) => (value ?? 0) > (x.limit[day] ?? 0) === day >= 20));

		const config = `name: trips\ndata: {source: old.csv, time: pickup, current: new.csv}\nmodel: {type: isolation_forest}\ndrift: {chunks: 120}\n`;
		writeFileSync(join(place.folder, 'perch.yaml'), config);
		const byRows = place.json<Report>('drift').chunks ?? assert.fail();
		assert.deepEqual(
			byRows.chunks.map(({ from, to }) => [from, to]),
			[1, 121, 241, 361, 481].map((from) => [from, from + 119]),
		);
		assert.deepEqual([byRows.columns[0]?.beyond, byRows.columns[0]?.pieces], [1, 5]);
		assert.deepEqual(place.refused('drift', '--chunks', '5').code, 2);
		assert.match(place.refused('drift', '--chunks', '1m').error.message, /cut into \d+ chunks/);
	});
});
