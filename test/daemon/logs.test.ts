import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '../../daemon/client/connect.ts';
import { startJob } from '../../daemon/jobs/startJob.ts';
import type { DriftReport } from '../../daemon/protocol/drift.ts';
import { listCompacted, listSegments, logFolder } from '../../daemon/serve/segments.ts';
import { createWorkplace, dist } from './commandLine.ts';
import { readings, send, writeProject } from './pumps.ts';
import { eventually } from './servedFolder.ts';

describe('the request log of a deployment', () => {
	const place = createWorkplace();
	const requests = join(place.folder, '.perch/requests');
	const folder = logFolder(requests, 'pumps');
	const config = join(place.folder, 'perch.yaml');
	let client: Client;
	before(async () => {
		writeProject(place.folder);
		client = await place.connect();
		await client.request('train', { config });
	});
	after(() => {
		client.close();
		place.end();
	});

	const newest = async (limit: number) => (await client.request('logs', { deployment: 'pumps', limit })).requests;
	const drift = async (): Promise<Partial<DriftReport>> => {
		const { id, created_at, html, ...report } = await client.request('drift', { config });
		assert.ok(existsSync(html ?? ''));
		return report;
	};
	const counted = (count: number) =>
		eventually(`${count} requests are counted`, async () => {
			const { deployment } = await client.request('canary/status', { deployment: 'pumps' });
			return deployment.requests === count;
		});

	it('is told newest first, with the rows as the model saw them', async () => {
		const { serving_uri } = await client.request('serve', { config });
		await send(serving_uri, 'pumps', readings(150, 3, 3));
		await counted(150);
		const told = await newest(20);
		assert.equal(told.length, 20);
		assert.deepEqual(
			told.map(({ ts }) => ts),
			told.map(({ ts }) => ts).sort((a, b) => b - a),
		);
		const [one] = told;
		assert.deepEqual(
			[one?.deployment, one?.arm, one?.version, one?.status, one?.rows],
			['pumps', 'baseline', 1, 200, 1],
		);
		assert.deepEqual(Object.keys(one?.inputs ?? {}), ['flow', 'heat', 'hum']);
		assert.deepEqual(Object.keys(one?.outputs ?? {}).includes('label'), true);
	});

	it('is the same over segments and Parquet, and so is the drift of what it holds', async () => {
		client.close();
		place.json('daemon', 'stop');
		client = await place.connect();
		const { deployments } = await client.request('deployments/list', {});
		await eventually('the deployment is restored', async () => {
			const { deployment } = await client.request('deployments/show', { name: 'pumps' });
			return deployment.state === 'serving';
		});
		await send(deployments[0]?.serving_uri ?? '', 'pumps', readings(50, 4, 3));
		await counted(200);
		const segments = listSegments(folder);
		assert.equal(segments.length, 2, 'a new gateway begins a new segment');
		const [before, found] = [await newest(1000), await drift()];
		assert.equal(before.length, 200);
		assert.equal(found.drift, true);

		const dir = mkdtempSync(join(tmpdir(), 'perch-test-'));
		const input = { requests, deployment: 'pumps', before: segments[1]?.segment };
		const compacted = await startJob('compact', input, { dir, entry: join(dist, 'job.cjs') });
		rmSync(dir, { recursive: true });
		assert.deepEqual(compacted, { compacted: 1 });
		assert.deepEqual([listSegments(folder).length, listCompacted(folder).length], [1, 1]);
		assert.equal(readdirSync(folder).filter((name) => name.endsWith('.jsonl')).length, 1);

		assert.deepEqual(await newest(1000), before);
		assert.deepEqual(await drift(), found);
	});

	it('goes on being counted from where it was', async () => {
		const { deployment } = await client.request('deployments/show', { name: 'pumps' });
		await send(deployment.serving_uri, 'pumps', readings(10, 5));
		await counted(210);
		assert.equal((await newest(1000)).length, 210);
	});
});
