import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { numberColumn, type Table, tableOf } from '../../data/table.ts';
import { createRandom } from '../../stats/random.ts';
import { type TrainedModel, type TrainingSpec, trainModel } from '../trainModel.ts';
import { compareSeries } from './compareSeries.ts';

/** Loads that swing, and heat that follows them a row later; every 25th row is far off. */
function readings(rows: number): Table {
	const random = createRandom('compareSeries.test');
	const load = Float64Array.from({ length: rows }, (_, row) => 5 * Math.sin(row / 3) + 0.2 * random.normal());
	const bad = Float64Array.from(load, (_, row) => +(row % 25 === 13));
	const heat = Float64Array.from(
		load,
		(_, row) => (load[row - 1] ?? 0) + 0.1 * random.normal() + 6 * (bad[row] as number),
	);
	const at = Float64Array.from(load, (_, row) => row * 60_000);
	return tableOf([
		numberColumn('at', at, 'timestamp'),
		numberColumn('load', load),
		numberColumn('heat', heat),
		numberColumn('bad', bad),
	]);
}

const table = readings(600);
const lstm = (size: number, epochs: number, change: Partial<TrainingSpec> = {}): Promise<TrainedModel> =>
	trainModel(table, {
		model: {
			type: 'lstm',
			task: change.target === 'bad' ? 'anomaly' : 'forecast',
			params: { epochs, units: 8, learning_rate: 0.02 },
		},
		prepare: [],
		time: 'at',
		target: 'heat',
		window: { section: { size, step: 1, features: 'raw' }, columns: ['load', 'heat'] },
		split: { by: 'time', test: 0.2, seed: 7 },
		...change,
	});

describe('comparing two versions on series', () => {
	const folder = mkdtempSync(join(tmpdir(), 'perch-series-'));
	const path = join(folder, 'production.onnx');
	after(() => rmSync(folder, { recursive: true }));
	const against = (own: TrainedModel, other: TrainedModel, metrics: string[]) => {
		writeFileSync(path, other.onnx);
		return compareSeries(own.heldSeries ?? assert.fail(), own.onnx, path, metrics);
	};

	it('measures forecasts as their runs do, each version with windows of its own size', async () => {
		const [good, poor] = [await lstm(6, 20), await lstm(9, 1)];
		const { rmse, mae, roc_auc: none } = await against(good, poor, ['rmse', 'mae', 'roc_auc']);
		assert.ok(rmse && mae && none === undefined);
		// The last 120 rows are forecast.
		assert.equal(rmse.rows, 120);
		assert.ok(Math.abs(rmse.value - (good.metrics['rmse'] ?? 0)) < 1e-5);
		assert.ok(Math.abs(mae.other - (poor.metrics['mae'] ?? 0)) < 1e-5);
		assert.ok(rmse.low < rmse.difference && rmse.difference < rmse.high && rmse.high < 0);
		const same = await against(good, good, ['rmse']);
		assert.deepEqual([same['rmse']?.low, same['rmse']?.high], [0, 0]);
	});

	it('measures anomalies, also against a model that takes rows alone', async () => {
		const own = await lstm(6, 10, { target: 'bad' });
		const forest = await trainModel(table, {
			model: { type: 'isolation_forest', params: { trees: 20 } },
			prepare: [],
			target: 'bad',
			exclude: ['at'],
		});
		const { average_precision: found } = await against(own, forest, ['average_precision']);
		assert.equal(found?.rows, 120);
		assert.ok(Math.abs((found?.value ?? 0) - (own.metrics['test_average_precision'] ?? 0)) < 1e-9);
		assert.ok((found?.other ?? 1) < 1 && (found?.low ?? 1) <= (found?.high ?? 0));
	});

	it('says that the other version forecasts something else', async () => {
		const [own, other] = [await lstm(6, 1), await lstm(6, 1, { target: 'load' })];
		await assert.rejects(against(own, other, ['rmse']), { code: 'invalid_model', message: /no forecast of heat/ });
	});
});
