import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../../daemon/client/connect.ts';
import { createGraph } from '../../daemon/onnx/graph.ts';
import { isPerchError, type PerchError } from '../../daemon/protocol/errors.ts';
import { createWorkplace } from './commandLine.ts';
import { readings, writeProject } from './pumps.ts';
import { sumModel } from './smallModels.ts';

/** As a stranger would write it: one matrix of three columns in, one number a row out, no metadata of ours. */
function foreignModel(): Uint8Array {
	const graph = createGraph('stranger');
	const rows = graph.input('X', 'float', ['N', 3]);
	const weights = graph.constant(Float32Array.of(1, 2, 3), [3, 1]);
	graph.output('variable', 'float', ['N', 1], graph.node('MatMul', [rows, weights]));
	return graph.toBytes({});
}

describe('the registry', () => {
	const place = createWorkplace();
	let client: Client;
	before(async () => {
		client = await place.connect();
	});
	after(() => {
		client.close();
		place.end();
	});

	const path = (name: string) => join(place.folder, name);
	const refused = async (work: Promise<unknown>): Promise<PerchError> => {
		try {
			await work;
		} catch (error) {
			if (isPerchError(error)) return error;
			throw error;
		}
		throw new Error('It was not refused.');
	};
	const add = async (bytes: Uint8Array, name = 'small', alias?: string) => {
		writeFileSync(path('new.onnx'), bytes);
		const params = { name, file: 'new.onnx', ...(alias !== undefined && { alias }) };
		return (await client.request('models/import', params)).version;
	};
	const sum = (bias: number) => sumModel({ inputs: ['a', 'b'] }, bias);
	const version = async (number: number, name = 'small') => {
		const { model } = await client.request('models/show', { name });
		const found = model.versions.find((one) => one.version === number);
		assert.ok(found !== undefined);
		return found;
	};

	it('takes a graph that another program wrote, and gives it back byte for byte', async () => {
		const bytes = foreignModel();
		const made = await add(bytes, 'stranger');
		assert.deepEqual([made.version, made.aliases, made.source], [1, ['production'], 'import']);
		const { sha256 } = await client.request('models/export', { model: 'stranger@latest', output: 'sub/back.onnx' });
		assert.equal(sha256, made.sha256);
		assert.deepEqual(readFileSync(path('sub/back.onnx')), Buffer.from(bytes));
		assert.deepEqual(readdirSync(path('sub')), ['back.onnx']);
	});

	it('serves a version that is named, a file, and the same twice', async () => {
		await add(sum(0));
		await add(sum(100));
		const ask = async (uri: string, deployment: string) => {
			const answer = await fetch(`${uri}/deployments/${deployment}/predict`, {
				method: 'POST',
				headers: {
					'content-type': 'application/json',
					authorization: `Bearer ${readFileSync(path('.perch/token'), 'utf8').trim()}`,
				},
				body: JSON.stringify({ data: [[1, 2]] }),
			});
			return ((await answer.json()) as { predictions: number[] }).predictions;
		};
		const named = await client.request('serve', { model: 'small/2', name: 'named' });
		assert.deepEqual([named.model, named.version], ['small', 2]);
		assert.deepEqual(await ask(named.serving_uri, 'named'), [103]);
		const file = await client.request('serve', { model: 'new.onnx', name: 'file' });
		assert.deepEqual([file.model, file.version], ['new', 0]);
		writeFileSync(path('new.onnx'), 'changed since');
		assert.deepEqual(await ask(file.serving_uri, 'file'), [103], 'a copy of the file is served');
		const { started_at } = (await client.request('deployments/show', { name: 'named' })).deployment;
		assert.deepEqual(await client.request('serve', { model: 'small/2', name: 'named' }), named);
		assert.equal((await client.request('deployments/show', { name: 'named' })).deployment.started_at, started_at);
		assert.equal((await client.request('deployments/list', {})).deployments.length, 2);
		for (const [model, code] of [
			['small/9', 'not_found'],
			['none@latest', 'not_found'],
			['nowhere.onnx', 'file_not_found'],
		] as const) {
			assert.equal((await refused(client.request('serve', { model }))).code, code);
		}
		assert.equal(
			(await refused(client.request('canary/start', { deployment: 'file', version: 1 }))).code,
			'invalid_arguments',
		);
		await client.request('deployments/stop', { name: 'file' });
		assert.equal((await refused(client.request('deployments/stop', { name: 'file' }))).code, 'not_serving');
	});

	it('keeps the version that is served from being archived, and no pinned one from being promoted past', async () => {
		const error = await refused(client.request('models/archive', { name: 'small', version: 2 }));
		assert.equal(error.code, 'invalid_arguments');
		assert.match(error.message, /small version 2/);
		await client.request('models/promote', { name: 'small', version: 2 });
		await client.request('models/promote', { name: 'small', version: 1 });
		assert.equal((await client.request('deployments/show', { name: 'named' })).deployment.version, 2);
		await client.request('deployments/stop', { name: 'named' });
	});

	it('moves aliases as asked, and refuses those that would not be understood', async () => {
		const { version: moved, previous } = await client.request('models/promote', {
			name: 'small',
			version: 2,
			alias: 'champion',
		});
		assert.deepEqual([moved.aliases, previous], [['champion'], null]);
		for (const alias of ['latest', 'v3', 'a b', '']) {
			const { code, detail } = await refused(client.request('models/promote', { name: 'small', version: 2, alias }));
			assert.deepEqual([code, detail.field], ['invalid_arguments', 'alias'], alias);
		}
		assert.equal((await refused(client.request('models/promote', { name: 'small', version: 9 }))).code, 'not_found');
		assert.equal((await refused(client.request('models/promote', { name: 'none' }))).code, 'not_found');
	});

	it('archives, refuses what is archived until it is restored, and uses no number twice', async () => {
		const { version: archived } = await client.request('models/archive', { name: 'small', version: 2, reason: 'old' });
		assert.deepEqual([archived.status, archived.aliases], ['archived', []]);
		for (const work of [
			client.request('models/promote', { name: 'small', version: 2 }),
			client.request('serve', { model: 'small/2' }),
			client.request('predict', { model: 'small/2', input: 'x.csv', output: 'y.csv' }),
		]) {
			const error = await refused(work);
			assert.equal(error.code, 'invalid_arguments');
			assert.match(error.detail.hint ?? '', /perch models restore small\/2/);
		}
		assert.equal((await add(sum(200))).version, 3);
		const { version: restored } = await client.request('models/restore', { name: 'small', version: 2 });
		assert.deepEqual([restored.status, restored.aliases], ['ready', []]);
		assert.equal((await refused(client.request('models/restore', { name: 'small', version: 9 }))).code, 'not_found');
	});

	it('rolls a candidate back first, then production, and then has nothing left', async () => {
		assert.equal((await refused(client.request('models/rollback', { name: 'stranger' }))).code, 'not_found');
		assert.equal((await refused(client.request('models/rollback', { name: 'none' }))).code, 'not_found');
		await client.request('models/promote', { name: 'small', version: 2 });
		await client.request('models/promote', { name: 'small', version: 3, alias: 'candidate' });
		const first = await client.request('models/rollback', { name: 'small', reason: 'it lied' });
		assert.deepEqual([first.archived, first.version.version], [3, 2]);
		assert.equal((await version(3)).status, 'archived');
		const second = await client.request('models/rollback', { name: 'small' });
		assert.deepEqual([second.archived, second.version.version, second.version.aliases], [null, 1, ['production']]);
		const { history } = await client.request('models/show', { name: 'small' });
		assert.equal(history.find(({ event }) => event === 'version.archived')?.reason, 'it lied');
	});

	it('does not let a version serve that did not hold what it must', async () => {
		writeProject(place.folder);
		const strict = `${readFileSync(path('perch.yaml'), 'utf8')}validate: [{metric: anomaly_rate, max: 0}]\n`;
		writeFileSync(path('perch.yaml'), strict);
		const { code, stdout } = place.perch('train', '--json');
		assert.equal(code, 3);
		assert.equal(JSON.parse(stdout).version.status, 'failed');
		assert.equal(
			(await refused(client.request('models/restore', { name: 'pumps', version: 1 }))).code,
			'invalid_arguments',
		);
		assert.equal((await refused(client.request('serve', {}))).code, 'not_found');
		const { runs } = await client.request('runs/list', {});
		assert.equal((await refused(client.request('runs/delete', { id: runs[0]?.id ?? '' }))).code, 'invalid_arguments');
	});

	it('finds that a kept file was changed', async () => {
		const { sha256 } = await version(1);
		writeFileSync(path(`.perch/artifacts/${sha256.slice(0, 2)}/${sha256}.onnx`), 'rotten');
		for (const work of [
			client.request('models/export', { model: 'small/1', output: 'out.onnx' }),
			client.request('serve', { model: 'small/1' }),
		]) {
			assert.equal((await refused(work)).code, 'corrupt_artifact');
		}
		assert.ok(!readdirSync(place.folder).some((name) => name.startsWith('out.onnx')));
	});

	it('tells who asks that a new version cannot take over, and serves on', async () => {
		writeProject(place.folder);
		const config = path('perch.yaml');
		await client.request('train', { config });
		await client.request('serve', { config });
		const { version: other, warnings } = await client.request('train', { config, set: ['data.columns=[flow, heat]'] });
		assert.deepEqual(other?.aliases, ['candidate']);
		assert.match(warnings.join(), /pumps: Version 3 is candidate and does not serve: .*other inputs/);
		const { deployment } = await client.request('deployments/show', { name: 'pumps' });
		assert.deepEqual([deployment.version, deployment.canary, deployment.state], [2, null, 'serving']);
		assert.match(deployment.warnings.join(), /Version 3/);
		const [row] = readings(1, 1);
		const answer = await fetch(`${deployment.serving_uri}/deployments/pumps/predict`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(row),
		});
		assert.equal(answer.status, 200);
	});
});
