import assert from 'node:assert/strict';
import { columnOf, numberColumn, stringColumn, type Table, tableOf } from '../data/table.ts';
import { openModel } from '../onnx/model.ts';
import type { StepFigures } from '../protocol/core.ts';
import type { ModelSection } from '../protocol/project/model.ts';
import { createRandom } from '../stats/random.ts';
import { type TrainingSpec, trainModel } from './trainModel.ts';

/** Houses whose price follows from size, town and garden; sizes are missing here and there, and some prices. */
function houses(rows: number, seed = 1): Table {
	const random = createRandom('trainPredictor.test', seed);
	const towns = Array.from({ length: 120 }, (_, index) => `town ${index}`);
	const size: (number | null)[] = [];
	const town: (string | null)[] = [];
	const garden: number[] = [];
	const sold: number[] = [];
	const price: (number | null)[] = [];
	for (let row = 0; row < rows; row++) {
		const area = 80 + 30 * random.normal();
		const place = Math.min(random.integer(120), random.integer(120));
		const green = +(random.next() < 0.4);
		size.push(random.next() < 0.1 ? null : area);
		town.push(random.next() < 0.03 ? null : (towns[place] as string));
		garden.push(green);
		sold.push(Date.UTC(2020, 0, 1) + row * 86_400_000);
		price.push(row % 40 === 7 ? null : 3 * area - 2 * place + 40 * green + 10 * random.normal());
	}
	return tableOf([
		numberColumn('size', size),
		stringColumn('town', town),
		numberColumn('garden', garden, 'boolean'),
		numberColumn('sold', sold, 'timestamp'),
		numberColumn('price', price),
		stringColumn(
			'kind',
			price.map((value) => (value === null ? null : value > 250 ? 'dear' : value > 150 ? 'fair' : 'cheap')),
		),
	]);
}

const table = houses(1200);
const spec = (
	type: ModelSection['type'],
	params: ModelSection['params'],
	change: Partial<TrainingSpec> = {},
): TrainingSpec => ({
	model: { type, params },
	prepare: [],
	target: 'price',
	exclude: ['kind'],
	...change,
});
const kinds: [ModelSection['type'], ModelSection['params']][] = [
	['linear', {}],
	['linear', { penalty: 'l1', alpha: 0.1 }],
	['random_forest', { trees: 20 }],
	['gradient_boosting', { trees: 60 }],
];

describe('training a model that predicts', () => {
	for (const [type, params] of kinds) {
		it(`${type} ${JSON.stringify(params)} learns a number, beats the mean, and its file takes raw rows`, async () => {
			const { onnx, metrics, warnings, params: told } = await trainModel(table, spec(type, params));
			assert.ok(
				(metrics['r2'] ?? 0) > 0.6 && (metrics['rmse'] ?? 0) < (metrics['baseline_rmse'] ?? 0),
				JSON.stringify(metrics),
			);
			assert.ok(warnings.some((warning) => warning === '30 of 1200 rows have no "price" and are not learned from.'));
			assert.deepEqual([told['split.train_rows'], told['split.test_rows']], ['936', '234']);
			const model = await openModel(onnx);
			const said = await model.infer(houses(50, 2));
			assert.deepEqual(said.rejected, []);
			assert.ok([...(said.prediction as Float64Array)].every(Number.isFinite));
			await model.close();
		});

		it(`${type} ${JSON.stringify(params)} learns classes`, async () => {
			if (params['penalty'] === 'l1') return;
			const { onnx, metrics, description } = await trainModel(
				table,
				spec(type, params, { target: 'kind', exclude: ['price'] }),
			);
			assert.ok(
				(metrics['accuracy'] ?? 0) > 0.6 && (metrics['log_loss'] ?? 9) < (metrics['baseline_log_loss'] ?? 0),
				JSON.stringify(metrics),
			);
			assert.deepEqual(description.classes, ['cheap', 'dear', 'fair']);
			const model = await openModel(onnx);
			const { prediction, proba } = await model.infer(houses(50, 2));
			for (const [row, name] of (prediction as string[]).entries()) {
				const shares = proba?.values.map((values) => values[row] as number) ?? [];
				assert.equal(name, description.classes[shares.indexOf(Math.max(...shares))]);
				assert.ok(Math.abs(shares.reduce((a, b) => a + b, 0) - 1) < 1e-5);
			}
			await model.close();
		});
	}

	it('gives the same file for the same seed', async () => {
		const [a, b, c] = await Promise.all(
			[7, 7, 8].map(async (seed) => (await trainModel(table, spec('random_forest', { trees: 5, seed }))).onnx),
		);
		assert.deepEqual(a, b);
		assert.notDeepEqual(a, c);
	});

	it('takes missing values and categories that were never seen', async () => {
		const { onnx } = await trainModel(table, spec('gradient_boosting', { trees: 30 }));
		const model = await openModel(onnx);
		const said = await model.infer(
			tableOf([
				numberColumn('size', [null, 90]),
				stringColumn('town', [null, 'Atlantis']),
				numberColumn('garden', [null, 1], 'boolean'),
			]),
		);
		assert.ok([...(said.prediction as Float64Array)].every(Number.isFinite));
		await model.close();
	});

	it('measures with the last rows where a time is named, and with other rows where they are given', async () => {
		const byTime = await trainModel(table, spec('linear', {}, { time: 'sold' }));
		const sold = columnOf(byTime.trainingInputs, 'size');
		assert.equal(sold.kind === 'number' && sold.values.length, 936);
		const first = columnOf(table, 'size');
		assert.deepEqual(sold.kind === 'number' && sold.values[0], first.kind === 'number' && first.values[0]);
		const { params } = await trainModel(table, spec('linear', {}, { test: houses(100, 3) }));
		assert.deepEqual([params['split.train_rows'], params['split.test_rows']], ['1170', '97']);
	});

	it('says when it is no better than the mean', async () => {
		const random = createRandom('noise');
		const noise = tableOf([
			numberColumn(
				'a',
				Array.from({ length: 200 }, () => random.normal()),
			),
			numberColumn(
				'price',
				Array.from({ length: 200 }, () => random.normal()),
			),
		]);
		const { warnings } = await trainModel(noise, spec('random_forest', { trees: 10 }, { exclude: [] }));
		assert.match(warnings.join(' '), /no better than the mean of the target: rmse/);
	});

	const refusals: [string, Partial<TrainingSpec>, Table, object][] = [
		['no target', { target: null }, table, { code: 'invalid_config', message: /^data.target: / }],
		[
			'text where a number is asked for',
			{ target: 'kind', model: { type: 'linear', task: 'regression', params: {} } },
			table,
			{ code: 'invalid_data' },
		],
		[
			'one class',
			{ target: 'kind', exclude: [] },
			tableOf([numberColumn('a', [1, 2, 3]), stringColumn('kind', ['x', 'x', null])]),
			{ code: 'invalid_data', message: /is "x" in every row/ },
		],
		[
			'an empty target',
			{ exclude: [] },
			tableOf([numberColumn('a', [1, 2, 3]), numberColumn('price', [null, null, null])]),
			{ code: 'invalid_data', message: /empty in every row/ },
		],
		[
			'two rows',
			{ exclude: [] },
			tableOf([numberColumn('a', [1, 2]), numberColumn('price', [1.5, 2])]),
			{ code: 'empty_data' },
		],
		[
			'a target that float32 does not hold',
			{ exclude: [] },
			tableOf([numberColumn('a', [1, 2, 3]), numberColumn('price', [1.5, -1e39, 2])]),
			{ code: 'invalid_data', message: /"price" holds -1e\+39/ },
		],
		[
			'a task that it does not do',
			{ model: { type: 'linear', task: 'anomaly', params: {} } },
			table,
			{ code: 'invalid_config' },
		],
		[
			'the absolute penalty for classes',
			{ target: 'kind', exclude: ['price'], model: { type: 'linear', params: { penalty: 'l1' } } },
			table,
			{ code: 'invalid_config' },
		],
		[
			'a share of each class of numbers',
			{ split: { test: 0.2, by: 'stratified', seed: 7 } },
			table,
			{ code: 'invalid_config' },
		],
		['groups without a key', { split: { test: 0.2, by: 'group', seed: 7 } }, table, { code: 'invalid_config' }],
	];
	for (const [what, change, rows, error] of refusals) {
		it(`refuses ${what}`, () => assert.rejects(trainModel(rows, spec('linear', {}, change)), error));
	}

	it('keeps groups whole', async () => {
		const random = createRandom('groups');
		const rows = 300;
		const group = Array.from({ length: rows }, () => random.integer(30));
		const grouped = tableOf([
			numberColumn(
				'a',
				group.map((one) => one + 0.001 * random.normal()),
			),
			numberColumn('g', group, 'integer'),
			numberColumn(
				'price',
				group.map((one) => one * 2 + random.normal()),
			),
		]);
		const { trainingInputs } = await trainModel(
			grouped,
			spec('linear', {}, { exclude: [], key: 'g', split: { test: 0.3, by: 'group', seed: 1 } }),
		);
		const a = columnOf(trainingInputs, 'a');
		const kept = new Set(a.kind === 'number' ? [...a.values].map(Math.round) : []);
		const all = new Map<number, number>();
		for (const one of group) all.set(one, (all.get(one) ?? 0) + 1);
		assert.equal(
			[...kept].reduce((sum, one) => sum + (all.get(one) ?? 0), 0),
			a.kind === 'number' && a.values.length,
		);
	});

	it('tells the losses of boosting round by round while it learns, as they are kept', async () => {
		const told: StepFigures[] = [];
		const params = { trees: 25, early_stopping: 25 };
		const { history } = await trainModel(table, spec('gradient_boosting', params), ({ figures }) => {
			told.push(...(figures ?? []));
		});
		const [loss, apart] = [history['loss'] ?? [], history['validation_loss'] ?? []];
		assert.deepEqual(
			told,
			loss
				.slice(0, -1)
				.map(({ step, value }, at) => ({ step, values: { loss: value, validation_loss: apart[at]?.value } })),
		);
	});
});
