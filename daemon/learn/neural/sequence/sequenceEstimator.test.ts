import assert from 'node:assert/strict';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { numberColumn, stringColumn, type Table, tableOf } from '../../../data/table.ts';
import { featuresOfEachRow } from '../../../data/window.ts';
import { openModel } from '../../../onnx/model.ts';
import type { WindowSection } from '../../../protocol/project/data.ts';
import { createRandom } from '../../../stats/random.ts';
import { type TrainingSpec, trainModel } from '../../trainModel.ts';

const window: WindowSection = { size: 12, step: 1, features: 'raw' };

/** Two series of a load that swings, and a heat that follows it a row later; every fiftieth row of b breaks that. */
function loads(rows: number, seed: number, offset = 0): Table {
	const random = createRandom('loads', seed);
	const made = ['a', 'b'].flatMap((key) => {
		let before = 0;
		return Array.from({ length: rows }, (_, row) => {
			const load = 50 + 20 * Math.sin(row / 5) + random.normal();
			const bad = key === 'b' && row % 50 === 31;
			const heat = offset + 2 * before + 0.5 * random.normal() + (bad ? 30 : 0);
			before = load;
			return { key, at: row * 3_600_000, load, heat, bad };
		});
	});
	// In the order of the time, so that the series lie mixed.
	made.sort((one, other) => one.at - other.at);
	return tableOf([
		stringColumn(
			'key',
			made.map((one) => one.key),
		),
		numberColumn(
			'at',
			made.map((one) => one.at),
			'timestamp',
		),
		numberColumn(
			'load',
			made.map((one, row) => (row % 97 === 5 ? null : one.load)),
		),
		numberColumn(
			'heat',
			made.map((one) => one.heat),
		),
		numberColumn(
			'bad',
			made.map((one) => +one.bad),
			'integer',
		),
	]);
}

const forecast: TrainingSpec = {
	model: { type: 'lstm', task: 'forecast', params: { epochs: 25, learning_rate: 0.01, units: 16 } },
	prepare: [],
	key: 'key',
	time: 'at',
	target: 'heat',
	window: { section: window, columns: ['load', 'heat'] },
};
const several: TrainingSpec = {
	...forecast,
	target: null,
	model: { ...forecast.model, params: { epochs: 4, units: 8, horizon: 3 } },
};
const table = loads(500, 1);

describe('lstm that forecasts', () => {
	it('is better than the last value and that of a day ago, which are shown beside it', async () => {
		const { metrics, params, history, warnings, description } = await trainModel(table, forecast);
		const rmse = metrics['rmse'] ?? Number.NaN;
		assert.ok(rmse < 0.7 * (metrics['baseline_rmse'] ?? 0), JSON.stringify(metrics));
		assert.ok(rmse < (metrics['seasonal_baseline_rmse'] ?? 0));
		assert.equal(params['season.rows'], '24');
		assert.equal(history['validation_loss']?.length, metrics['epochs']);
		assert.deepEqual(warnings, []);
		assert.deepEqual(description.forecast, ['heat']);
		assert.deepEqual(description.inputs, [
			{ name: 'load', type: 'float', width: 12 },
			{ name: 'heat', type: 'float', width: 12 },
		]);
	});

	it('measures what the last value is worth as it is by hand', async () => {
		// The last 2 of 10 rows are measured: 9 after 8 and 7 after 9. Learned is from what comes before.
		const values = [1, 5, 2, 6, 3, 7, 4, 8, 9, 7];
		const short = tableOf([numberColumn('v', values)]);
		const { metrics } = await trainModel(short, {
			model: { type: 'lstm', params: { epochs: 1, units: 8, season: 3 } },
			prepare: [],
			window: { section: { size: 2, step: 1, features: 'raw' }, columns: ['v'] },
		});
		assert.ok(Math.abs((metrics['baseline_rmse'] ?? 0) - Math.sqrt((1 + 4) / 2)) < 1e-12);
		// Three rows before: 7 and 4.
		assert.ok(Math.abs((metrics['seasonal_baseline_mae'] ?? 0) - (2 + 3) / 2) < 1e-12);
	});

	it('answers the window of every row of a table as plain onnxruntime does', async () => {
		const { onnx, description } = await trainModel(table, several);
		assert.deepEqual(description.forecast, ['load_1', 'load_2', 'load_3', 'heat_1', 'heat_2', 'heat_3']);
		const model = await openModel(onnx);
		const { features } = featuresOfEachRow(table, window, { columns: ['load', 'heat'], key: 'key', time: 'at' });
		const said = await model.infer(features);
		await model.close();
		const session = await InferenceSession.create(onnx);
		const row = table.rows - 1;
		const columnOf = (name: string) => {
			const values = Array.from({ length: window.size }, (_, place) => {
				const column = features.columns.find((one) => one.name === `${name}_${place}`);
				return column?.kind === 'number' ? (column.values[row] as number) : Number.NaN;
			});
			return new Tensor('float32', values, [1, window.size]);
		};
		const given = await session.run({ load: columnOf('load'), heat: columnOf('heat') });
		const numbers = said.forecast?.values.map((values) => Math.fround(values[row] as number));
		assert.deepEqual(numbers, [...(given['prediction']?.data as Float32Array)]);
	});

	it('forecasts values so far from zero that float32 would not tell them apart', async () => {
		const far = loads(300, 2, 1e9);
		const { metrics, description } = await trainModel(far, forecast);
		assert.deepEqual(
			description.inputs.map(({ type }) => type),
			['float', 'double'],
		);
		assert.ok((metrics['rmse'] ?? 1e9) < (metrics['baseline_rmse'] ?? 0), JSON.stringify(metrics));
	});

	it('refuses a column that spreads farther than float32 can scale', async () => {
		const far = tableOf([
			...table.columns.filter(({ name }) => name !== 'load'),
			numberColumn(
				'load',
				Array.from({ length: table.rows }, (_, row) => (row % 2 === 0 ? 1e300 : -1e300)),
			),
		]);
		await assert.rejects(trainModel(far, several), { code: 'invalid_data', message: /"load" lie farther apart/ });
	});

	it('refuses steps of prepare that it would not take', async () => {
		const prepare = [{ log: { columns: ['load'] } }];
		await assert.rejects(trainModel(table, { ...several, prepare }), { code: 'invalid_config' });
	});

	it('is the same file for the same seed', async () => {
		const [one, two] = [await trainModel(table, several), await trainModel(table, several)];
		assert.deepEqual(one.onnx, two.onnx);
	});

	it('refuses what it cannot do, before the work starts', async () => {
		const refusals: [TrainingSpec, string, string][] = [
			[{ ...forecast, window: null }, 'invalid_config', 'data.window'],
			[{ ...forecast, target: 'bad' }, 'invalid_config', 'data.target'],
			[{ ...forecast, split: { by: 'random', test: 0.2, seed: 7 } }, 'invalid_config', 'split.by'],
			[{ ...forecast, model: { ...forecast.model, task: 'regression' } }, 'invalid_config', 'model.task'],
			[{ ...forecast, model: { ...forecast.model, params: { units: 12 } } }, 'invalid_config', 'model.params.units'],
			[
				{ ...forecast, window: { section: { ...window, size: 499 }, columns: ['load', 'heat'] } },
				'empty_data',
				'data.window.size',
			],
		];
		for (const [spec, code, field] of refusals) {
			await assert.rejects(trainModel(table, spec), (error: { code: string; detail: { field: string } }) => {
				assert.deepEqual([error.code, error.detail.field], [code, field]);
				return true;
			});
		}
	});
});

describe('lstm that tells anomalies', () => {
	const spec: TrainingSpec = {
		...forecast,
		target: 'bad',
		model: { type: 'lstm', task: 'anomaly', params: { epochs: 25, learning_rate: 0.01, units: 16 } },
	};

	it('finds rows that nothing before them foretold', async () => {
		const { metrics, description, warnings } = await trainModel(table, { ...spec, test: loads(300, 5) });
		assert.ok((metrics['roc_auc'] ?? 0) > 0.97 && (metrics['test_roc_auc'] ?? 0) > 0.97, JSON.stringify(metrics));
		assert.deepEqual(warnings, []);
		assert.equal(description.score, 'error');
	});

	it('labels a row by the window that ends there, and says the error of each column', async () => {
		const { onnx, description } = await trainModel(table, spec);
		const model = await openModel(onnx);
		const { features, complete } = featuresOfEachRow(table, window, {
			columns: ['load', 'heat'],
			key: 'key',
			time: 'at',
		});
		const { label, anomaly_score: abnormal } = await model.infer(features);
		await model.close();
		const bad = table.columns.find(({ name }) => name === 'bad');
		let [found, all] = [0, 0];
		complete.forEach((isComplete, row) => {
			if (isComplete === 0 || bad?.kind !== 'number' || bad.values[row] !== 1) return;
			all++;
			found += +(label?.[row] === -1 && (abnormal?.[row] ?? 0) > 0.5);
		});
		assert.ok(all > 5 && found / all > 0.9, `${found} of ${all}`);
		assert.deepEqual(description.features, ['load', 'heat']);
		assert.equal(description.outputs.errors, 'errors');
	});
});
