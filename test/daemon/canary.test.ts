import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../../daemon/client/connect.ts';
import { isPerchError } from '../../daemon/protocol/errors.ts';
import type { Deployment } from '../../daemon/protocol/serving.ts';
import { createWorkplace } from './commandLine.ts';
import { readings, send, writeProject } from './pumps.ts';
import { eventually } from './servedFolder.ts';
import { brittleModel, sumModel } from './smallModels.ts';

describe('a canary', () => {
	const place = createWorkplace();
	let client: Client;
	before(async () => {
		writeProject(place.folder);
		client = await place.connect();
	});
	after(() => {
		client.close();
		place.end();
	});

	const config = join(place.folder, 'perch.yaml');
	const train = async (...set: string[]) => (await client.request('train', { config, set })).version;
	const show = async (name = 'pumps'): Promise<Deployment> =>
		(await client.request('deployments/show', { name })).deployment;
	const canaryOf = async (name = 'pumps') => {
		const { canary } = await show(name);
		assert.ok(canary !== null);
		return canary;
	};
	/** Waits until the daemon has read so many requests of the running candidate's time. */
	const counted = (requests: number, name = 'pumps') =>
		eventually(`${requests} requests are counted`, async () => {
			const { canary } = (await client.request('canary/status', { deployment: name })).deployment;
			return canary !== null && canary.requests.baseline + canary.requests.candidate >= requests;
		});
	const ended = (name: string) =>
		eventually('the candidate is rolled back', async () => (await canaryOf(name)).status === 'rolled_back');
	const versionOf = async (number: number, name = 'pumps') => {
		const { model } = await client.request('models/show', { name });
		return model.versions.find(({ version }) => version === number);
	};
	const auditOf = async (event: string, subject = 'pumps') => {
		const { events } = await client.request('audit/show', { subject });
		return events.find((one) => one.event === event);
	};
	const refusal = async (work: Promise<unknown>): Promise<string> => {
		try {
			await work;
		} catch (error) {
			if (isPerchError(error)) return error.code;
			throw error;
		}
		return 'not refused';
	};
	let uri: string;
	let firstSalt: string;

	it('begins with the second version, and keeps a caller with its arm', async () => {
		assert.deepEqual((await train())?.aliases, ['production']);
		uri = (await client.request('serve', { config })).serving_uri;
		assert.equal((await show()).canary, null);
		assert.deepEqual((await train('model.params.seed=2'))?.aliases, ['candidate']);
		const canary = await canaryOf();
		assert.deepEqual([canary.candidate, canary.share, canary.status], [2, 0.5, 'running']);
		firstSalt = canary.salt_id;
		const [row] = readings(1, 7);
		const keys = Array.from({ length: 20 }, (_, index) => `pump ${index}`);
		const asked = keys.flatMap((pump) => [
			{ ...row, pump },
			{ ...row, pump },
		]);
		const answers = await send(uri, 'pumps', asked);
		const arms = keys.map((_, index) => [answers[2 * index]?.arm, answers[2 * index + 1]?.arm]);
		for (const [once, again] of arms) assert.equal(once, again);
		assert.deepEqual(new Set(arms.flat()), new Set(['baseline', 'candidate']));
	});

	it('is not judged on less than 100 rows', async () => {
		await send(uri, 'pumps', readings(40, 8, 4));
		await counted(80);
		const { verdicts, action } = await client.request('canary/decide', {});
		assert.deepEqual(
			verdicts.map(({ guard, failed }) => [guard, failed]),
			[['drift', null]],
		);
		assert.match(verdicts[0]?.reason ?? '', /80 of the 100 rows/);
		assert.equal(action, 'none');
		assert.equal((await canaryOf()).status, 'running');
		assert.equal((await versionOf(2))?.status, 'ready');
	});

	it('is rolled back by the guard alone once the traffic has drifted', async () => {
		await send(uri, 'pumps', readings(150, 9, 4));
		await ended('pumps');
		const canary = await canaryOf();
		assert.equal(canary.share, 0);
		assert.match(canary.reason, /drift: \d+ % of the columns drifted over \d+ rows/);
		const version = await versionOf(2);
		assert.deepEqual([version?.status, version?.aliases], ['archived', []]);
		const event = await auditOf('canary.rolled_back');
		assert.deepEqual([event?.actor, event?.reason], ['guard', canary.reason]);
		assert.equal((await show()).last_drift?.drift, true);
		const answers = await send(uri, 'pumps', readings(40, 10));
		assert.deepEqual(new Set(answers.map(({ version: answered }) => answered)), new Set([1]));
	});

	it('deals the next candidate anew, and stops when told, for good', async () => {
		await train('model.params.seed=3');
		const canary = await canaryOf();
		assert.deepEqual([canary.candidate, canary.status], [3, 'running']);
		assert.deepEqual(canary.requests, { baseline: 0, candidate: 0 });
		assert.notEqual(canary.salt_id, firstSalt);
		await client.request('canary/stop', { reason: 'lunch' });
		const stopped = await canaryOf();
		assert.deepEqual([stopped.status, stopped.share, stopped.reason], ['stopped', 0, 'lunch']);
		assert.deepEqual((await versionOf(3))?.aliases, ['candidate'], 'it was not judged');
		assert.deepEqual(await client.request('canary/decide', {}).then(({ verdicts }) => verdicts), []);
		assert.equal(await refusal(client.request('canary/stop', {})), 'not_found');
		await client.request('models/promote', { name: 'pumps', version: 1, alias: 'champion' });
		await client.request('serve', { config });
		assert.equal((await canaryOf()).status, 'stopped', 'neither another alias nor serving anew starts it');
	});

	it('is started by hand, and what cannot be tried changes nothing', async () => {
		await client.request('canary/start', { version: 3, share: 0.2 });
		const before = await canaryOf();
		assert.deepEqual([before.candidate, before.share, before.status], [3, 0.2, 'running']);
		writeFileSync(join(place.folder, 'other.onnx'), sumModel({ inputs: ['x'] }));
		await client.request('models/import', { name: 'pumps', file: 'other.onnx' });
		assert.equal(await refusal(client.request('canary/start', { version: 4 })), 'model_mismatch');
		assert.equal(await refusal(client.request('canary/start', { version: 2 })), 'invalid_arguments');
		assert.equal(await refusal(client.request('canary/start', { version: 1 })), 'invalid_arguments');
		assert.equal(await refusal(client.request('canary/start', { version: 9 })), 'not_found');
		assert.equal(await refusal(client.request('models/promote', { name: 'pumps', version: 4 })), 'model_mismatch');
		assert.deepEqual((await versionOf(1))?.aliases.includes('production'), true);
		assert.deepEqual(await canaryOf(), before);
		assert.equal(await auditOf('canary.started').then((event) => event?.detail['version']), 3);
		assert.deepEqual(new Set((await send(uri, 'pumps', readings(20, 11))).map(({ status }) => status)), new Set([200]));
	});

	it('goes on where it was when the daemon is killed', async () => {
		await counted(20);
		const before = await canaryOf();
		process.kill(client.server.pid, 'SIGKILL');
		await eventually('the connection ends', () =>
			refusal(client.request('daemon/status', {})).then((code) => code !== 'not refused'),
		);
		await send(uri, 'pumps', readings(30, 12));
		client = await place.connect();
		await counted(50);
		const { requests, ...same } = await canaryOf();
		const { requests: earlier, ...expected } = before;
		assert.deepEqual(same, expected);
		assert.equal(requests.baseline + requests.candidate, 50);
		assert.equal(earlier.baseline + earlier.candidate, 20);
	});

	it('takes over without a dropped request when it is promoted', async () => {
		let done = false;
		const statuses: number[] = [];
		const versions = new Set<number>();
		const traffic = (async () => {
			for (let seed = 0; !done; seed++) {
				for (const { status, version } of await send(uri, 'pumps', readings(10, 100 + seed))) {
					statuses.push(status);
					versions.add(version);
				}
			}
		})();
		await client.request('models/promote', { name: 'pumps', version: 3, reason: 'it held' });
		await eventually('it answers alone', async () => {
			const answers = await send(uri, 'pumps', readings(8, 99));
			return answers.every(({ version }) => version === 3);
		});
		done = true;
		await traffic;
		assert.deepEqual(new Set(statuses), new Set([200]));
		assert.ok(versions.has(3));
		const { version, canary } = await show();
		assert.deepEqual([version, canary?.status, canary?.reason], [3, 'promoted', 'it held']);
		assert.deepEqual((await versionOf(3))?.aliases, ['production']);
	});

	describe('with metrics as guards', () => {
		/** A deployment of two imported models, the second as the candidate that answers everyone. */
		const serveImported = async (name: string, guard: string, baseline: Uint8Array, candidate: Uint8Array) => {
			writeProject(place.folder, { name, guard, share: '100%' }, `${name}.yaml`);
			for (const [file, bytes, alias] of [
				['baseline.onnx', baseline, 'production'],
				['candidate.onnx', candidate, 'candidate'],
			] as const) {
				writeFileSync(join(place.folder, file), bytes);
				await client.request('models/import', { name, file, alias });
			}
			await client.request('serve', { config: `${name}.yaml` });
			assert.equal((await canaryOf(name)).status, 'running');
		};

		it('ends one that fails more often than it may, though its drift cannot be told', async () => {
			const guard = '[{drift: true}, {metric: error_rate, max: 1%}]';
			await serveImported('brittle', guard, sumModel({ inputs: ['a'] }), brittleModel('a', 42));
			// Every other request fails: never five in a row, which the gateway would end by itself.
			for (let round = 0; round < 110; round++) await send(uri, 'brittle', [{ a: round % 2 }]);
			await ended('brittle');
			const event = await auditOf('canary.rolled_back', 'brittle');
			assert.equal(event?.actor, 'guard');
			assert.match(event?.reason ?? '', /error_rate of the candidate is 0\.\d+/);
		});

		it('ends one that is slower than it may be', async () => {
			await serveImported(
				'slow',
				'[{metric: p99_ms, max: 0.0001}]',
				sumModel({ inputs: ['a'] }),
				sumModel({ inputs: ['a'] }, 1),
			);
			await send(
				uri,
				'slow',
				readings(110, 13).map(({ flow }) => ({ a: flow })),
			);
			await ended('slow');
			assert.match((await canaryOf('slow')).reason, /p99_ms of the candidate is/);
		});

		it('records that the gateway ended one alone', async () => {
			await serveImported('failing', '[]', sumModel({ inputs: ['a'] }), brittleModel('a', 42));
			const answers = await send(uri, 'failing', [{ a: 1 }, { a: 1 }, { a: 1 }, { a: 1 }, { a: 1 }, { a: 1 }]);
			assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]), 'the baseline answers instead');
			await ended('failing');
			assert.equal((await auditOf('canary.rolled_back', 'failing'))?.actor, 'gateway');
			assert.equal((await versionOf(2, 'failing'))?.status, 'archived');
		});

		it('leaves an unbroken audit', async () => {
			assert.equal((await client.request('audit/verify', {})).valid, true);
		});
	});
});
