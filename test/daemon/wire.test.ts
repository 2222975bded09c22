import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { readToken } from '../../daemon/client/connect.ts';
import { dist } from './commandLine.ts';
import { type DaemonFolder, daemonFolder, frame, framed, nextMessage, until } from './daemonFolder.ts';

const initialize = (params: object) => ({
	jsonrpc: '2.0',
	id: 1,
	method: 'initialize',
	params: { protocolVersion: 1, client: { name: 'raw', version: '0' }, ...params },
});
const status = { jsonrpc: '2.0', id: 2, method: 'daemon/status', params: {} };

/** Resolves when a connection has ended, in peace or not. */
async function over(socket: Socket): Promise<void> {
	if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

/** Memory of a process in MB, as Linux tells it. */
function residentMegabytes(pid: number): number {
	return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

describe('the wire', () => {
	let place: DaemonFolder;
	before(async () => {
		place = daemonFolder();
		await place.connect();
	});
	after(() => place.remove());

	const send = async (message: object) => {
		const socket = await place.rawSocket();
		socket.write(frame(message));
		return { socket, answer: await nextMessage(socket) };
	};
	const codeOf = (answer: Record<string, unknown>) => (answer['error'] as { data: { code: string } }).data.code;
	/** Somebody else is still answered, by the same process. */
	const stillAnswers = async () => {
		const client = await place.connect();
		assert.equal((await client.request('daemon/status', {})).pid, place.pid());
		client.close();
	};

	describe('over a socket', () => {
		it('opens with the token alone', async () => {
			assert.equal(codeOf((await send(status)).answer), 'not_initialized');
			assert.equal(codeOf((await send(initialize({}))).answer), 'unauthorized');
			const { socket, answer } = await send(initialize({ token: '0'.repeat(64) }));
			assert.equal(codeOf(answer), 'unauthorized');
			await over(socket);
			const right = await send(initialize({ token: readToken(place.root) }));
			assert.deepEqual((right.answer['result'] as { root: string }).root, place.root);
			right.socket.destroy();
		});

		it('outlives garbage, cut frames and lengths without end', async () => {
			const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
			const hostile: [string, Buffer | string][] = [
				['binary garbage', Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 37) % 256))],
				['a length of ten gigabytes', 'Content-Length: 10000000000\r\n\r\n{}'],
				['a negative length', 'Content-Length: -5\r\n\r\n{}'],
				['a header without end', 'X: y\r\n'.repeat(100_000)],
				[
					'invalid UTF-8',
					Buffer.concat([Buffer.from('Content-Length: 4\r\n\r\n'), Buffer.from([0xff, 0xfe, 0xc3, 0x28])]),
				],
				['half a message', frame(initialize({})).slice(0, -10)],
				['a batch', frame([status, status])],
				['deep arrays', framed(`{"jsonrpc":"2.0","id":2,"method":"initialize","params":{"client":${deep}}}`)],
				['HTTP', 'POST /runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}'],
			];
			for (const [what, bytes] of hostile) {
				const socket = await place.rawSocket();
				socket.end(bytes);
				socket.resume();
				await over(socket);
				await stillAnswers().catch((error: unknown) => assert.fail(`after ${what}: ${String(error)}`));
			}
		});

		it('outlives what anybody thinks of, after the handshake too', () =>
			fc.assert(
				fc.asyncProperty(fc.array(fc.oneof(fc.uint8Array(), fc.json()), { maxLength: 5 }), async (chunks) => {
					const { socket } = await send(initialize({ token: readToken(place.root) }));
					for (const chunk of chunks) socket.write(typeof chunk === 'string' ? frame(JSON.parse(chunk)) : chunk);
					socket.end();
					socket.resume();
					await over(socket);
					await stillAnswers();
				}),
				{ numRuns: 30 },
			));

		it('does not keep what floods it', async function () {
			if (process.platform !== 'linux') this.skip();
			const before = residentMegabytes(place.pid());
			const flood = Buffer.alloc(1024 * 1024, 'x');
			const sockets: Socket[] = [];
			for (let count = 0; count < 8; count++) {
				const socket = await place.rawSocket();
				socket.resume();
				sockets.push(socket);
				for (let megabyte = 0; megabyte < 32; megabyte++) socket.write(flood);
			}
			await until(() => sockets.every(({ destroyed }) => destroyed));
			await stillAnswers();
			assert.ok(residentMegabytes(place.pid()) < before + 150);
		});
	});

	describe('over stdio', () => {
		let bridge: ChildProcessWithoutNullStreams;
		beforeEach(() => {
			bridge = spawn(process.execPath, [join(dist, 'perchd.cjs'), '--stdio', '--root', place.root]);
		});
		afterEach(() => bridge.kill());

		it('needs no token, and reaches the one daemon', async () => {
			bridge.stdin.write(frame(initialize({})));
			const answer = await nextMessage(bridge.stdout.iterator({ destroyOnReturn: false }) as never);
			assert.equal((answer['result'] as { pid: number }).pid, place.pid());
			bridge.stdin.end();
			assert.deepEqual(await once(bridge, 'exit'), [0, null]);
			await stillAnswers();
		});

		it('starts the daemon where none runs', async () => {
			const other = daemonFolder();
			const own = spawn(process.execPath, [join(dist, 'perchd.cjs'), '--stdio'], { cwd: other.root });
			own.stdin.write(frame(initialize({})));
			const answer = await nextMessage(own.stdout);
			assert.equal((answer['result'] as { root: string }).root, other.root);
			own.kill();
			await other.remove();
		});

		it('ends with a reason when what comes is no message', async () => {
			let complaint = '';
			bridge.stderr.on('data', (chunk: Buffer) => {
				complaint += chunk.toString();
			});
			bridge.stdin.write('this is no message\r\n\r\n');
			assert.deepEqual(await once(bridge, 'exit'), [1, null]);
			assert.match(complaint, /no JSON-RPC message/);
			await stillAnswers();
		});
	});
});
