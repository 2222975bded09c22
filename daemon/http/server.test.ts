import assert from 'node:assert/strict';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { isPerchError, PerchError } from '../protocol/errors.ts';
import { openToAll } from './access.ts';
import { equalInConstantTime } from './secret.ts';
import { createHttpServer, listenLocally } from './server.ts';

interface Answer {
	status: number;
	headers: IncomingHttpHeaders;
	body: { error?: { code: string; message: string; hint?: string } } & Record<string, unknown>;
}

function call(
	port: number,
	path: string,
	headers: Record<string, string> = {},
	body?: string,
	method?: string,
): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const sent = request(
			{ host: '127.0.0.1', port, path, method: method ?? (body === undefined ? 'GET' : 'POST'), headers },
			(answer) => {
				let text = '';
				answer.on('data', (part) => {
					text += part;
				});
				answer.on('end', () =>
					resolve({
						status: answer.statusCode ?? 0,
						headers: answer.headers,
						body: JSON.parse(text) as Answer['body'],
					}),
				);
			},
		);
		sent.on('error', reject);
		sent.end(body);
	});
}

const json = { 'content-type': 'application/json' };

describe('http server', () => {
	let server: FastifyInstance;
	let port: number;
	const unexpected: string[] = [];

	before(async () => {
		server = createHttpServer({ bodyLimit: 1000, onUnexpected: (_error, where) => unexpected.push(where) });
		server.get('/open', { config: { access: openToAll } }, async () => ({ ok: true }));
		server.get('/closed', { config: { access: () => ({ token: 'secret' }) } }, async () => ({ ok: true }));
		server.delete('/closed', { config: { access: () => ({ token: 'secret' }) } }, async () => ({ ok: true }));
		server.post('/echo', { config: { access: openToAll } }, async ({ body }) => ({ body }));
		server.get('/bug', { config: { access: openToAll } }, async () => {
			throw new TypeError('cannot read /home/me/secret.txt');
		});
		server.get('/file', { config: { access: openToAll } }, async () => {
			throw new PerchError('invalid_data', 'A cell is wrong.', { file: '/home/me/data.csv', line: 7, field: 'price' });
		});
		port = await listenLocally(server, 0);
	});
	after(() => server.close());

	it('refuses to register a route that says not who may call it', () => {
		const fresh = createHttpServer({ onUnexpected: () => undefined });
		assert.throws(() => fresh.get('/forgotten', async () => 'never'), /GET \/forgotten declares no access policy/);
	});

	it('answers the names of this machine with our port, and no other host', async () => {
		for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, `LOCALHOST:${port}`]) {
			assert.equal((await call(port, '/open', { host })).status, 200, host);
		}
		for (const host of [
			'evil.test',
			`evil.test:${port}`,
			'127.0.0.1',
			'127.0.0.1:1',
			`0.0.0.0:${port}`,
			`127.0.0.1.evil.test:${port}`,
		]) {
			const { status, body } = await call(port, '/open', { host });
			assert.equal(status, 403, host);
			assert.equal(body.error?.code, 'unauthorized');
		}
	});

	it('refuses foreign pages on every method and on unknown addresses', async () => {
		for (const origin of [
			'http://evil.test',
			'null',
			`https://127.0.0.1:${port}`,
			`http://127.0.0.1:${port}.evil.test`,
		]) {
			for (const method of ['GET', 'DELETE', 'OPTIONS']) {
				assert.equal(
					(await call(port, '/closed', { origin, authorization: 'Bearer secret' }, undefined, method)).status,
					403,
				);
			}
			assert.equal((await call(port, '/nowhere', { origin })).status, 403);
		}
		assert.equal((await call(port, '/open', { origin: `http://127.0.0.1:${port}` })).status, 200);
		assert.equal((await call(port, '/open', { 'sec-fetch-site': 'cross-site' })).status, 403);
		assert.equal((await call(port, '/open', { 'sec-fetch-site': 'same-site' })).status, 403);
		assert.equal((await call(port, '/open', { 'sec-fetch-site': 'none' })).status, 200);
	});

	it('sends no header that would let another origin read', async () => {
		const { headers } = await call(port, '/open');
		assert.equal(headers['access-control-allow-origin'], undefined);
		assert.equal(
			(await call(port, '/echo', { 'access-control-request-method': 'POST' }, undefined, 'OPTIONS')).status,
			404,
		);
	});

	it('asks for the token where the policy says so', async () => {
		for (const headers of [
			{},
			{ authorization: 'Bearer wrong' },
			{ authorization: 'secret' },
			{ authorization: 'Basic secret' },
			{ authorization: 'Bearer secrets' },
		]) {
			const { status, body, headers: sent } = await call(port, '/closed', headers as Record<string, string>);
			assert.equal(status, 401);
			assert.equal(body.error?.code, 'unauthorized');
			assert.match(String(sent['www-authenticate']), /^Bearer/);
		}
		assert.equal((await call(port, '/closed', { authorization: 'Bearer secret' })).status, 200);
		assert.equal((await call(port, '/closed', { authorization: 'bearer secret' })).status, 200);
	});

	it('never takes an empty secret for a match', () => {
		assert.equal(equalInConstantTime('', ''), false);
		assert.equal(equalInConstantTime('a', 'a'), true);
		assert.equal(equalInConstantTime('a', 'ab'), false);
		assert.equal(equalInConstantTime('', 'a'), false);
		assert.equal(equalInConstantTime('A', 'a'), false);
	});

	it('takes JSON that says it is JSON', async () => {
		assert.deepEqual((await call(port, '/echo', json, '[1,null]')).body, { body: [1, null] });
		assert.equal((await call(port, '/echo', { 'content-type': 'application/json; charset=utf-8' }, '[]')).status, 200);
		assert.equal((await call(port, '/echo', { 'content-type': 'text/plain' }, '[1]')).status, 415);
		assert.equal(
			(await call(port, '/echo', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=1')).status,
			415,
		);
		assert.equal((await call(port, '/echo', {}, '[1]')).status, 415);
	});

	it('says what is wrong with a body', async () => {
		assert.match((await call(port, '/echo', json, '{"a":')).body.error?.message ?? '', /not JSON/);
		const odd = (await call(port, '/echo', json, '{"a": [1, NaN]}')).body.error;
		assert.match(odd?.message ?? '', /NaN is not JSON/);
		assert.match(odd?.hint ?? '', /null/);
		assert.equal((await call(port, '/echo', json, '')).status, 400);
		assert.equal((await call(port, '/echo', json, JSON.stringify('x'.repeat(2000)))).status, 413);
	});

	it('keeps a key named __proto__ an ordinary key', async () => {
		const { body } = await call(port, '/echo', json, '{"__proto__": {"polluted": true}}');
		assert.equal(JSON.stringify(body), '{"body":{"__proto__":{"polluted":true}}}');
		assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
	});

	it('tells no paths and no stack traces', async () => {
		const bug = await call(port, '/bug');
		assert.equal(bug.status, 500);
		assert.doesNotMatch(JSON.stringify(bug.body), /secret|TypeError|at /);
		assert.deepEqual(unexpected, ['GET /bug']);
		const file = await call(port, '/file');
		assert.equal(file.status, 400);
		assert.deepEqual(file.body.error, { code: 'invalid_data', message: 'A cell is wrong.', field: 'price' });
		assert.equal((await call(port, '/nowhere')).body.error?.code, 'not_found');
	});

	it('names the port that is taken', async () => {
		const second = createHttpServer({ onUnexpected: () => undefined });
		await assert.rejects(listenLocally(second, port), (error) => {
			assert.ok(isPerchError(error));
			assert.equal(error.code, 'port_in_use');
			assert.match(error.message, new RegExp(String(port)));
			assert.match(error.detail.hint ?? '', /another port/);
			return true;
		});
		await second.close();
	});

	it('listens on the loopback address alone', async () => {
		const address = server.server.address();
		assert.ok(address !== null && typeof address !== 'string');
		assert.equal(address.address, '127.0.0.1');
	});

	it('refuses two lengths for one body', async () => {
		const answer = await new Promise<string>((resolve) => {
			const socket = connect(port, '127.0.0.1', () => {
				socket.write(
					`POST /echo HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
				);
			});
			let text = '';
			socket.on('data', (part) => {
				text += part.toString();
			});
			socket.on('close', () => resolve(text));
		});
		assert.match(answer, /^HTTP\/1.1 400 /);
	});
});
