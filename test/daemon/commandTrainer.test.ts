import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../../daemon/client/connect.ts';
import { repository } from './commandLine.ts';
import { type DaemonFolder, daemonFolder, isAlive, until } from './daemonFolder.ts';

const graphFile = join(repository, 'daemon/onnx/graph.ts');

/** A trainer as a person would write it, in TypeScript here: it knows that y = 2 a + 3 b + 1. */
const trainer = `
	import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
	import { createGraph } from ${JSON.stringify(graphFile)};
	const { PERCH_MODEL, PERCH_ARTIFACTS, PERCH_TRAIN, PERCH_PARAMS, PERCH_TASK, API_KEY } = process.env;
	console.log('training', PERCH_TASK, PERCH_PARAMS, PERCH_TRAIN.endsWith('.parquet'), 'with', API_KEY);
	for (let step = 1; step <= 3; step++) console.log(JSON.stringify({ step, loss: 1 / step, progress: step / 3 }));
	console.log(JSON.stringify({ rounds: 3, key: API_KEY }));
	const graph = createGraph('trainer');
	const product = graph.node('MatMul', [graph.input('x', 'float', ['N', 2]), graph.constant(Float32Array.of(2, 3), [2, 1])]);
	graph.output('y', 'float', ['N', 1], graph.node('Add', [product, graph.constant(Float32Array.of(1), [1])]));
	mkdirSync(PERCH_ARTIFACTS + '/plots');
	writeFileSync(PERCH_ARTIFACTS + '/plots/curve.txt', 'up');
	symlinkSync('/etc/hostname', PERCH_ARTIFACTS + '/link.txt');
	writeFileSync(PERCH_MODEL, graph.toBytes({}));`;

const idle = `
	import { spawn } from 'node:child_process';
	import { appendFileSync } from 'node:fs';
	const stay = 'require("fs").appendFileSync("pids", process.pid + "\\\\n"); setInterval(() => {}, 1000);';
	spawn(process.execPath, ['-e', stay], { stdio: 'inherit' });
	spawn(process.execPath, ['-e', stay], { stdio: 'inherit', detached: true });
	appendFileSync('pids', process.pid + '\\n');
	setInterval(() => {}, 1000);`;

describe('a trainer of a person’s own', () => {
	let place: DaemonFolder;
	let client: Client;
	beforeEach(async () => {
		place = daemonFolder();
		const rows = Array.from({ length: 200 }, (_, row) => {
			const [a, b] = [row % 13, (row * 7) % 11];
			return `${a},${b},${2 * a + 3 * b + 1}`;
		});
		writeFileSync(join(place.root, 'rows.csv'), `a,b,y\n${rows.join('\n')}\n`);
		mkdirSync(join(place.root, 'own'));
		client = await place.connect();
	});
	afterEach(() => place.remove());

	function project(script: string, more = ''): string {
		writeFileSync(join(place.root, 'own', 'train.ts'), script);
		const file = join(place.root, 'perch.yaml');
		writeFileSync(
			file,
			`name: own
data: {source: rows.csv, target: y}
split: {test: 0.25, seed: 7}
model:
  type: command
  task: regression
  run: '"${process.execPath}" train.ts'
  folder: own
  timeout: 60s
  params: {rounds: 3}
  env: {API_KEY: hush-hush}
  secrets: [API_KEY]
register: {as: own}
${more}`,
		);
		return file;
	}
	const pids = () => {
		const file = join(place.root, 'own', 'pids');
		return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
	};

	it('leaves a version that answers raw rows, with its curves, figures, log and artifacts, and no secret', async () => {
		const told: string[] = [];
		const { run, version, warnings } = await client.request(
			'train',
			{ config: project(trainer) },
			{ onProgress: ({ message }) => told.push(message) },
		);
		assert.deepEqual([run.metrics['r2'], run.metrics['rounds'], version?.status], [1, 3, 'ready']);
		assert.equal(run.params['run'], `"${process.execPath}" train.ts`);
		assert.ok(!warnings.some((warning) => /no better/.test(warning)));
		const { history, artifacts } = await client.request('runs/show', { id: run.id });
		assert.deepEqual(
			history['loss']?.map(({ step, value }) => [step, value]),
			[1, 2, 3].map((step) => [step, 1 / step]),
		);
		const own = artifacts.map(({ path }) => path).filter((path) => /^artifacts|^trainer/.test(path));
		assert.deepEqual(own.sort(), ['artifacts/plots/curve.txt', 'trainer.log']);
		const store = join(place.root, '.perch', 'artifacts');
		const texts = readdirSync(store, { recursive: true, encoding: 'utf8' })
			.filter((name) => /\.(log|txt)$/.test(name))
			.map((name) => readFileSync(join(store, name), 'utf8'));
		assert.ok(texts.includes('training regression {"rounds":3} true with ***\n') && texts.includes('up'));
		assert.ok(!texts.join('\n').includes('hush'));
		assert.ok(!told.join('\n').includes('hush'));
		await client.request('predict', {
			...{ model: 'own@production', input: join(place.root, 'rows.csv'), output: join(place.root, 'out.csv') },
		});
		const lines = readFileSync(join(place.root, 'out.csv'), 'utf8').trim().split('\n');
		assert.deepEqual(lines.slice(0, 3), ['row,prediction', '1,1', '2,24']);
	});

	it('that leaves no model, or one that does not fit, fails and says why', async () => {
		const refused = async (script: string, message: RegExp) =>
			assert.rejects(client.request('train', { config: project(script) }), { code: 'invalid_model', message });
		await refused('', /left no model/);
		await refused(
			`import { writeFileSync } from 'node:fs'; writeFileSync(process.env.PERCH_MODEL, 'x');`,
			/no ONNX model/,
		);
		await refused(trainer.replace("['N', 2]", "['N', 5]"), /takes 5 columns/);
		await refused(trainer.replace('Float32Array.of(1)', 'Float32Array.of(NaN)'), /says NaN/);
		const { runs } = await client.request('runs/list', {});
		assert.deepEqual(new Set(runs.map(({ status }) => status)), new Set(['FAILED']));
		assert.deepEqual((await client.request('models/list', {})).models, []);
	});

	it('ends with all that it started when it is cancelled', async () => {
		const abort = new AbortController();
		const work = client.request('train', { config: project(idle) }, { signal: abort.signal });
		work.catch(() => undefined);
		await until(() => pids().length === 3);
		abort.abort();
		await assert.rejects(work, { code: 'cancelled' });
		await until(() => !pids().some(isAlive));
		assert.deepEqual(readdirSync(join(place.root, '.perch/jobs')), []);
	});

	it('ends with all that it started when the daemon is killed', async () => {
		client.request('train', { config: project(idle) }).catch(() => undefined);
		await until(() => pids().length === 3);
		await place.kill();
		await until(() => !pids().some(isAlive));
	});

	it('is tuned as any other', async () => {
		const tune = 'model.tune={trials: 2, folds: 2, parallel: 2, space: {rounds: [1, 9]}}';
		const { run } = await client.request('train', { config: project(trainer), set: [tune] });
		assert.equal(run.metrics['r2'], 1);
		assert.ok(Number(run.params['rounds']) >= 1);
	});

	it('is crossed over folds as any other, and asked for what it lacks', async () => {
		const config = project(trainer);
		const { run } = await client.request('train', { config, set: ['split.folds=3'] });
		assert.equal(run.metrics['cv_r2'], 1);
		await assert.rejects(client.request('train', { config, set: ['model.type=linear'] }), { code: 'invalid_config' });
		await assert.rejects(client.request('train', { config, set: ['model.secrets=[PERCH_NOWHERE]'] }), {
			code: 'invalid_config',
			message: /PERCH_NOWHERE/,
		});
	});
});
