import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../../daemon/client/connect.ts';
import { createRandom } from '../../daemon/stats/random.ts';
import { type DaemonFolder, daemonFolder } from './daemonFolder.ts';

/** Readings of which every 15th breaks the tie between the first two numbers. */
function pumps(rows: number): string {
	const random = createRandom('tuningAnomalies.test');
	const lines = Array.from({ length: rows }, (_, row) => {
		const bad = +(row % 15 === 4);
		const load = random.normal();
		const flow = (bad ? -1 : 1) * load + 0.2 * random.normal();
		const at = new Date(Date.UTC(2026, 0, 1) + row * 60_000).toISOString();
		return `${at},${load.toFixed(3)},${flow.toFixed(3)},${random.normal().toFixed(3)},${bad}`;
	});
	return `at,load,flow,noise,bad\n${lines.join('\n')}\n`;
}

const project = `name: pumps
data: {source: pumps.csv, target: bad, time: at}
split: {test: 0.25, by: time, folds: 3}
model:
  type: isolation_forest
  params: {trees: 20}
  tune: {search: tpe, trials: 5, folds: 3, parallel: 2, space: {sample_size: [16, 256], features: {choices: [0.5, 1]}}}
validate: [{metric: average_precision, not_worse_than: production, by: 50%}]
register: {as: pumps}
`;

describe('a tuning of anomalies', () => {
	let place: DaemonFolder;
	let client: Client;
	before(async () => {
		place = daemonFolder();
		writeFileSync(join(place.root, 'pumps.csv'), pumps(900));
		writeFileSync(join(place.root, 'perch.yaml'), project);
		client = await place.connect();
	});
	after(() => place.remove());
	const train = (set: string[]) => client.request('train', { config: join(place.root, 'perch.yaml'), set });

	it('tries a forest by its labels, and gates it on the rows kept apart', async () => {
		const { run, version } = await train([]);
		assert.deepEqual([run.status, version?.aliases], ['FINISHED', ['production']]);
		const tuning = await client.request('runs/tuning', { id: run.id });
		assert.deepEqual([tuning.metric, tuning.direction, tuning.trials.length], ['average_precision', 'more', 5]);
		const best = tuning.trials[(tuning.best ?? 0) - 1];
		assert.equal(
			best?.value,
			Math.max(...tuning.trials.flatMap(({ status, value }) => (status === 'finished' ? (value ?? 0) : 0))),
		);
		// The folds of the tuning are those of the training, so that the winner is measured as it was.
		assert.equal(run.metrics['cv_average_precision'], best?.value);
		assert.ok((run.metrics['test_average_precision'] ?? 0) > 0.07);

		const again = await train(['model.tune.search=halving', 'model.tune.metric=roc_auc']);
		assert.equal(again.run.status, 'FINISHED');
		const validation = again.validation?.[0] ?? assert.fail();
		assert.deepEqual([validation.compared?.version, validation.compared?.rows], [1, 225]);
	});

	it('tries a net by how well it gives usual rows back, where nothing is labelled', async () => {
		const set = [
			'data.target=null',
			'data.exclude=[bad]',
			'validate=[]',
			'model.type=autoencoder',
			'model.params={epochs: 3}',
		];
		const { run } = await train([...set, 'model.tune.space={hidden: {choices: [1, 2]}}', 'model.tune.trials=2']);
		const tuning = await client.request('runs/tuning', { id: run.id });
		assert.deepEqual([tuning.metric, tuning.direction, run.params['hidden']], ['validation_loss', 'less', '2']);
		assert.ok((run.metrics['cv_validation_loss'] ?? 0) > 0);
	});

	it('tries a net on series by what it forecasts, and by the anomalies that it finds', async () => {
		const lstm = [
			'model.type=lstm',
			'model.params={epochs: 2, learning_rate: 0.01}',
			'model.tune.trials=2',
			'model.tune.folds=2',
			'model.tune.space={units: {choices: [8, 16]}}',
			'data.window={size: 5, features: raw}',
			'validate=[]',
			'split={test: 0.25, by: time, folds: 2}',
		];
		const columns = 'data.columns=[load, flow]';
		const forecast = await train([...lstm, 'model.task=forecast', columns, 'data.target=flow', 'name=flow']);
		const anomaly = await train([
			...lstm,
			'model.task=anomaly',
			columns,
			'model.threshold={quantile: 0.95}',
			'name=odd',
		]);
		for (const [{ run }, metric] of [
			[forecast, 'rmse'],
			[anomaly, 'average_precision'],
		] as const) {
			const tuning = await client.request('runs/tuning', { id: run.id });
			const best = tuning.trials[(tuning.best ?? 0) - 1];
			assert.deepEqual(
				[tuning.metric, tuning.trials.length, run.params['units']],
				[metric, 2, String(best?.params['units'])],
			);
			assert.equal(run.metrics[`cv_${metric}`], best?.value);
		}
	});

	it('is refused where nothing says which trial is better', async () => {
		const refused = (set: string[], message: RegExp) => assert.rejects(train(set), { code: 'invalid_config', message });
		await refused(['data.target=null', 'data.exclude=[bad]'], /only labels say which isolation_forest is better/);
		await refused(['model.tune.metric=validation_loss'], /validation_loss is not what anomaly is tuned by/);
		await refused(['model.tune.space={trees: [0, 5]}'], /model\.tune\.space\.trees/);
	});
});
