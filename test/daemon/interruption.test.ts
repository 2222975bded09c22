import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import type { Client } from '../../daemon/client/connect.ts';
import type { PerchError } from '../../daemon/protocol/errors.ts';
import { type DaemonFolder, daemonFolder, isAlive, jobPids, until } from './daemonFolder.ts';

describe('a daemon that is interrupted', () => {
	let place: DaemonFolder;
	let client: Client;
	beforeEach(async () => {
		place = daemonFolder();
		const rows = Array.from({ length: 20_000 }, (_, row) => `${Math.sin(row)},${Math.cos(row * 2)},${row % 97}`);
		writeFileSync(join(place.root, 'data.csv'), `a,b,c\n${rows.join('\n')}\n`);
		client = await place.connect();
	});
	afterEach(() => place.remove());

	/** A training that goes on for longer than any of these tests, already at work in its own process. */
	const train = async (signal?: AbortSignal) => {
		let begun = () => {};
		const atWork = new Promise<void>((resolve) => {
			begun = resolve;
		});
		const params = {
			data: join(place.root, 'data.csv'),
			model: 'isolation_forest',
			params: { trees: 10_000, sample_size: 20_000 },
		};
		const work = client.request('train', params, { signal, onProgress: () => begun() });
		work.catch(() => undefined);
		await Promise.race([atWork, work.then(() => assert.fail('it ended too early'))]);
		await until(() => jobPids(place.root).length === 1);
		return { work, job: jobPids(place.root)[0] ?? 0 };
	};
	const soundAfterwards = () => {
		const db = new Sqlite(join(place.root, '.perch/catalog.db'), { readonly: true });
		assert.equal(db.pragma('integrity_check', { simple: true }), 'ok');
		assert.deepEqual(db.pragma('foreign_key_check'), []);
		db.close();
		assert.deepEqual(readdirSync(join(place.root, '.perch/jobs')), []);
	};

	it('by kill -9 marks the run on its next start, with a sound catalog and no process left', async () => {
		const { work, job } = await train();
		await place.kill();
		await assert.rejects(work, { code: 'daemon_unavailable' });

		client = await place.connect();
		await until(() => !isAlive(job));
		const { runs } = await client.request('runs/list', {});
		assert.deepEqual(
			runs.map(({ status, tags }) => [status, tags['perch.interrupted']]),
			[['KILLED', 'true']],
		);
		assert.deepEqual((await client.request('models/list', {})).models, []);
		assert.equal((await client.request('audit/verify', {})).valid, true);
		soundAfterwards();
	});

	it('by kill -9 leaves no job at work, even when no daemon ever starts again', async () => {
		const { job } = await train();
		await place.kill();
		await until(() => !isAlive(job));
	});

	it('by a client that cancels ends the job, and the run with it', async () => {
		const abort = new AbortController();
		const { work, job } = await train(abort.signal);
		abort.abort();
		await assert.rejects(work, { code: 'cancelled' });
		assert.ok(!isAlive(job));
		const [run] = (await client.request('runs/list', {})).runs;
		assert.deepEqual([run?.status, run?.tags['perch.interrupted']], ['KILLED', undefined]);
		soundAfterwards();
	});

	it('by a client that goes away does the same', async () => {
		const { job } = await train();
		client.close();
		await until(() => !isAlive(job));
		client = await place.connect();
		await until(async () => (await client.request('runs/list', {})).runs[0]?.status === 'KILLED');
	});

	it('by the death of a job goes on, and says what happened', async () => {
		const { work, job } = await train();
		process.kill(job, 'SIGABRT');
		await assert.rejects(work, { code: 'job_failed', message: /SIGABRT/ });
		const [run] = (await client.request('runs/list', {})).runs;
		assert.equal(run?.status, 'FAILED');
		assert.equal((await client.request('daemon/status', {})).pid, place.pid());
		soundAfterwards();
	});

	it('by a stop ends its jobs first', async () => {
		const { work, job } = await train();
		const lost = assert.rejects(work, (error: PerchError) => ['cancelled', 'daemon_unavailable'].includes(error.code));
		assert.equal((await client.request('daemon/stop', {})).jobs, 1);
		await lost;
		assert.ok(!isAlive(job));
		client = await place.connect();
		assert.equal((await client.request('runs/list', {})).runs[0]?.status, 'KILLED');
	});

	it('again and again loses nothing that it acknowledged', async () => {
		const known: string[] = [];
		for (let round = 0; round < 8; round++) {
			client = await place.connect();
			client.onNotification('runs/changed', ({ subject, event }) => {
				if (event === 'run.created') known.push(subject);
			});
			const params = { data: join(place.root, 'data.csv'), model: 'isolation_forest', params: { trees: 10_000 } };
			client.request('train', params).catch(() => undefined);
			await until(() => known.length > round);
			await pause(round * 10);
			await place.kill();
		}
		client = await place.connect();
		const runs = (await client.request('runs/list', {})).runs.map(({ id, status }) => [id, status]);
		assert.deepEqual(
			runs,
			known.toReversed().map((id) => [id, 'KILLED']),
		);
		const verdict = await client.request('audit/verify', {});
		assert.equal(verdict.valid, true);
		soundAfterwards();
	});
});
