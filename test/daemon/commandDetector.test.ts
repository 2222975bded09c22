import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../../daemon/client/connect.ts';
import { readTable } from '../../daemon/data/read/read.ts';
import { createRandom } from '../../daemon/stats/random.ts';
import { repository } from './commandLine.ts';
import { type DaemonFolder, daemonFolder } from './daemonFolder.ts';

/** Scores a row by |a − b|, and shows what it was given. */
const trainer = (score: string) => `
	import { copyFileSync, writeFileSync } from 'node:fs';
	import { createGraph } from ${JSON.stringify(join(repository, 'daemon/onnx/graph.ts'))};
	const { PERCH_MODEL, PERCH_ARTIFACTS, PERCH_TRAIN, PERCH_TASK, PERCH_TARGET } = process.env;
	console.log(PERCH_TASK + ':' + PERCH_TARGET);
	copyFileSync(PERCH_TRAIN, PERCH_ARTIFACTS + '/given.parquet');
	const graph = createGraph('trainer');
	const apart = graph.node('MatMul', [graph.input('x', 'float', ['N', 2]), graph.constant(Float32Array.of(1, -1), [2, 1])]);
	graph.output('score', 'float', ['N', 1], graph.node('${score}', [apart]));
	writeFileSync(PERCH_MODEL, graph.toBytes({}));`;

const rows = 400;

describe('a trainer of a person’s own that finds anomalies', () => {
	let place: DaemonFolder;
	let client: Client;
	before(async () => {
		place = daemonFolder();
		const random = createRandom('commandDetector.test');
		const lines = Array.from({ length: rows }, (_, row) => {
			const bad = +(row % 20 === 7);
			const a = random.normal();
			return `${a.toFixed(3)},${(a + (bad ? 5 : 0.5 * random.normal())).toFixed(3)},${bad}`;
		});
		writeFileSync(join(place.root, 'rows.csv'), `a,b,bad\n${lines.join('\n')}\n`);
		writeFileSync(
			join(place.root, 'perch.yaml'),
			`name: apart
data: {source: rows.csv, target: bad}
model: {type: command, task: anomaly, run: '"${process.execPath}" train.ts'}
register: {as: apart}
`,
		);
		client = await place.connect();
	});
	after(() => place.remove());
	const train = (score: string, set: string[] = []) => {
		writeFileSync(join(place.root, 'train.ts'), trainer(score));
		return client.request('train', { config: join(place.root, 'perch.yaml'), set });
	};

	it('gets the rows that are not labelled so, and its scores get a threshold', async () => {
		const { run } = await train('Abs');
		assert.ok((run.metrics['roc_auc'] ?? 0) > 0.99 && (run.metrics['recall'] ?? 0) === 1);
		// 380 rows are usual, and one in a hundred of them lies beyond the threshold.
		assert.equal(run.metrics['anomaly_rate'], (20 + 4) / rows);
		const store = join(place.root, '.perch', 'artifacts');
		const files = readdirSync(store, { recursive: true, encoding: 'utf8' }).map((name) => join(store, name));
		const { artifacts } = await client.request('runs/show', { id: run.id });
		const kept = (name: string) => {
			const { sha256 = 'none' } = artifacts.find(({ path }) => path === name) ?? {};
			return files.find((path) => path.includes(sha256)) ?? assert.fail(name);
		};
		const table = await readTable(kept('artifacts/given.parquet'));
		assert.deepEqual([table.rows, table.columns.map(({ name }) => name)], [380, ['a', 'b']]);
		assert.equal(readFileSync(kept('trainer.log'), 'utf8'), 'anomaly:\n');

		const output = join(place.root, 'said.jsonl');
		await client.request('predict', { model: 'apart@production', input: join(place.root, 'rows.csv'), output });
		const said = readFileSync(output, 'utf8')
			.trim()
			.split('\n')
			.map((line) => JSON.parse(line));
		const source = readFileSync(join(place.root, 'rows.csv'), 'utf8').trim().split('\n').slice(1);
		said.forEach(({ score, label, anomaly_score: anomaly }, row) => {
			const [a = 0, b = 0] = (source[row] ?? '').split(',').map(Number);
			assert.ok(Math.abs(score - Math.abs(a - b)) < 1e-5);
			assert.equal(label, anomaly > 0.5 ? -1 : 1);
		});
	});

	it('is measured on folds and rows kept apart, and may have a threshold of clean rows', async () => {
		const { run } = await train('Abs', [
			'split={by: stratified, test: 0.25, folds: 2}',
			'model.threshold={quantile: 0.9}',
		]);
		assert.ok((run.metrics['cv_average_precision'] ?? 0) > 0.9 && (run.metrics['test_roc_auc'] ?? 0) > 0.9);
		assert.equal(run.params['threshold.quantile'], '0.9');
	});

	it('is refused where a score may be below 0', async () => {
		await assert.rejects(train('Neg'), { code: 'invalid_model', message: /scores a row that it learned from -/ });
	});
});
