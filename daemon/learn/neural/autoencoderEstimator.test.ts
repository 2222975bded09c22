import assert from 'node:assert/strict';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { numberColumn, stringColumn, type Table, tableOf } from '../../data/table.ts';
import { openModel } from '../../onnx/model.ts';
import { createRandom } from '../../stats/random.ts';
import { type TrainingSpec, trainModel } from '../trainModel.ts';

/** b and c follow from a, and d from the kind; each fortieth row breaks that, within the range of every column. */
function machines(rows: number, seed: number): Table {
	const random = createRandom('machines', seed);
	const made = Array.from({ length: rows }, (_, row) => {
		const a = random.normal();
		const kind = ['hot', 'cold'][random.integer(2)] as string;
		const broken = row % 40 === 7;
		const b = (broken ? -2 * a - Math.sign(a) : 2 * a) + 0.1 * random.normal();
		return { a, b, c: a * a + 0.1 * random.normal(), d: +(kind === 'hot') + 0.1 * random.normal(), kind, broken };
	});
	return tableOf([
		...(['a', 'b', 'c', 'd'] as const).map((name) =>
			numberColumn(
				name,
				made.map((one, row) => (name === 'c' && row % 30 === 0 ? null : one[name])),
			),
		),
		stringColumn(
			'kind',
			made.map(({ kind }) => kind),
		),
		numberColumn(
			'broken',
			made.map(({ broken }) => +broken),
			'integer',
		),
	]);
}

const spec: TrainingSpec = {
	model: { type: 'autoencoder', params: { epochs: 60, learning_rate: 0.01, hidden: '8-3-8' } },
	prepare: [],
	target: 'broken',
};
const table = machines(2000, 1);

describe('autoencoder', () => {
	it('learns what is usual, tells what is not, and beats the mean', async () => {
		const { metrics, params, history, warnings } = await trainModel(table, { ...spec, test: machines(1000, 2) });
		assert.ok((metrics['roc_auc'] ?? 0) > 0.95 && (metrics['test_roc_auc'] ?? 0) > 0.95, JSON.stringify(metrics));
		assert.ok((metrics['validation_loss'] ?? 1) < 0.5 * (metrics['baseline_validation_loss'] ?? 0));
		assert.deepEqual(warnings, []);
		assert.equal(params['hidden'], '8-3-8');
		assert.equal(history['loss']?.length, metrics['epochs']);
		assert.equal(history['validation_loss']?.length, metrics['epochs']);
		const least = Math.min(...(history['validation_loss'] ?? []).map(({ value }) => value));
		assert.equal(least, metrics['validation_loss']);
	});

	it('says half on the threshold, more above it, and the error of each feature', async () => {
		const { onnx, description } = await trainModel(table, spec);
		const model = await openModel(onnx);
		const { score, label, anomaly_score: abnormal } = await model.infer(table);
		await model.close();
		assert.equal(description.score, 'error');
		const threshold = description.threshold as number;
		for (const [row, error] of (score ?? []).entries()) {
			assert.ok(Math.abs((abnormal?.[row] as number) - error / (error + threshold)) < 1e-12);
			if (Math.abs(error - threshold) > 1e-5) assert.equal(label?.[row], error > threshold ? -1 : 1);
		}
		const session = await InferenceSession.create(onnx);
		const given = await session.run({
			...Object.fromEntries(
				['a', 'b', 'c', 'd'].map((name, index) => [
					name,
					new Tensor('float32', [[0.5, 1, Number.NaN, 5][index] as number], [1, 1]),
				]),
			),
			kind: new Tensor('string', ['hot'], [1, 1]),
		});
		const errors = [...(given['errors']?.data as Float32Array)];
		assert.equal(errors.length, description.features.length);
		const [whole] = given['score']?.data as Float32Array;
		assert.ok(Math.abs(errors.reduce((sum, error) => sum + error, 0) / errors.length - (whole as number)) < 1e-4);
		assert.equal(description.features[errors.indexOf(Math.max(...errors))], 'd');
	});

	it('takes the threshold from rows that it did not learn from: so many of new usual rows lie beyond', async () => {
		const usual = { ...spec, model: { ...spec.model, params: { ...spec.model.params, threshold_quantile: '90%' } } };
		const { metrics } = await trainModel(table, { ...usual, test: machines(4000, 3) });
		// A tenth of the usual rows, and nearly all of the others, which are 2.5 %.
		assert.ok(Math.abs((metrics['test_anomaly_rate'] ?? 0) - 0.125) < 0.03, String(metrics['test_anomaly_rate']));
	});

	it('is the same file for the same seed, and another for another', async () => {
		const short = { ...spec, model: { ...spec.model, params: { epochs: 2 } } };
		const other = { ...spec, model: { ...spec.model, params: { epochs: 2, seed: 8 } } };
		const [one, two, three] = await Promise.all([short, short, other].map((each) => trainModel(table, each)));
		assert.deepEqual(one?.onnx, two?.onnx);
		assert.notDeepEqual(one?.onnx, three?.onnx);
	});

	it('stops when the validation loss falls no more', async () => {
		const params = { epochs: 500, learning_rate: 0.05, early_stopping: 3 };
		const { metrics, history } = await trainModel(table, { ...spec, model: { ...spec.model, params } });
		const losses = (history['validation_loss'] ?? []).map(({ value }) => value);
		assert.ok(losses.length < 500);
		assert.equal(losses.length - 1 - losses.indexOf(Math.min(...losses)), 3);
		assert.equal(metrics['epochs'], losses.length);
	});

	it('takes values of any size, and agrees with its graph on them', async () => {
		const values = [1e38, -1e38, 0, 1, 2, 3, 1e-20, 4, 5, 6];
		const wild = tableOf([
			numberColumn('x', values),
			numberColumn(
				'y',
				values.map((value, row) => (row === 3 ? 1e300 : value * 1e-30)),
			),
		]);
		const { metrics } = await trainModel(wild, { prepare: [], model: { type: 'autoencoder', params: {} } });
		assert.ok(Number.isFinite(metrics['threshold']));
	});

	it('refuses widths that are none, and rows of which all are anomalies', async () => {
		const bad = { ...spec, model: { type: 'autoencoder' as const, params: { hidden: '6-0-6' } } };
		await assert.rejects(trainModel(table, bad), { code: 'invalid_config' });
		const all = tableOf([numberColumn('x', [1, 2, 3]), numberColumn('y', [1, 1, 1], 'integer')]);
		await assert.rejects(trainModel(all, { ...spec, target: 'y' }), { code: 'empty_data' });
	});
});
