import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { armOfKey } from '../../daemon/canary/routing.ts';
import { isPerchError } from '../../daemon/protocol/errors.ts';
import type { RequestRecord } from '../../daemon/protocol/serving.ts';
import type { GatewayRecord } from '../../daemon/serve/control.ts';
import type { ServedVersion } from '../../daemon/serve/deploymentConfig.ts';
import { readGatewayRecord } from '../../daemon/serve/gatewayRecord.ts';
import { logFolder } from '../../daemon/serve/segments.ts';
import { type LogPosition, readRequests } from '../../daemon/serve/tail.ts';
import { eventually, gatewayEntry, http, type ServedFolder, servedFolder } from './servedFolder.ts';
import { brittleModel, sumModel, writeVersion } from './smallModels.ts';

interface Answer {
	predictions: number[];
	prediction_id: string;
	version: number;
	arm: string;
}

const inputs = ['a', 'b'];
const body = { data: [[1, 2]] };

describe('the gateway between its daemons and versions', () => {
	let folder: ServedFolder;
	let versions: ServedVersion[];
	beforeEach(() => {
		folder = servedFolder();
		versions = [0, 100, 200].map((bias, index) =>
			writeVersion(folder.file(`v${index + 1}.onnx`), sumModel({ inputs }, bias), index + 1),
		);
	});
	afterEach(() => folder.remove());
	const version = (number: number): ServedVersion => versions[number - 1] as ServedVersion;
	const recorded = (): GatewayRecord => readGatewayRecord(folder.root) as GatewayRecord;

	function logged(name = 'small', from: LogPosition | null = null): RequestRecord[] {
		return readRequests(logFolder(join(folder.root, '.perch', 'requests'), name), from, 64 * 1024 * 1024).records;
	}

	it('swaps versions under 50 connections without losing a request', async () => {
		const { deployment } = await folder.link.apply(folder.config(version(1)));
		const agent = new Agent({ keepAlive: true, maxSockets: 50 });
		let running = true;
		const seen = new Map<number, number>();
		let failures = 0;
		const client = async () => {
			while (running) {
				const { status, body: answer } = await http<Answer>(`${deployment.uri}/predict`, { body, agent });
				// Each version has its own answer: 3, 103 or 203.
				if (status !== 200 || answer.predictions[0] !== 3 + 100 * (answer.version - 1)) failures++;
				seen.set(answer.version, (seen.get(answer.version) ?? 0) + 1);
			}
		};
		const clients = Array.from({ length: 50 }, client);
		for (let swap = 0; swap < 30; swap++) await folder.link.apply(folder.config(version((swap % 3) + 1)));
		await folder.link.apply(folder.config(version(3)));
		running = false;
		await Promise.all(clients);
		assert.equal(failures, 0);
		assert.deepEqual([...seen.keys()].sort(), [1, 2, 3]);
		const { status, body: last } = await http<Answer>(`${deployment.uri}/predict`, { body, agent });
		assert.deepEqual([status, last.version], [200, 3]);
		agent.destroy();
		const total = 1 + [...seen.values()].reduce((sum, count) => sum + count, 0);
		await eventually('every request is logged', () => logged().length === total);
		assert.equal(new Set(logged().map(({ id }) => id)).size, total);
		const told = () => folder.rang.reduce((sum, { requests }) => sum + requests, 0);
		await eventually('the daemon was told of all', () => told() === total);
	});

	it('keeps what it serves when a new version does not fit', async () => {
		const { deployment } = await folder.link.apply(folder.config(version(1)));
		const broken = writeVersion(folder.file('broken.onnx'), Buffer.from('not a model'), 2);
		const other = writeVersion(folder.file('other.onnx'), sumModel({ inputs: ['a', 'c'] }), 2);
		const changed = { ...version(2), sha256: 'f'.repeat(64) };
		for (const [bad, code] of [
			[broken, 'invalid_model'],
			[other, 'model_mismatch'],
			[changed, 'corrupt_artifact'],
			[{ ...version(2), file: '/nowhere' }, 'file_not_found'],
		] as const) {
			for (const config of [folder.config(bad), folder.config(version(1), { candidate: bad, share: 1 })]) {
				await assert.rejects(folder.link.apply(config), (error) => {
					assert.ok(isPerchError(error));
					assert.equal(error.code, code);
					assert.ok(error.detail.hint);
					return true;
				});
			}
			assert.deepEqual((await http<Answer>(`${deployment.uri}/predict`, { body })).body.predictions, [3]);
		}
		const { text } = await http(`${deployment.uri}/metrics`);
		assert.equal(text.match(/^perch_model_info\{/gm)?.length, 1, 'nothing else stayed in memory');
	});

	it('stops a deployment in the middle of its callers, with an answer for each that it took', async () => {
		const { deployment } = await folder.link.apply(folder.config(version(1)));
		const agent = new Agent({ keepAlive: true, maxSockets: 20 });
		const statuses: number[] = [];
		const client = async (): Promise<string> => {
			for (;;) {
				try {
					const { status } = await http(`${deployment.uri}/predict`, { body, agent });
					statuses.push(status);
					if (status !== 200) return String(status);
				} catch (error) {
					return (error as NodeJS.ErrnoException).code ?? 'unknown';
				}
			}
		};
		const clients = Array.from({ length: 20 }, client);
		await eventually('requests are answered', () => statuses.length > 200);
		await folder.link.remove('small');
		const endings = new Set(await Promise.all(clients));
		assert.ok(
			[...endings].every((ending) => ['404', 'ECONNREFUSED', 'ECONNRESET'].includes(ending)),
			[...endings].join(),
		);
		const answered = statuses.filter((status) => status === 200).length;
		assert.equal(logged().length, answered, 'the log was written before the stop was answered');
		agent.destroy();
	});

	it('keeps callers with their arm, in the share that was asked for', async () => {
		const config = folder.config(version(1), { candidate: version(2), share: 0.3, salt: 'salty' });
		const { deployment } = await folder.link.apply(config);
		const keys = Array.from({ length: 200 }, (_, index) => `user-${index}`);
		for (const key of keys) {
			const arm = armOfKey(key, 'salty', 0.3);
			const { body: answer, headers } = await http<Answer>(`${deployment.uri}/predict`, {
				body,
				headers: { 'x-perch-key': key },
			});
			assert.equal(answer.arm, arm);
			assert.equal(headers['x-perch-arm'], arm);
			assert.deepEqual(answer.predictions, [arm === 'candidate' ? 103 : 3]);
		}
		await folder.link.apply({ ...config, share: 0 });
		for (const key of keys.slice(0, 50)) {
			const { body: answer } = await http<Answer>(`${deployment.uri}/predict`, {
				body,
				headers: { 'x-perch-key': key },
			});
			assert.equal(answer.arm, 'baseline');
		}
		await folder.link.apply({ ...config, share: 1 });
		for (let call = 0; call < 20; call++) {
			assert.equal((await http<Answer>(`${deployment.uri}/predict`, { body })).body.arm, 'candidate');
		}
		await eventually('the requests are logged', () => logged().length === 270);
		assert.equal(logged().filter(({ share }) => share === 0.3).length, 200);
	});

	it('takes the key from the column that the config names', async () => {
		const config = folder.config(version(1), { candidate: version(2), share: 0.5, salt: 's', key: 'user' });
		const { deployment } = await folder.link.apply(config);
		for (const user of ['u1', 'u2', 'u3', 'u4', 5, 6]) {
			const { body: answer } = await http<Answer>(`${deployment.uri}/predict`, { body: { a: 1, b: 2, user } });
			assert.equal(answer.arm, armOfKey(String(user), 's', 0.5));
		}
		const header = await http<Answer>(`${deployment.uri}/predict`, {
			body: { a: 1, b: 2, user: 'u1' },
			headers: { 'x-perch-key': 'h' },
		});
		assert.equal(header.body.arm, armOfKey('h', 's', 0.5), 'the header comes first');
	});

	it('answers for a candidate that fails, and takes its traffic away after five failures', async () => {
		const steady = writeVersion(folder.file('steady.onnx'), sumModel({ inputs: ['a'] }), 1);
		const brittle = writeVersion(folder.file('brittle.onnx'), brittleModel('a', 42), 2);
		const config = folder.config(steady, { candidate: brittle, share: 1 });
		const { deployment } = await folder.link.apply(config);
		const predict = async (a: number) => (await http<Answer>(`${deployment.uri}/predict`, { body: { a } })).body;
		for (let call = 0; call < 4; call++) {
			const { predictions, arm, version: answered } = await predict(1);
			assert.deepEqual([predictions, arm, answered], [[1], 'baseline', 1]);
		}
		assert.deepEqual((await predict(0)).predictions, [42], 'the candidate still answers what it can');
		for (let call = 0; call < 5; call++) await predict(1);
		await eventually('the daemon is told', () => folder.acted.length > 0);
		assert.equal(folder.acted[0]?.acted.version, 2);
		assert.match(folder.acted[0]?.acted.reason ?? '', /failed 5 times in a row/);
		assert.deepEqual((await predict(0)).predictions, [0], 'no more traffic');
		const [state] = (await folder.link.state())?.deployments ?? [];
		assert.equal(state?.share, 0);
		assert.deepEqual(state?.actedAlone, folder.acted[0]?.acted);

		await folder.link.apply(config);
		assert.deepEqual((await predict(0)).predictions, [0], 'the decision holds for this candidate');
		await folder.link.apply({ ...config, salt: 'of another trial' });
		assert.deepEqual((await predict(0)).predictions, [42], 'and ends with it');

		await eventually('all are logged', () => logged().length === 22);
		const failures = logged().filter(({ status }) => status === 500);
		assert.equal(failures.length, 9);
		assert.ok(
			failures.every(
				({ arm, version: failed, error, inputs: rows }) =>
					arm === 'candidate' && failed === 2 && error !== undefined && rows === null,
			),
		);
	});

	it('answers 500 without its inside when the only version fails', async () => {
		const { deployment } = await folder.link.apply(
			folder.config(writeVersion(folder.file('b.onnx'), brittleModel('a', 42), 1)),
		);
		const { status, text } = await http(`${deployment.uri}/predict`, { body: { a: 1 } });
		assert.equal(status, 500);
		assert.match(text, /small version 1 failed on these rows/);
		assert.doesNotMatch(text, /Gather|onnx|\/tmp/);
	});

	it('goes on while no daemon is there, and is adopted by the next', async () => {
		const { deployment } = await folder.link.apply(folder.config(version(1)));
		const { pid } = recorded();
		folder.link.close();
		assert.equal((await http(`${deployment.uri}/predict`, { body })).status, 200);
		const next = folder.another();
		const state = await next.adopt();
		assert.equal(state?.pid, pid);
		assert.deepEqual(
			state?.deployments.map(({ name, version: number, uri }) => [name, number, uri]),
			[['small', 1, deployment.uri]],
		);
		await next.apply(folder.config(version(2)));
		assert.deepEqual((await http<Answer>(`${deployment.uri}/predict`, { body })).body.predictions, [103]);
		assert.equal(folder.revived.length, 0);
	});

	it('is brought back on its port when it is killed', async () => {
		const { deployment } = await folder.link.apply(folder.config(version(1), { candidate: version(2), share: 1 }));
		const { pid } = recorded();
		process.kill(pid, 'SIGKILL');
		await eventually('it is back', () => folder.revived.length > 0);
		const [revived] = folder.revived;
		assert.notEqual(revived?.state?.pid, pid);
		assert.equal(revived?.state?.deployments[0]?.uri, deployment.uri);
		assert.deepEqual((await http<Answer>(`${deployment.uri}/predict`, { body })).body.predictions, [103]);
	});

	it('suspects the candidate when it dies again', async () => {
		const config = folder.config(version(1), { candidate: version(2), share: 1 });
		const { deployment } = await folder.link.apply(config);
		for (let death = 1; death <= 2; death++) {
			process.kill(recorded().pid, 'SIGKILL');
			await eventually('it is back', () => folder.revived.length === death);
		}
		assert.deepEqual((await http<Answer>(`${deployment.uri}/predict`, { body })).body.predictions, [3]);
		assert.deepEqual(
			folder.acted.map(({ acted }) => [acted.version, acted.reason]),
			[[2, 'The gateway crashed 2 times.']],
		);
		await folder.link.apply(config);
		assert.equal((await folder.link.state())?.deployments[0]?.share, 0);
	});

	it('is restored by the next daemon when both were killed', async () => {
		const { deployment } = await folder.link.apply(folder.config(version(1)));
		folder.link.close();
		process.kill(recorded().pid, 'SIGKILL');
		const next = folder.another();
		await eventually('it is gone', async () => (await next.adopt()) === null);
		const { deployment: again, warnings } = await next.apply(folder.config(version(2), { name: 'second' }));
		assert.deepEqual(warnings, []);
		assert.equal(again.port, deployment.port);
		assert.equal(
			(await http(`${deployment.uri}/deployments/small/predict`, { body })).status,
			200,
			'the first one too',
		);
	});

	it('says what it cannot restore, and serves the rest', async () => {
		await folder.link.apply(folder.config(version(1)));
		await folder.link.apply(folder.config(version(2), { name: 'second' }));
		folder.link.close();
		process.kill(recorded().pid, 'SIGKILL');
		writeFileSync(version(1).file, 'something else');
		const next = folder.another();
		await eventually('it is gone', async () => (await next.adopt()) === null);
		await next.apply(folder.config(version(3), { name: 'third' }));
		const states = (await next.state())?.deployments ?? [];
		assert.deepEqual(states.map(({ name, state }) => [name, state]).sort(), [
			['second', 'serving'],
			['small', 'failed'],
			['third', 'serving'],
		]);
		assert.match(states.find(({ name }) => name === 'small')?.reason ?? '', /not the one that was registered/);
	});

	it('ends when it is told to, with nothing left behind', async () => {
		const { deployment } = await folder.link.apply(folder.config(version(1)));
		const { socket } = recorded();
		await folder.link.stop();
		await assert.rejects(http(`${deployment.uri}/health`));
		assert.equal(readGatewayRecord(folder.root), null);
		assert.equal(existsSync(socket), false);
		assert.equal(existsSync(join(folder.root, '.perch', 'gateway-config.json')), false);
		assert.equal(await folder.link.adopt(), null);
		assert.equal(folder.revived.length, 0);
	});

	it('ends by itself when nothing is deployed and nobody is there', async () => {
		const gateway = spawn(process.execPath, [gatewayEntry, '--root', folder.root, '--idle', '300'], {
			stdio: 'ignore',
		});
		const code = await new Promise((resolve) => gateway.once('exit', resolve));
		assert.equal(code, 0);
		assert.equal(readGatewayRecord(folder.root), null);
	});

	it('is the only one of its folder', async () => {
		const { deployment } = await folder.link.apply(folder.config(version(1)));
		const second = spawn(process.execPath, [gatewayEntry, '--root', folder.root], {
			stdio: ['ignore', 'ignore', 'pipe'],
		});
		let said = '';
		second.stderr.on('data', (part) => {
			said += part;
		});
		const code = await new Promise((resolve) => second.once('close', resolve));
		assert.equal(code, 1);
		assert.match(said, new RegExp(`Process ${recorded().pid} is the gateway of this folder already`));
		assert.equal((await http(`${deployment.uri}/predict`, { body })).status, 200);
	});

	it('chooses another port when the kept one is taken, and refuses when a person asked for it', async () => {
		const stranger = createServer();
		const port = await new Promise<number>((resolve) => {
			stranger.listen(0, '127.0.0.1', () => resolve((stranger.address() as { port: number }).port));
		});
		try {
			const { deployment, warnings } = await folder.link.apply(folder.config(version(1), { port }));
			assert.notEqual(deployment.port, port);
			assert.match(warnings[0] ?? '', new RegExp(`Port ${port} is used by another program`));
			const asked = folder.config(version(1), { name: 'asked', port, portFixed: true });
			await assert.rejects(folder.link.apply(asked), (error) => {
				assert.ok(isPerchError(error));
				assert.equal(error.code, 'port_in_use');
				assert.match(error.message, new RegExp(String(port)));
				return true;
			});
			assert.equal((await http(`${deployment.uri}/predict`, { body })).status, 200);
		} finally {
			stranger.close();
		}
	});

	it('takes commands only from those who can read its record', async () => {
		await folder.link.apply(folder.config(version(1)));
		const socket = createConnection(recorded().socket);
		const stranger = createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket));
		stranger.listen();
		await assert.rejects(stranger.sendRequest('stop'), /Attach first/);
		await assert.rejects(stranger.sendRequest('attach', { secret: 'guess' }), /secret is wrong/);
		await assert.rejects(stranger.sendRequest('remove', { name: 'small' }), /Attach first/);
		stranger.dispose();
		socket.destroy();
		const { mode } = statSync(join(folder.root, '.perch', 'gateway.json'));
		if (process.platform !== 'win32') assert.equal(mode & 0o077, 0);
		assert.match(readFileSync(join(folder.root, '.perch', 'gateway-config.json'), 'utf8'), /"small"/);
	});
});
