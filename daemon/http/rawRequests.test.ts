import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { createHttpServer, listenLocally } from './server.ts';

describe('what is no sound request', () => {
	let server: FastifyInstance;
	let port: number;
	before(async () => {
		server = createHttpServer({ onUnexpected: () => undefined });
		port = await listenLocally(server, 0);
	});
	after(() => server.close());

	/** Sends bytes as they are and returns the answer when the server has closed. */
	function send(text: string): Promise<string> {
		return new Promise((resolve, reject) => {
			const socket = connect(port, '127.0.0.1', () => socket.write(text));
			let answer = '';
			socket.on('data', (part) => {
				answer += part.toString();
			});
			socket.on('error', reject);
			socket.on('close', () => resolve(answer));
		});
	}

	const host = () => `Host: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`;
	const cases: [string, () => string, number, RegExp][] = [
		['no HTTP', () => 'what is this\r\n\r\n', 400, /no HTTP request/],
		[
			'too many headers',
			() => `GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}\r\n${host()}`,
			431,
			/headers are too large/,
		],
		['an address that decodes to nothing', () => `GET /%zz HTTP/1.1\r\n${host()}`, 400, /address cannot be read/],
		['a method that nobody knows', () => `FROB / HTTP/1.1\r\n${host()}`, 400, /no HTTP request/],
	];
	for (const [what, text, status, message] of cases) {
		it(`answers ${what} with ${status}, in the words of every other refusal`, async () => {
			const answer = await send(text());
			assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
			const { error } = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4));
			assert.equal(error.code, 'invalid_arguments');
			assert.match(error.message, message);
		});
	}
});
