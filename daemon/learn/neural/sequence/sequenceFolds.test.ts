import assert from 'node:assert/strict';
import { columnOf, numberColumn, stringColumn, type Table, tableOf, takeRows } from '../../../data/table.ts';
import { openModel } from '../../../onnx/model.ts';
import { parse } from '../../../protocol/parse.ts';
import { type ModelSection, modelSection } from '../../../protocol/project/model.ts';
import { parseRows, rowForm } from '../../../serve/parseRows.ts';
import { createRandom } from '../../../stats/random.ts';
import { type TrainingSpec, trainModel } from '../../trainModel.ts';
import { foldWindows } from './windowParts.ts';

const window = { size: 6, step: 1, features: 'raw' } as const;
const hour = 3_600_000;

/** A quiet and a loud series, an hour between rows, every 30th row of each far off. */
function levels(rows: number): Table {
	const random = createRandom('sequenceFolds.test');
	const all = Array.from({ length: 2 * rows }, (_, place) => {
		const [row, loud] = [place >> 1, place % 2];
		const bad = row % 30 === 17;
		const noise = (loud === 1 ? 3 : 1) * random.normal();
		return {
			key: loud === 1 ? 'loud' : 'quiet',
			at: row * hour,
			bad,
			level: 10 * Math.sin(row / 4) + noise + (bad ? 20 : 0),
		};
	});
	return tableOf([
		stringColumn(
			'key',
			all.map(({ key }) => key),
		),
		numberColumn(
			'at',
			all.map(({ at }) => at),
			'timestamp',
		),
		numberColumn(
			'level',
			all.map(({ level }) => level),
		),
		numberColumn(
			'bad',
			all.map(({ bad }) => +bad),
			'integer',
		),
	]);
}

const table = levels(360);
const train = (model: object, change: Partial<TrainingSpec> = {}, given = table) => {
	const section: ModelSection = parse(modelSection, {
		type: 'lstm',
		params: { epochs: 2, units: 8, learning_rate: 0.01 },
		...model,
	});
	return trainModel(given, {
		model: section,
		prepare: [],
		key: 'key',
		time: 'at',
		target: 'level',
		window: { section: window, columns: ['level'] },
		...change,
	});
};
const split = { by: 'time', test: 0.25, seed: 7 } as const;
/** The first rows of each series. */
const until = (rows: number) =>
	takeRows(
		table,
		Uint32Array.from({ length: 2 * rows }, (_, row) => row),
	);

describe('folds of series', () => {
	it('measure stretches of equal length at the end, each with all before it', () => {
		// As TimeSeriesSplit(3) of scikit-learn parts 11 rows: 5 learned, then 2 measured, and so on.
		const shape = { steps: 1, horizon: 1 };
		const parts = [0, 1, 2].map((fold) => foldWindows([{ from: 0, to: 11 }], shape, { fold, of: 3 }, 0.25, 1));
		// A window is known by its first row; what it forecasts is the next one.
		assert.deepEqual(
			parts.map(({ test }) => [...test]),
			[
				[4, 5],
				[6, 7],
				[8, 9],
			],
		);
		assert.deepEqual(
			parts.map(({ train: some, validation }) => [[...some], [...validation]]),
			[
				[[0, 1, 2], [3]],
				[
					[0, 1, 2, 3],
					[4, 5],
				],
				[
					[0, 1, 2, 3, 4, 5],
					[6, 7],
				],
			],
		);
	});

	it('say of a forecast what a training on all before them would', async () => {
		const { metrics, history } = await train({ task: 'forecast' }, { split: { ...split, folds: 2 } });
		// 270 rows of each series come before those measured: stretches of 90. The second is the end of the first 270.
		const alone = await train({ task: 'forecast' }, { split: { ...split, test: 1 / 3 } }, until(270));
		for (const name of ['rmse', 'mae', 'r2']) {
			assert.equal(history[`fold_${name}`]?.[1]?.value, alone.metrics[name], name);
		}
		const [first, second] = history['fold_rmse']?.map(({ value }) => value) ?? [];
		assert.ok(Math.abs((metrics['cv_rmse'] ?? 0) - ((first ?? 0) + (second ?? 0)) / 2) < 1e-12);
	});

	it('say of anomalies what a training on all before them would', async () => {
		const model = { task: 'anomaly' };
		const { metrics, history } = await train(model, { target: 'bad', split: { ...split, folds: 2 } });
		const alone = await train(model, { target: 'bad', split: { ...split, test: 1 / 3 } }, until(270));
		for (const name of ['average_precision', 'f1', 'nab_score', 'anomaly_rate']) {
			assert.equal(history[`fold_${name}`]?.[1]?.value, alone.metrics[`test_${name}`], name);
		}
		assert.ok((metrics['cv_validation_loss'] ?? 0) > 0 && (metrics['test_average_precision'] ?? 0) > 0.5);
	});
});

describe('the threshold of a net on series', () => {
	const labels = async (model: { onnx: Uint8Array }, rows: object[]) => {
		const opened = await openModel(model.onnx);
		try {
			const parsed = parseRows(rows, rowForm(opened.description));
			const { label = new Int8Array() } = await opened.infer(parsed.table);
			return { label, origin: parsed.origin ?? new Uint32Array() };
		} finally {
			await opened.close();
		}
	};
	const key = columnOf(table, 'key');
	const level = columnOf(table, 'level');
	assert.ok(key.kind === 'string' && level.kind === 'number');
	const rowsOf = Array.from({ length: table.rows }, (_, row) => ({
		level: level.values[row] as number,
		key: key.dictionary[key.codes[row] as number] as string,
	}));

	it('is a quantile of a clean period for each series, by the key that raw rows bring', async () => {
		const clean = { from: new Date(0).toISOString(), to: new Date(200 * hour).toISOString() };
		const threshold = { quantile: 0.9, clean, per_key: true };
		const model = await train({ task: 'anomaly', threshold }, { target: 'bad' });
		assert.equal(model.params['threshold.keys'], '2');
		assert.deepEqual(
			model.description.inputs.map(({ name, type, width }) => [name, type, width]),
			[
				['level', 'float', 6],
				['key', 'string', 1],
			],
		);
		const { label, origin } = await labels(model, rowsOf);
		const bad = columnOf(table, 'bad');
		assert.ok(bad.kind === 'number' && origin.length === table.rows - 10);
		for (const name of ['quiet', 'loud']) {
			// Windows of the first 200 rows that hold no anomaly.
			const places = [...origin.keys()].filter((at) => {
				const row = origin[at] as number;
				const before = Array.from({ length: 6 }, (_, back) => bad.values[row - 2 * back]);
				return rowsOf[row]?.key === name && row < 400 && !before.includes(1);
			});
			const beyond = places.filter((at) => label[at] === -1).length;
			assert.ok(Math.abs(beyond - 0.1 * places.length) <= 1, `${name}: ${beyond} of ${places.length}`);
		}
	});

	it('keeps a budget of alarms a day on rows that it did not learn from', async () => {
		const model = await train({ task: 'anomaly', threshold: { alarms_per_day: 2 } }, { target: 'bad' });
		assert.ok((model.metrics['threshold'] ?? 0) > 0);
		// A tenth of each series validates, 36 hours.
		assert.ok(Number(model.params['threshold.clean_rows']) <= 72);
		const tighter = await train({ task: 'anomaly', threshold: { alarms_per_day: 0.1 } }, { target: 'bad' });
		assert.ok((tighter.metrics['threshold'] ?? 0) > (model.metrics['threshold'] ?? 0));
	});

	it('is refused where a net forecasts', async () => {
		await assert.rejects(train({ task: 'forecast', threshold: { quantile: 0.9 } }), {
			code: 'invalid_config',
			message: /model\.threshold: lstm has none/,
		});
	});
});
