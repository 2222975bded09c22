import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type Duplex, duplexPair } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { pino } from 'pino';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { createRequests, type Requests } from '../client/client.ts';
import type { Handlers } from '../pipeline/daemon.ts';
import { errorCodes, PerchError } from '../protocol/errors.ts';
import { methods } from '../protocol/methods.ts';
import type { HandlerTable } from './dispatch.ts';
import { type Host, openSession, type Session } from './session.ts';

const token = 'secret';
const hello = { protocolVersion: 1, client: { name: 'test', version: '0' }, token };
const identity = {
	protocolVersion: 1,
	server: { name: 'perchd' as const, version: '9' },
	pid: 1,
	root: '/r',
	readOnly: false,
};

/** A few handlers, each of which does one thing that a handler may do. */
const handlers: Partial<HandlerTable> = {
	'audit/verify': () => ({ valid: true, events: 0, head: '', broken_at: null }),
	'audit/show': () => ({ events: 'not a list' }) as never,
	'runs/show': () => {
		throw new PerchError('not_found', 'No run is called x.', { hint: 'Look again.', field: 'id' });
	},
	'drift/show': () => {
		throw new TypeError('unforeseen');
	},
	'daemon/logs': ({ lines }) => ({ file: String(lines), lines: [] }),
	'runs/delete': ({ id }, { author }) => ({ id: `${id} by ${author().actor}` }),
	'models/import': async (_params, { signal }) => {
		await once(signal, 'abort');
		throw new Error('gave up');
	},
	predict: async ({ model, input, output }, { progress }) => {
		progress('reading');
		progress('scoring', 0.5);
		progress('beyond', 7);
		return { model, rows: input.length, rejected: 0, output, quarantined: [], reasons: [] };
	},
};

async function until(holds: () => boolean): Promise<void> {
	const patience = AbortSignal.timeout(25_000);
	while (!holds()) {
		patience.throwIfAborted();
		await pause(5);
	}
}

interface Ends {
	session: Session;
	/** The client's end of the line. */
	line: Duplex;
	ended: Promise<void>;
}

function serve(changes: Partial<Host> = {}): Ends {
	const [server, line] = duplexPair();
	const host: Host = {
		handlers: handlers as Handlers<never> as HandlerTable,
		...{ token, readOnly: false, identity, log: pino({ level: 'silent' }) },
		...changes,
	};
	let tell = () => {};
	const ended = new Promise<void>((resolve) => {
		tell = resolve;
	});
	return { session: openSession(server, server, host, () => tell()), line, ended };
}

function talk(line: Duplex): Requests {
	const connection = createMessageConnection(new StreamMessageReader(line), new StreamMessageWriter(line));
	const requests = createRequests(connection, () => line.destroy());
	connection.listen();
	return requests;
}

async function open(changes: Partial<Host> = {}): Promise<Ends & { client: Requests }> {
	const ends = serve(changes);
	const client = talk(ends.line);
	await client.request('initialize', hello);
	return { ...ends, client };
}

const frame = (body: string | Buffer) =>
	Buffer.concat([Buffer.from(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`), Buffer.from(body)]);

/** The next answer on a line, as it stands there. */
async function nextAnswer(line: Duplex): Promise<Record<string, unknown>> {
	let text = '';
	for (;;) {
		const [chunk] = (await once(line, 'data')) as [Buffer];
		text += chunk.toString();
		const body = text.slice(text.indexOf('\r\n\r\n') + 4);
		const length = Number(/Content-Length: (\d+)/.exec(text)?.[1]);
		if (Buffer.byteLength(body) >= length) return JSON.parse(body) as Record<string, unknown>;
	}
}

describe('a session', () => {
	it('answers nothing before the handshake, and who it is in it', async () => {
		const { line, session } = serve();
		const client = talk(line);
		await assert.rejects(client.request('daemon/status', {}), { code: 'not_initialized' });
		assert.equal(session.client, null);
		assert.deepEqual(await client.request('initialize', hello), identity);
		assert.deepEqual(session.client, hello.client);
		assert.equal((await client.request('audit/verify', {})).valid, true);
		await assert.rejects(client.request('initialize', hello), { code: 'invalid_arguments' });
		assert.equal((await client.request('audit/verify', {})).valid, true);
	});

	it('refuses a wrong or missing token, and ends', async () => {
		const { token: _, ...without } = hello;
		for (const params of [{ ...hello, token: 'secreT' }, { ...hello, token: '' }, without]) {
			const { line, ended } = serve();
			await assert.rejects(talk(line).request('initialize', params), { code: 'unauthorized' });
			await ended;
		}
	});

	it('lets a client of another version do no more than stop it', async () => {
		const stop = () => ({ stopped: true as const, deployments: [], jobs: 0 });
		const { line } = serve({ handlers: { ...handlers, 'daemon/stop': stop } as HandlerTable });
		const client = talk(line);
		const refused = client.request('initialize', { ...hello, protocolVersion: 2 });
		await assert.rejects(refused, { code: 'incompatible_protocol', message: /version 1 .* version 2/ });
		await assert.rejects(client.request('audit/verify', {}), { code: 'not_initialized' });
		assert.equal((await client.request('daemon/stop', {})).stopped, true);
	});

	it('fills in defaults, and names the field of params that do not fit', async () => {
		const { client } = await open();
		assert.equal((await client.request('daemon/logs', {})).file, '200');
		await assert.rejects(client.request('daemon/logs', { lines: 0 }), { code: 'invalid_arguments' });
		await assert.rejects(client.request('daemon/logs', { process: 'other' as never }), (error: PerchError) => {
			assert.deepEqual([error.code, error.detail.field], ['invalid_arguments', 'process']);
			return true;
		});
	});

	it('sends errors with the numbers of the protocol and their body in data', async () => {
		const { line } = serve();
		const ask = async (id: number, method: string, params: object) => {
			line.write(frame(JSON.stringify({ jsonrpc: '2.0', id, method, params })));
			return nextAnswer(line);
		};
		await ask(1, 'initialize', hello);
		assert.deepEqual(await ask(2, 'runs/show', { id: 'x' }), {
			jsonrpc: '2.0',
			id: 2,
			error: {
				code: errorCodes.not_found.number,
				message: 'No run is called x.',
				data: { code: 'not_found', message: 'No run is called x.', hint: 'Look again.', field: 'id' },
			},
		});
		const unknown = await ask(3, 'runs/shwo', {});
		assert.equal((unknown['error'] as { code: number }).code, -32601);
		assert.match(JSON.stringify(unknown), /runs\/list, runs\/show/);
		for (const method of ['__proto__', 'constructor', 'toString', '']) {
			assert.equal(((await ask(4, method, {}))['error'] as { code: number }).code, -32601, method);
		}
		assert.equal(((await ask(5, 'drift/show', { id: 'x' }))['error'] as { code: number }).code, 1000);
		// A result that does not fit its schema is the daemon's fault.
		assert.equal(((await ask(6, 'audit/show', {}))['error'] as { code: number }).code, 1000);
		assert.deepEqual((await ask(7, 'audit/verify', {}))['result'], {
			...{ valid: true, events: 0, head: '', broken_at: null },
		});
	});

	it('refuses what would run something when read-only, by the table', async () => {
		const { client } = await open({ readOnly: true });
		assert.equal((await client.request('audit/verify', {})).valid, true);
		const refused = Object.entries(methods).filter(([, { readOnly }]) => !readOnly);
		for (const [name] of refused) {
			await assert.rejects(client.request(name as 'train', {}), { code: 'read_only' }, name);
		}
	});

	it('names the client as the author of what it changes', async () => {
		const { client } = await open();
		assert.equal((await client.request('runs/delete', { id: 'x' })).id, 'x by test');
	});

	it('tells the progress of a request to who asked for it', async () => {
		const { client } = await open();
		const told: unknown[] = [];
		const params = { model: 'm', input: 'abc', output: 'o' };
		const result = await client.request('predict', params, { onProgress: (progress) => told.push(progress) });
		assert.equal(result.rows, 3);
		assert.deepEqual(told, [
			{ message: 'reading' },
			{ message: 'scoring', share: 0.5 },
			{ message: 'beyond', share: 1 },
		]);
		assert.equal((await client.request('predict', params)).rows, 3);
	});

	it('cancels a request when asked to, and all of them when the client goes', async () => {
		const { client, session, line, ended } = await open();
		const abort = new AbortController();
		const params = { name: 'm', file: 'f' };
		const first = client.request('models/import', params, { signal: abort.signal });
		await until(() => session.pending === 1);
		abort.abort();
		await assert.rejects(first, { code: 'cancelled' });
		await assert.rejects(client.request('audit/verify', {}, { signal: abort.signal }), { code: 'cancelled' });

		const second = client.request('models/import', params);
		const lost = assert.rejects(second, { code: 'daemon_unavailable' });
		await until(() => session.pending === 1);
		line.destroy();
		await ended;
		await lost;
		await until(() => session.pending === 0);
	});

	it('notifies after the handshake, and not before', async () => {
		const { line, session } = serve();
		const client = talk(line);
		const told: unknown[] = [];
		const forget = client.onNotification('runs/changed', (change) => told.push(change));
		await session.notify('runs/changed', { subject: 'early', event: 'run.created' });
		await client.request('initialize', hello);
		await session.notify('runs/changed', { subject: 'r', event: 'run.created' });
		await client.request('audit/verify', {});
		assert.deepEqual(told, [{ subject: 'r', event: 'run.created' }]);
		forget();
		await session.notify('runs/changed', { subject: 's', event: 'run.created' });
		await client.request('audit/verify', {});
		assert.equal(told.length, 1);
	});

	it('answers broken JSON and what is no request, and goes on', async () => {
		const { line } = serve();
		line.write(frame(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: hello })));
		await nextAnswer(line);
		const code = async (body: string | Buffer) => {
			line.write(frame(body));
			return ((await nextAnswer(line))['error'] as { code: number }).code;
		};
		assert.equal(await code('{"jsonrpc": "2.0", '), -32700);
		assert.equal(await code(Buffer.from([0xff, 0xfe, 0x22])), -32700);
		assert.equal(await code(''), -32700);
		assert.equal(await code('[]'), -32600);
		assert.equal(await code('[{"jsonrpc":"2.0","id":1,"method":"audit/verify"}]'), -32600);
		assert.equal(await code('42'), -32600);
		assert.equal(await code('null'), -32600);
		assert.equal(
			await code(`{"jsonrpc":"2.0","id":2,"method":"audit/verify","params":${'['.repeat(5000)}${']'.repeat(5000)}}`),
			1100,
		);
		line.write(frame(JSON.stringify({ jsonrpc: '2.0', id: 3, method: 'audit/verify' })));
		assert.equal(((await nextAnswer(line))['result'] as { valid: boolean }).valid, true);
	});

	it('says why, and ends, when a message cannot be told from the next', async () => {
		for (const text of ['Content-Length: 99999999999\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n', `${'x'.repeat(10_000)}`]) {
			const { line, ended } = serve();
			line.write(text);
			const answer = await nextAnswer(line);
			assert.deepEqual([answer['id'], (answer['error'] as { code: number }).code], [null, -32700]);
			line.resume();
			await ended;
		}
	});

	it('outlives whatever bytes come', () =>
		fc.assert(
			fc.asyncProperty(
				fc.array(
					fc.oneof(
						fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
						fc.json().map((text) => frame(text)),
						fc
							.record(
								{
									jsonrpc: fc.constantFrom('2.0', '1.0'),
									id: fc.oneof(fc.nat(), fc.string(), fc.constant(null)),
									method: fc.constantFrom('audit/verify', '$/cancelRequest', '$/progress', 'initialize', '__proto__'),
									params: fc.jsonValue(),
								},
								{ requiredKeys: [] },
							)
							.map((message) => frame(JSON.stringify(message))),
					),
					{ maxLength: 8 },
				),
				async (chunks) => {
					const { line, ended } = await open();
					line.resume();
					for (const chunk of chunks) if (!line.destroyed) line.write(chunk);
					line.end();
					await ended;
				},
			),
			{ numRuns: 200 },
		));
});
