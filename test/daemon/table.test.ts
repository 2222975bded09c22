import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Client } from '../../daemon/client/connect.ts';
import { daemonFolder, isAlive, until } from './daemonFolder.ts';

describe('tables', () => {
	const folder = daemonFolder();
	const jobs = () => readdirSync(join(folder.root, '.perch/jobs'));
	let client: Client;
	before(async () => {
		writeFileSync(join(folder.root, 'a.csv'), 'x,s\n3,a\n1,b\n2,c\n');
		client = await folder.connect();
	});
	after(() => folder.remove());

	it('opens a file, gives pages of it and copies, until it is closed', async () => {
		const { table, rows, columns } = await client.request('table/open', { file: 'a.csv' });
		assert.equal(rows, 3);
		assert.deepEqual(
			columns.map(({ name, type }) => [name, type]),
			[
				['x', 'integer'],
				['s', 'string'],
			],
		);
		const view = { table, sort: { column: 'x' }, filter: [{ column: 's', operator: '!=' as const, value: 'b' }] };
		assert.deepEqual(await client.request('table/rows', { ...view, offset: 0, limit: 5 }), {
			total: 2,
			numbers: [3, 1],
			cells: [
				['2', 'c'],
				['3', 'a'],
			],
		});
		const copied = await client.request('table/copy', { ...view, offset: 1, limit: 1, format: 'csv' });
		assert.equal(copied.text, 'x,s\n3,a\n');
		const tooMany = client.request('table/copy', { table, offset: 0, limit: 600_000, format: 'csv' });
		await assert.rejects(tooMany, { code: 'invalid_arguments' });
		await client.request('table/close', { table });
		assert.deepEqual(jobs(), []);
		await assert.rejects(client.request('table/rows', { table, offset: 0, limit: 1 }), { code: 'not_found' });
	});

	it('takes no place among the jobs, and goes with its process', async () => {
		const tables = await Promise.all([0, 1, 2].map(() => client.request('table/open', { file: 'a.csv' })));
		assert.deepEqual((await client.request('daemon/status', {})).jobs, []);
		assert.equal((await client.request('datasets/show', { file: 'a.csv' })).rows, 3);
		const pids = jobs().map(
			(job) => JSON.parse(readFileSync(join(folder.root, '.perch/jobs', job, 'process.json'), 'utf8')).pid as number,
		);
		assert.equal(pids.length, 3);
		for (const pid of pids) process.kill(pid, 'SIGKILL');
		await until(() => !pids.some(isAlive));
		for (const { table } of tables) {
			await assert.rejects(client.request('table/rows', { table, offset: 0, limit: 1 }), { code: 'job_failed' });
			await assert.rejects(client.request('table/rows', { table, offset: 0, limit: 1 }), { code: 'not_found' });
		}
	});

	it('says where a file cannot be read, and leaves nothing behind', async () => {
		writeFileSync(join(folder.root, 'broken.csv'), 'a,b\n1,2\n1,2,3\n');
		await assert.rejects(client.request('table/open', { file: 'broken.csv' }), { code: 'invalid_data' });
		await until(() => jobs().length === 0);
	});
});
