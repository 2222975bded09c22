import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '../../daemon/client/connect.ts';
import { stepsBackBy } from '../../daemon/jobs/startJob.ts';
import { type DaemonFolder, daemonFolder, jobPids, until } from './daemonFolder.ts';
import { http } from './servedFolder.ts';
import { inWords, keepAsking, winding } from './underLoad.ts';

describe('two trainings at once', function () {
	this.timeout(180_000);
	let place: DaemonFolder;
	let client: Client;
	before(async () => {
		place = daemonFolder();
		writeFileSync(join(place.root, 'rows.csv'), winding(6000));
		client = await place.connect();
	});
	after(() => place.remove());

	it('leave the gateway and the daemon to those who ask them', async () => {
		const data = join(place.root, 'rows.csv');
		await client.request('train', { data, model: 'isolation_forest', name: 'small', params: { trees: 20 } });
		await client.request('serve', { model: 'small@latest' });
		const watcher = await place.connect();
		const { serving_uri: uri } = await watcher.request('daemon/status', {});
		const authorization = `Bearer ${readFileSync(join(place.root, '.perch/token'), 'utf8').trim()}`;
		const ask = () => http(`${uri}/predict`, { body: { data: [new Array(9).fill(0.5)] }, headers: { authorization } });
		const first = await ask();
		assert.equal(first.status, 200, first.text);

		const measure = async (when: string, goesOn: () => boolean) => {
			const [gateway, daemon, own] = await Promise.all([
				keepAsking(
					async () => {
						const { status, body } = await ask();
						assert.deepEqual([status, body['predictions']], [200, first.body['predictions']]);
					},
					10,
					goesOn,
				),
				keepAsking(() => watcher.request('daemon/status', {}), 5, goesOn, place.pid()),
				keepAsking(() => pause(1), 5, goesOn),
			]);
			console.log(`      ${when}: gateway ${inWords(gateway)}`);
			console.log(`      ${when}: daemon's event loop, by how soon it tells its status: ${inWords(daemon)}`);
			console.log(`      ${when}: a wait of 1 ms in this process took ${inWords(own)}`);
		};
		const quiet = performance.now() + 1500;
		await measure('before', () => performance.now() < quiet);

		let left = 2;
		const trainings = ['one', 'two'].map((name, seed) =>
			client
				.request('train', {
					...{ data, model: 'random_forest', name, target: 'y', params: { trees: 50, seed } },
				})
				.finally(() => left--),
		);
		await until(() => jobPids(place.root).length === 2);
		const priorities = jobPids(place.root).map((pid) => getPriority(pid));
		await measure('during', () => left > 0);
		const ended = await Promise.all(trainings);
		assert.deepEqual(
			ended.map(({ run, version }) => [run.status, version?.aliases]),
			[
				['FINISHED', ['production']],
				['FINISHED', ['production']],
			],
		);
		// What makes it so: the work is done in processes that step back for all others.
		assert.deepEqual(priorities, [stepsBackBy, stepsBackBy]);
		assert.equal(getPriority(place.pid()), 0);
	});
});
