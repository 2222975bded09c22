import assert from 'node:assert/strict';
import { numberColumn, sliceRows, type Table, tableOf } from '../../data/table.ts';
import { parse } from '../../protocol/parse.ts';
import { type ModelSection, modelSection } from '../../protocol/project/model.ts';
import { createRandom } from '../../stats/random.ts';
import { type TrainingSpec, trainModel } from '../trainModel.ts';

const rows = 600;
const day = 86_400_000;

/** A row a day, every 20th one wrong by a few deviations. */
function readings(): Table {
	const random = createRandom('detectorFolds.test');
	const bad = Float64Array.from({ length: rows }, (_, row) => +(row % 20 === 7));
	const value = () => Float64Array.from(bad, (wrong) => random.normal() + 2.5 * wrong);
	return tableOf([
		numberColumn('x', value()),
		numberColumn('y', value()),
		numberColumn(
			'at',
			Float64Array.from({ length: rows }, (_, row) => row * day),
			'timestamp',
		),
		numberColumn('bad', bad),
	]);
}

const table = readings();
const train = (model: Partial<ModelSection>, change: Partial<TrainingSpec> = {}, given = table) =>
	trainModel(given, {
		model: parse(modelSection, { type: 'isolation_forest', params: { trees: 30 }, ...model }),
		prepare: [],
		target: 'bad',
		time: 'at',
		...change,
	});
const split = { test: 0.2, by: 'time', seed: 7 } as const;

describe('models of anomalies on rows that they did not learn from', () => {
	for (const model of [
		{ threshold: { quantile: 0.95, per_key: false } },
		{ type: 'autoencoder', params: { epochs: 3, hidden: 1 } },
	] satisfies Partial<ModelSection>[]) {
		it(`measure each stretch as a training on all before it would: ${model.type ?? 'isolation_forest'}`, async () => {
			const { metrics, history } = await train(model, { split: { ...split, folds: 3 } });
			// 480 rows are learned from: 3 stretches of 120, as scikit-learn's TimeSeriesSplit(3).
			const names = ['average_precision', 'roc_auc', 'f1', 'nab_score', 'anomaly_rate'];
			for (const fold of [0, 1, 2]) {
				const border = 120 * (fold + 1);
				const alone = await train(model, { test: sliceRows(table, border, border + 120) }, sliceRows(table, 0, border));
				for (const name of names) {
					assert.equal(history[`fold_${name}`]?.[fold]?.value, alone.metrics[`test_${name}`], `${name} of ${fold}`);
				}
			}
			const values = history['fold_average_precision']?.map(({ value }) => value) ?? [];
			const mean = values.reduce((sum, value) => sum + value, 0) / 3;
			const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
			assert.ok(Math.abs((metrics['cv_average_precision'] ?? 0) - mean) < 1e-12);
			assert.ok(Math.abs((metrics['cv_average_precision_std'] ?? 0) - Math.sqrt(squares / 2)) < 1e-12);
			assert.equal(metrics['cv_validation_loss'] !== undefined, model.type === 'autoencoder');
		});
	}

	it('learn from all rows but those that split keeps, and measure with these', async () => {
		const parted = await train({}, { split });
		const apart = await train({}, { test: sliceRows(table, 480, 600) }, sliceRows(table, 0, 480));
		assert.deepEqual(parted.metrics, apart.metrics);
		assert.deepEqual(parted.onnx, apart.onnx);
		assert.equal(parted.holdout?.rows, 120);
		assert.equal((await train({})).holdout, null);
	});

	it('have the same share of anomalies in each part, drawn by the seed', async () => {
		const { history, holdout } = await train(
			{},
			{ time: null, exclude: ['at'], split: { ...split, by: 'stratified', folds: 4 } },
		);
		const marks = holdout?.columns.find(({ name }) => name === 'bad');
		assert.ok(marks?.kind === 'number');
		assert.deepEqual([marks.values.length, marks.values.filter((mark) => mark === 1).length], [120, 6]);
		assert.equal(history['fold_recall']?.length, 4);
		await assert.rejects(train({}, { target: null, exclude: ['bad'], split: { ...split, by: 'stratified' } }), {
			code: 'invalid_config',
			message: /stratified needs data\.target/,
		});
	});
});
