import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { PassThrough, Writable } from 'node:stream';
import { createMessageConnection, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { createRequests } from './client.ts';
import { messageReader } from './messageReader.ts';

describe('requests of a client', () => {
	it('end as lost, and not as misunderstood, when the daemon is gone while they are written', async () => {
		const broken = new Writable({
			write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
		});
		broken.on('error', () => undefined);
		const connection = createMessageConnection(messageReader(new PassThrough()), new StreamMessageWriter(broken));
		const requests = createRequests(connection, () => undefined);
		connection.listen();
		await assert.rejects(requests.request('daemon/status', {}), {
			code: 'daemon_unavailable',
			message: /connection to the daemon ended/,
		});
		requests.close();
	});

	it('wait for the rest of a message without keeping their process alive', () => {
		const reader = import.meta.resolve('./messageReader.ts');
		const script = `
			import { PassThrough } from 'node:stream';
			import { messageReader } from ${JSON.stringify(reader)};
			const stream = new PassThrough();
			messageReader(stream).listen(() => undefined);
			stream.write('Content-Length: 100\\r\\n\\r\\n{"jsonrpc"');
		`;
		const { status, signal } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
			timeout: 20_000,
		});
		assert.deepEqual({ status, signal }, { status: 0, signal: null });
	});
});
