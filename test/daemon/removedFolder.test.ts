import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkplace } from './commandLine.ts';
import { isAlive, until } from './daemonFolder.ts';

describe('a .perch/ that is removed', () => {
	const place = createWorkplace();
	after(() => place.end());

	it('takes daemon and gateway with it, and the next gateway is left alone', async () => {
		const pids = () =>
			['daemon.json', 'gateway.json'].map(
				(name): number => JSON.parse(readFileSync(join(place.folder, '.perch', name), 'utf8')).pid,
			);
		const serve = () => {
			place.json('train', '--data', 'a.csv', '--model', 'isolation_forest');
			return place.json<{ serving_uri: string }>('serve', '--model', 'a@latest').serving_uri;
		};
		writeFileSync(join(place.folder, 'a.csv'), 'a,b\n1,2.5\n5,1.5\n3,9\n2,2\n');
		serve();
		const before = pids();
		rmSync(join(place.folder, '.perch'), { recursive: true });
		const uri = serve();
		await until(() => !before.some(isAlive));
		assert.equal(pids().filter(isAlive).length, 2);
		assert.equal((await fetch(`${uri}/health`)).status, 200);
		assert.equal(place.json<{ running: boolean }>('daemon', 'status').running, true);
	});
});
