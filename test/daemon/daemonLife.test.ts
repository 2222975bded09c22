import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { openCatalog } from '../../daemon/catalog/catalog.ts';
import { dist } from './commandLine.ts';
import { type DaemonFolder, daemonFolder, isAlive, processesWith, until } from './daemonFolder.ts';

const perchd = join(dist, 'perchd.cjs');

describe('the life of a daemon', () => {
	let place: DaemonFolder;
	beforeEach(() => {
		place = daemonFolder();
	});
	afterEach(() => place.remove());

	it('starts when called, and is found by the next caller', async () => {
		const first = await place.connect();
		const second = await place.connect();
		assert.equal(first.server.pid, second.server.pid);
		const status = await second.request('daemon/status', {});
		assert.deepEqual(
			[status.running, status.pid, status.root, status.clients, status.jobs, status.deployments],
			[true, place.pid(), place.root, 2, [], []],
		);
		first.close();
		await until(async () => (await second.request('daemon/status', {})).clients === 1);
	});

	it('is one, however many call at once', async () => {
		const clients = await Promise.all(Array.from({ length: 5 }, () => place.connect()));
		assert.equal(new Set(clients.map(({ server }) => server.pid)).size, 1);
		// Those that came second have seen it, and ended.
		if (process.platform === 'linux') await until(() => processesWith(`--root\0${place.root}`).length === 1);
	});

	it('refuses a second one beside it', async () => {
		const { server } = await place.connect();
		const { status, stderr } = spawnSync(process.execPath, [perchd, '--root', place.root], { encoding: 'utf8' });
		assert.equal(status, 1);
		assert.match(stderr, /already runs/);
		assert.equal((await place.connect()).server.pid, server.pid);
	});

	it('keeps its folder, token and socket to its owner', async function () {
		if (process.platform === 'win32') this.skip();
		const client = await place.connect();
		const { socket, token_file: token } = await client.request('daemon/status', {});
		const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);
		assert.deepEqual([mode(join(place.root, '.perch')), mode(token), mode(socket ?? '')], ['700', '600', '600']);
	});

	it('listens elsewhere where the path would be too long', async () => {
		await place.remove();
		place = daemonFolder('deep/'.repeat(20));
		const status = await (await place.connect()).request('daemon/status', {});
		assert.ok(Buffer.byteLength(status.socket ?? '') <= 100);
		assert.ok(!status.socket?.startsWith(place.root));
		assert.equal((await place.connect({ start: false })).server.pid, status.pid);
	});

	it('is not started by who only looks', async () => {
		await assert.rejects(place.connect({ start: false }), { code: 'daemon_unavailable' });
		assert.ok(!existsSync(join(place.root, '.perch')));
	});

	it('ends when nobody needs it', async () => {
		process.env['PERCH_IDLE_SECONDS'] = '1';
		try {
			const client = await place.connect();
			const pid = place.pid();
			const ended = new Promise<void>((resolve) => client.onClose(resolve));
			// As long as somebody is there it stays.
			await Promise.race([
				ended.then(() => assert.fail('it ended too early')),
				new Promise((go) => setTimeout(go, 1500)),
			]);
			client.close();
			await until(() => !isAlive(pid));
			assert.ok(!existsSync(join(place.root, '.perch/daemon.json')));
		} finally {
			delete process.env['PERCH_IDLE_SECONDS'];
		}
	});

	it('makes room for another when its folder was removed', async () => {
		process.env['PERCH_IDLE_SECONDS'] = '5';
		try {
			await place.connect();
			const before = place.pid();
			rmSync(join(place.root, '.perch'), { recursive: true });
			const { server } = await place.connect();
			assert.notEqual(server.pid, before);
			await until(() => !isAlive(before));
			assert.equal((await place.connect({ start: false })).server.pid, server.pid);
		} finally {
			delete process.env['PERCH_IDLE_SECONDS'];
		}
	});

	it('listens elsewhere where the folder cannot hold a socket', async () => {
		mkdirSync(join(place.root, '.perch/perchd.sock/in the way'), { recursive: true });
		const { socket } = await (await place.connect()).request('daemon/status', {});
		assert.ok(socket !== null && !socket.startsWith(place.root));
	});

	it('ends cleanly when told to by a client or by the system', async function () {
		const client = await place.connect();
		const ended = new Promise<void>((resolve) => client.onClose(resolve));
		assert.deepEqual(await client.request('daemon/stop', {}), { stopped: true, deployments: [], jobs: 0 });
		await ended;
		await assert.rejects(client.request('daemon/status', {}), { code: 'daemon_unavailable' });
		if (process.platform === 'win32') this.skip();

		const child = spawn(process.execPath, [perchd, '--root', place.root], { stdio: 'ignore' });
		await until(() => existsSync(join(place.root, '.perch/daemon.json')));
		child.kill('SIGTERM');
		assert.deepEqual(await once(child, 'exit'), [0, null]);
		const left = ['daemon.json', 'perchd.sock', 'catalog.db-wal'].filter((name) =>
			existsSync(join(place.root, '.perch', name)),
		);
		assert.deepEqual(left, []);
	});

	it('comes back after it was killed', async () => {
		const lost = await place.connect();
		const before = place.pid();
		const closed = new Promise<void>((resolve) => lost.onClose(resolve));
		await place.kill();
		await closed;
		const client = await place.connect();
		assert.notEqual(client.server.pid, before);
		assert.equal((await client.request('audit/verify', {})).valid, true);
	});

	it('says what is wrong when it cannot start', async () => {
		const empty = mkdtempSync(join(place.root, 'dist-'));
		await assert.rejects(place.connect({ dist: empty }), {
			code: 'daemon_unavailable',
			message: /ended while starting.*Cannot find module/s,
		});

		const folder = join(place.root, '.perch');
		rmSync(folder, { recursive: true });
		writeFileSync(folder, 'a file in the way');
		await assert.rejects(place.connect(), { code: 'daemon_unavailable', message: /cannot be made/ });
		rmSync(folder);
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, 'catalog.db'), 'no database at all '.repeat(100));
		await assert.rejects(place.connect(), { code: 'corrupt_catalog' });
		rmSync(join(folder, 'catalog.db'));
		const db = new Sqlite(join(folder, 'catalog.db'));
		db.pragma('user_version = 999');
		db.close();
		await assert.rejects(place.connect(), { code: 'newer_catalog', message: /newer Perch/ });
		rmSync(join(folder, 'catalog.db'));
		assert.equal((await place.connect()).server.root, place.root);
	});

	it('runs nothing when started read-only', async () => {
		const client = await place.connect({ readOnly: true });
		assert.equal(client.server.readOnly, true);
		assert.deepEqual(await client.request('runs/list', {}), { runs: [] });
		await assert.rejects(client.request('train', { data: 'a.csv' }), { code: 'read_only' });
		await assert.rejects(client.request('runs/delete', { id: 'a' }), { code: 'read_only' });
	});

	it('tells every client what one of them did', async () => {
		const folder = join(place.root, '.perch');
		mkdirSync(folder, { mode: 0o700 });
		const catalog = openCatalog(folder);
		const run = catalog.runs.create({ experiment: 'e' }, { actor: 'test' });
		catalog.runs.end(run.id, 'FINISHED', { actor: 'test' });
		catalog.close();

		const [one, other] = [await place.connect(), await place.connect({ client: { name: 'other', version: '0' } })];
		const heard = (client: typeof one) =>
			new Promise((resolve) => {
				client.onNotification('runs/changed', resolve);
			});
		const both = Promise.all([heard(one), heard(other)]);
		assert.deepEqual(await other.request('runs/delete', { id: run.name }), { id: run.id });
		const change = { subject: run.id, event: 'run.deleted' };
		assert.deepEqual(await both, [change, change]);
		const { events } = await one.request('audit/show', { limit: 1 });
		assert.deepEqual([events[0]?.event, events[0]?.actor], ['run.deleted', 'other']);
	});

	it('writes what it did into its log', async () => {
		const client = await place.connect();
		const { file, lines } = await client.request('daemon/logs', { lines: 50 });
		assert.equal(file, join(place.root, '.perch/logs/perchd.log'));
		assert.ok(lines.some((line) => JSON.parse(line).msg === 'the daemon listens'));
		assert.deepEqual((await client.request('daemon/logs', { process: 'gateway' })).lines, []);
	});
});
