import assert from 'node:assert/strict';
import { numberColumn, stringColumn, type Table, tableOf } from '../data/table.ts';
import { type Model, openModel } from '../onnx/model.ts';
import type { ModelSection } from '../protocol/project/model.ts';
import { createRandom } from '../stats/random.ts';
import { compareGraph } from './compareGraph.ts';
import { type TrainingSpec, trainModel } from './trainModel.ts';

const rows = 600;

/** Rows of every kind of column; each fiftieth lies far away. */
function sample(seed: number): Table {
	const random = createRandom('trainModel.test', seed);
	const of = <T>(value: (row: number) => T): T[] => Array.from({ length: rows }, (_, row) => value(row));
	return tableOf([
		numberColumn(
			'größe',
			of((row) => (random.next() < 0.1 ? null : random.normal() + (row % 50 === 0 ? 8 : 0))),
		),
		numberColumn(
			'n',
			of(() => random.integer(4)),
			'integer',
		),
		numberColumn(
			'on',
			of(() => +(random.next() < 0.3)),
			'boolean',
		),
		numberColumn(
			'at',
			of((row) => 1_700_000_000 + row * 3 + random.integer(3)),
		),
		stringColumn(
			'city',
			of(() => (random.next() < 0.05 ? null : (['a', 'ü "x"', 'c d'][random.integer(3)] ?? null))),
		),
		stringColumn(
			'score',
			of(() => `s${random.integer(20)}`),
		),
		numberColumn(
			'y',
			of((row) => +(row % 50 === 0)),
			'integer',
		),
	]);
}

const model: ModelSection = { type: 'isolation_forest', params: { contamination: '2%', trees: 50 } };
const spec: TrainingSpec = {
	model,
	prepare: [{ encode: { columns: ['score'], as: 'one_hot', min_count: 25 } }],
	target: 'y',
};
const table = sample(1);

async function withModel<T>(bytes: Uint8Array, use: (model: Model) => Promise<T>): Promise<T> {
	const opened = await openModel(bytes);
	try {
		return await use(opened);
	} finally {
		await opened.close();
	}
}

describe('training', () => {
	it('writes a graph that scores raw rows, and describes itself', async () => {
		const trained = await trainModel(table, spec);
		await withModel(trained.onnx, async (opened) => {
			assert.deepEqual(opened.description, trained.description);
			assert.deepEqual(
				opened.description.inputs.map(({ name, type }) => [name, type]),
				[
					['größe', 'float'],
					['n', 'float'],
					['on', 'float'],
					['at', 'double'],
					['city', 'string'],
					['score', 'string'],
				],
			);
			// A raw column has the name of an output, which gives way.
			assert.deepEqual(opened.description.outputs, { label: 'label', score: 'score_' });
			const { label = [], score = [], anomaly_score = [] } = await opened.infer(table);
			const flagged = label.filter((one) => one === -1).length;
			assert.equal(flagged / rows, trained.metrics['anomaly_rate']);
			assert.equal(flagged, 12);
			assert.ok(score.every((one, row) => one > -1 && one < 0 && anomaly_score[row] === -one));
		});
	});

	it('measures with the target and never trains on it', async () => {
		const measured = await trainModel(table, spec);
		assert.ok((measured.metrics['roc_auc'] ?? 0) > 0.8);
		assert.ok(!measured.description.inputs.some(({ name }) => name === 'y'));
		const unlabelled = await trainModel(table, { ...spec, target: null, exclude: ['y'] });
		assert.deepEqual(unlabelled.onnx, measured.onnx);
		assert.ok(!('roc_auc' in unlabelled.metrics));
	});

	it('scores a test table without training on it', async () => {
		const { metrics, onnx } = await trainModel(table, { ...spec, test: sample(2) });
		assert.deepEqual(onnx, (await trainModel(table, spec)).onnx);
		assert.ok((metrics['test_roc_auc'] ?? 0) > 0.8);
		assert.notEqual(metrics['test_score_mean'], metrics['score_mean']);
	});

	it('says that a test table does not fit', async () => {
		const [first, ...others] = sample(2).columns;
		await assert.rejects(trainModel(table, { ...spec, test: tableOf(others) }), {
			code: 'unknown_column',
			message: /rows to test on.*"größe"/,
			detail: { field: 'data.test', hint: 'Known columns: "n", "on", "at", "city", "score", "y".' },
		} as object);
		const text = stringColumn(
			first?.name ?? '',
			Array.from({ length: rows }, () => 'x'),
		);
		await assert.rejects(trainModel(table, { ...spec, test: tableOf([text, ...others]) }), {
			code: 'invalid_data',
			message: /rows to test on.*"größe" holds text/,
		});
	});

	it('tells how the forest converges, and what was used', async () => {
		const { history, params, trainingInputs, description } = await trainModel(table, spec);
		assert.deepEqual(
			history['sample_anomaly_rate']?.map(({ step }) => step),
			[10, 20, 30, 40, 50],
		);
		assert.deepEqual(
			history['score_change']?.map(({ step }) => step),
			[20, 30, 40, 50],
		);
		assert.equal(history['sample_anomaly_rate']?.at(-1)?.value, 0.02);
		const [first, last] = [history['score_change']?.[0]?.value ?? 0, history['score_change']?.at(-1)?.value ?? 1];
		assert.ok(last < first);
		assert.equal(params['contamination'], '0.02');
		assert.equal(params['seed'], '7');
		assert.equal(params['prepare.features'], String(description.features.length));
		assert.deepEqual(
			trainingInputs.columns.map(({ name }) => name),
			description.columns,
		);
		assert.ok(Object.values(params).every((value) => typeof value === 'string'));
	});

	it('carries the window, and needs only the raw columns whose features are left', async () => {
		const features = tableOf([
			numberColumn(
				'hr_mean',
				Array.from({ length: 40 }, (_, row) => Math.sin(row)),
			),
			numberColumn(
				'hr_std',
				Array.from({ length: 40 }, () => 1),
			),
			numberColumn(
				'flat_mean',
				Array.from({ length: 40 }, () => 7),
			),
			stringColumn(
				'patient',
				Array.from({ length: 40 }, (_, row) => `p${row % 4}`),
			),
		]);
		const section = { size: 30, step: 5, features: ['mean' as const, 'std' as const] };
		const { description, warnings } = await trainModel(features, {
			model: { type: 'isolation_forest', params: {} },
			prepare: [],
			key: 'patient',
			time: 'at',
			window: { section, columns: ['hr', 'flat'] },
		});
		assert.deepEqual(
			description.inputs.map(({ name }) => name),
			['hr_mean'],
		);
		assert.deepEqual(
			[description.window, description.columns, description.key, description.time],
			[section, ['hr'], 'patient', 'at'],
		);
		assert.equal(warnings.length, 2);
		assert.equal(description.threshold, -0.5);
	});

	it('names the param that does not fit, and takes numbers that come as text', async () => {
		const params = (given: ModelSection['params']) =>
			trainModel(table, { ...spec, model: { ...model, params: given } });
		const fails = (given: ModelSection['params'], field: string, message: RegExp) =>
			assert.rejects(params(given), (error: { code: string; message: string; detail: { field: string } }) => {
				assert.equal(error.code, 'invalid_config');
				assert.equal(error.detail.field, field);
				assert.match(error.message, message);
				return true;
			});
		await fails({ trees: 0 }, 'model.params.trees', /found 0/);
		await fails({ trees: 'many' }, 'model.params.trees', /found "many"/);
		await fails({ contamination: 0.6 }, 'model.params.contamination', /at most 0.5/);
		await fails({ depth: 3 }, 'model.params.depth', /unknown key/);
		assert.equal((await params({ trees: '20', contamination: '0.1' })).params['trees'], '20');
	});

	it('says when there is nothing to train on or to measure with', async () => {
		const one = tableOf([numberColumn('x', [1])]);
		await assert.rejects(trainModel(one, { model, prepare: [] }), { code: 'empty_data' });
		const normal = tableOf([...table.columns.slice(0, 2), numberColumn('y', new Float64Array(rows))]);
		const { warnings, metrics } = await trainModel(normal, { model, prepare: [], target: 'y' });
		assert.match(warnings.join(' '), /"y" has rows of one kind only/);
		assert.ok(!('recall' in metrics));
	});

	it('fails a graph that differs from its estimator, naming row and values', async () => {
		const { onnx, trainingInputs, metrics } = await trainModel(table, spec);
		await withModel(onnx, async (opened) => {
			const { score = new Float64Array() } = await opened.infer(trainingInputs);
			const threshold = metrics['threshold'] ?? 0;
			await compareGraph(opened, trainingInputs, { scores: score, threshold, scoreKind: 'path' });
			const off = score.map((value, row) => (row === 41 ? value + 1.1e-5 : value));
			await assert.rejects(compareGraph(opened, trainingInputs, { scores: off, threshold, scoreKind: 'path' }), {
				code: 'model_mismatch',
				message: new RegExp(`row 42: the estimator scores ${off[41]}, the graph ${score[41]}`),
			});
			const within = score.map((value) => value + 0.9e-5);
			await compareGraph(opened, trainingInputs, { scores: within, threshold, scoreKind: 'path' });
			await assert.rejects(
				compareGraph(opened, trainingInputs, { scores: score, threshold: -0.3, scoreKind: 'path' }),
				{
					code: 'model_mismatch',
					message: /says -1, the graph 1/,
				},
			);
		});
	});
});
