import assert from 'node:assert/strict';
import { numberColumn, type Table, tableOf } from '../../data/table.ts';
import { openModel } from '../../onnx/model.ts';
import { parse } from '../../protocol/parse.ts';
import { modelSection } from '../../protocol/project/model.ts';
import { createRandom } from '../../stats/random.ts';
import { type TrainedModel, trainModel } from '../trainModel.ts';

const rows = 1500;

/** Two numbers that belong together: each 40th row is far out, and each 40th other one breaks the tie alone. */
function pairs(): Table {
	const random = createRandom('anomalyEnsemble.test');
	const x = Float64Array.from({ length: rows }, (_, row) => (row % 40 === 3 ? 7 : 0) + random.normal());
	const y = Float64Array.from(
		x,
		(value, row) => (row % 40 === 23 ? -value - 3 * Math.sign(value) : value) + 0.1 * random.normal(),
	);
	const bad = Float64Array.from(x, (_, row) => +(row % 40 === 3 || row % 40 === 23));
	return tableOf([numberColumn('x', x), numberColumn('y', y), numberColumn('bad', bad)]);
}

const table = pairs();
const train = (model: object, target: string | null = 'bad') =>
	trainModel(table, {
		model: parse(modelSection, model),
		prepare: [],
		target,
		exclude: target === null ? ['bad'] : [],
	});
const forest = { type: 'isolation_forest', params: { trees: 40 } };
const net = { type: 'autoencoder', params: { hidden: 1, epochs: 10, learning_rate: 0.01 } };
const together = (combine: string, models: object[] = [forest, net]) => ({
	type: 'ensemble',
	params: { combine },
	models,
});

async function scores({
	onnx,
}: TrainedModel): Promise<{ score: Float64Array; anomaly: Float64Array; label: Int8Array }> {
	const opened = await openModel(onnx);
	try {
		const { score, anomaly_score: anomaly, label } = await opened.infer(table);
		assert.ok(score && anomaly && label);
		return { score, anomaly, label };
	} finally {
		await opened.close();
	}
}

describe('an ensemble of models of anomalies', () => {
	it('says what its members say, each in deviations of the rows that are not labelled', async () => {
		const [first, second] = [await train(forest), await train(net)];
		const bad = table.columns[2];
		assert.ok(bad?.kind === 'number');
		const standard = (values: Float64Array, threshold: number) => {
			const usual = values.filter((_, row) => bad.values[row] === 0);
			const mean = usual.reduce((sum, value) => sum + value, 0) / usual.length;
			const deviation = Math.sqrt(usual.reduce((sum, value) => sum + (value - mean) ** 2, 0) / usual.length);
			return { each: values.map((value) => (value - mean) / deviation), border: (threshold - mean) / deviation };
		};
		const border = second.metrics['threshold'] ?? Number.NaN;
		const far = standard(
			(await scores(first)).score.map((score) => -score),
			0.5,
		);
		const odd = standard(
			(await scores(second)).score.map((score) => Math.log(1 + score / border)),
			Math.log(2),
		);
		for (const combine of ['average', 'max']) {
			const model = await train(together(combine));
			const { score, anomaly, label } = await scores(model);
			const by = (a: number, b: number) => Math.log(1 + Math.exp(combine === 'max' ? Math.max(a, b) : (a + b) / 2));
			const threshold = by(far.border, odd.border);
			assert.ok(Math.abs((model.metrics['threshold'] ?? 0) / threshold - 1) < 1e-4);
			score.forEach((value, row) => {
				const expected = by(far.each[row] as number, odd.each[row] as number);
				assert.ok(Math.abs(value / expected - 1) < 1e-3, `${combine} of row ${row}: ${value} is not ${expected}`);
				assert.ok(Math.abs((anomaly[row] as number) - value / (value + threshold)) < 1e-3);
				if (Math.abs(value / threshold - 1) > 1e-3) assert.equal(label[row], value > threshold ? -1 : 1);
			});
			assert.equal(model.description.score, 'error');
			assert.equal(model.params['models.2.type'], 'autoencoder');
			// A forest sees what is far out, a net what breaks the tie: together they see both.
			const alone = [first, second].map(({ metrics }) => metrics['average_precision'] ?? 1);
			assert.ok((model.metrics['average_precision'] ?? 0) > Math.min(...alone));
			const explained = await model.explain(() => undefined);
			assert.ok(explained.importance !== null);
		}
	});

	it('has thresholds, folds and labels as its members would', async () => {
		const { metrics, params } = await trainModel(table, {
			model: parse(modelSection, { ...together('average'), task: 'anomaly', threshold: { quantile: 0.95 } }),
			prepare: [],
			target: 'bad',
			split: { by: 'stratified', test: 0.2, seed: 7, folds: 3 },
		});
		assert.ok((metrics['cv_average_precision'] ?? 0) > 0.4 && (metrics['test_roc_auc'] ?? 0) > 0.8);
		assert.equal(params['threshold.quantile'], '0.95');
		assert.ok(((await train(together('max'), null)).metrics['anomaly_rate'] ?? 1) < 0.2);
	});

	it('is refused where its members or what combines them do not fit', async () => {
		const refused = (model: object, message: RegExp) =>
			assert.rejects(train(model), { code: 'invalid_config', message });
		await refused(together('vote'), /combine: vote does not go with models of anomalies/);
		await refused(together('max', [{ type: 'linear' }, { type: 'random_forest' }]), /max is for models of anomalies/);
		await refused(
			together('average', [forest, { type: 'linear' }]),
			/models\[0\]\.task: isolation_forest does not do regression/,
		);
		await refused(
			{ ...together('average', [forest, { type: 'linear' }]), task: 'anomaly' },
			/models\[1\]\.task: linear does not do anomaly/,
		);
		await refused(
			together('average', [forest, { type: 'autoencoder', params: { hidden: 'x' } }]),
			/models\[1\]\.params\.hidden/,
		);
	});
});
