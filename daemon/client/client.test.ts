import assert from 'node:assert/strict';
import { PassThrough, Writable } from 'node:stream';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { createRequests } from './client.ts';

describe('requests of a client', () => {
	it('end as lost, and not as misunderstood, when the daemon is gone while they are written', async () => {
		const broken = new Writable({
			write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
		});
		broken.on('error', () => undefined);
		const connection = createMessageConnection(
			new StreamMessageReader(new PassThrough()),
			new StreamMessageWriter(broken),
		);
		const requests = createRequests(connection, () => undefined);
		connection.listen();
		await assert.rejects(requests.request('daemon/status', {}), {
			code: 'daemon_unavailable',
			message: /connection to the daemon ended/,
		});
		requests.close();
	});
});
