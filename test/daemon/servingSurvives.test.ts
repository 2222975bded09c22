import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '../../daemon/client/connect.ts';
import { createWorkplace } from './commandLine.ts';
import { eventually } from './servedFolder.ts';

interface Status {
	pid: number;
	serving_uri: string;
}

const isRunning = (pid: number): boolean => {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
};

describe('kill -9 of perchd', () => {
	const place = createWorkplace('vitalwatch');
	after(() => place.end());

	it('while it serves: not one request fails, and the next daemon adopts the gateway', async () => {
		place.json('train');
		place.json('serve');
		const before = place.json<Status>('daemon', 'start');
		const info = (await (await fetch(`${before.serving_uri}/model/info`)).json()) as { inputs: { name: string }[] };
		const body = JSON.stringify({ data: [info.inputs.map(() => 1)] });
		let asked = 0;
		const failures: string[] = [];
		let done = false;
		const traffic = (async () => {
			while (!done) {
				const answer = await fetch(`${before.serving_uri}/predict`, {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body,
				});
				asked++;
				if (!answer.ok) failures.push(await answer.text());
				await pause(5);
			}
		})();
		process.kill(before.pid, 'SIGKILL');
		await pause(300);
		const after = place.json<Status>('daemon', 'start');
		assert.notEqual(after.pid, before.pid);
		assert.equal(after.serving_uri, before.serving_uri);
		const until = asked + 10;
		await eventually('the adopted gateway has answered', () => asked >= until);
		done = true;
		await traffic;
		assert.deepEqual(failures, []);
		const { deployments } = place.json<{ deployments: { state: string }[] }>('deployments', 'list');
		assert.deepEqual(
			deployments.map(({ state }) => state),
			['serving'],
		);
	});

	it('while it trains: the run is marked, the catalog sound, and no process is left', async () => {
		const { pid } = place.json<Status>('daemon', 'start');
		const client = await place.connect();
		let heard = () => {};
		const started = new Promise<void>((resolve) => {
			heard = resolve;
		});
		const training = client.request(
			'train',
			{ config: join(place.folder, 'perch.yaml'), set: ['model.params.trees=8000'] },
			{ onProgress: ({ message }) => message.startsWith('Growing') && heard() },
		);
		training.catch(() => undefined);
		await started;
		process.kill(pid, 'SIGKILL');
		await assert.rejects(training);
		const { runs } = place.json<{ runs: { status: string; tags: Record<string, string> }[] }>('runs', 'list');
		assert.equal(runs[0]?.status, 'KILLED');
		assert.equal(runs[0]?.tags['perch.interrupted'], 'true');
		assert.equal(place.json<{ valid: boolean }>('audit', 'verify').valid, true);
		const { models } = place.json<{ models: { versions: unknown[] }[] }>('models', 'list');
		assert.equal(models[0]?.versions.length, 1);
		assert.deepEqual(readdirSync(join(place.folder, '.perch/jobs')), []);
	});

	it('leaves no process when it is stopped', async () => {
		const { pid } = place.json<Status>('daemon', 'start');
		place.perch('daemon', 'stop');
		for (let tries = 0; isRunning(pid) && tries < 50; tries++) await pause(100);
		assert.equal(isRunning(pid), false);
	});
});

describe('two clients of one folder', () => {
	const place = createWorkplace('vitalwatch');
	after(() => place.end());

	it('share one daemon, and one hears within a second what the other did', async () => {
		const clients = await Promise.all(['one', 'two'].map((name) => place.connect(name)));
		const [one, two] = clients as [Client, Client];
		assert.equal(one.server.pid, two.server.pid);
		const heard = new Promise<number>((resolve) => {
			two.onNotification('models/changed', ({ event }) => event === 'version.created' && resolve(Date.now()));
		});
		const trained = one.request('train', { config: join(place.folder, 'perch.yaml') });
		const [{ version }, at] = await Promise.all([trained, heard]);
		assert.ok(at - (version?.created_at ?? 0) < 1000);
		for (const client of clients) client.close();
	});
});
