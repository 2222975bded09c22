import assert from 'node:assert/strict';
import { columnOf, numberColumn, stringColumn, type Table, tableOf, takeRows } from '../../data/table.ts';
import { openModel } from '../../onnx/model.ts';
import { parse } from '../../protocol/parse.ts';
import { type ModelSection, modelSection } from '../../protocol/project/model.ts';
import { createRandom } from '../../stats/random.ts';
import { eventMetrics, nabScore } from '../metrics/eventMetrics.ts';
import { type TrainedModel, trainModel } from '../trainModel.ts';
import { chooseThreshold, countAlarms } from './chooseThreshold.ts';
import { seriesOf } from './series.ts';

const rows = 2400;
const minute = 60_000;
const start = Date.UTC(2026, 0, 1);

/** Two devices, one louder than the other, a reading a minute each; the last hundred readings of the quiet one are wrong. */
function devices(): Table {
	const random = createRandom('threshold.test');
	const device = Array.from({ length: rows }, (_, row) => (row % 2 === 0 ? 'quiet' : 'loud'));
	const bad = Float64Array.from({ length: rows }, (_, row) => +(row >= rows - 200 && row % 2 === 0));
	const x = Float64Array.from({ length: rows }, (_, row) => {
		return (device[row] === 'loud' ? 3 : 1) * random.normal() + 5 * (bad[row] as number);
	});
	return tableOf([
		numberColumn('x', x),
		stringColumn('device', device),
		numberColumn(
			'at',
			Float64Array.from({ length: rows }, (_, row) => start + Math.floor(row / 2) * minute),
			'timestamp',
		),
		numberColumn('bad', bad),
	]);
}

const table = devices();
const detect = async (threshold: unknown, model: Partial<ModelSection> = {}, given = table) =>
	trainModel(given, {
		model: parse(modelSection, { type: 'isolation_forest', params: { trees: 40 }, threshold, ...model }),
		prepare: [],
		target: 'bad',
		time: 'at',
		key: 'device',
	});

async function labels(model: TrainedModel, raw: Table): Promise<Int8Array> {
	const opened = await openModel(model.onnx);
	try {
		return (await opened.infer(raw)).label ?? new Int8Array();
	} finally {
		await opened.close();
	}
}

const close = (found: number | undefined, expected: number) =>
	assert.ok(Math.abs((found ?? Number.NaN) - expected) < 1e-9, `${found} is not ${expected}`);

describe('thresholds of anomalies', () => {
	it('leave the share of clean rows that is asked for beyond them, in a period', async () => {
		const model = await detect({ quantile: 0.95, clean: { from: '2026-01-01T02:00:00Z', to: '2026-01-01T12:00:00Z' } });
		const said = await labels(model, table);
		const clean = said.subarray(240, 1440);
		assert.equal(clean.filter((label) => label === -1).length, 60);
		assert.equal(model.params['threshold.clean_rows'], '1200');
		assert.ok((model.metrics['detected_periods'] ?? 0) === 1 && (model.metrics['nab_score'] ?? 0) < 100);
	});

	it('keep to a budget of alarms a day, and would not further out', async () => {
		const model = await detect({ alarms_per_day: 12 }, { type: 'autoencoder', params: { epochs: 2, hidden: '1' } });
		const said = await labels(model, table);
		const series = seriesOf(table, { time: 'at', key: 'device' }) ?? assert.fail();
		const bad = columnOf(table, 'bad');
		assert.ok(bad.kind === 'number');
		const clean = series.series.map((of) => of.filter((row) => bad.values[row] === 0));
		// 1,200 minutes are 0.83 days.
		const alarms = countAlarms(clean, (row) => said[row] === -1);
		assert.ok(alarms <= 10 && alarms >= 8, String(alarms));
	});

	it('give each key a budget of its own', async () => {
		const model = await detect({ alarms_per_day: 24, per_key: true });
		const said = await labels(model, table);
		const { series } = seriesOf(table, { time: 'at', key: 'device' }) ?? assert.fail();
		const bad = columnOf(table, 'bad');
		assert.ok(bad.kind === 'number');
		for (const of of series) {
			const clean = of.filter((row) => bad.values[row] === 0);
			// 1,100 minutes are 0.76 days of the quiet one, 1,200 are 0.83 of the loud one: 18 and 20 alarms.
			const alarms = countAlarms([clean], (row) => said[row] === -1);
			assert.ok(alarms <= 20 && alarms >= 15, String(alarms));
		}
	});

	it('choose the border at which a hand counts the alarms', () => {
		// Six rows an hour apart, beyond 0.35: rows 1 and 2 (one alarm) and 4; the day has 5 of 24 hours, so 2 alarms are 9.6 a day.
		const at = Float64Array.from({ length: 6 }, (_, row) => start + row * 60 * minute);
		const given = tableOf([numberColumn('at', at, 'timestamp')]);
		const scores = Float64Array.of(0.1, 0.4, 0.5, 0.2, 0.9, 0.3);
		const scored = { table: given, labels: null, time: 'at', key: null };
		const border = (perDay: number) =>
			chooseThreshold({ alarms_per_day: perDay, per_key: false }, { scores, scoreKind: 'error' }, scored).threshold;
		assert.deepEqual([border(9.7), border(5), border(1)], [0.1, 0.5, 0.9]);
	});

	it('may be one for each key, inside the graph', async () => {
		const one = await detect({ quantile: 0.9 });
		const each = await detect({ quantile: 0.9, per_key: true });
		const quiet = Uint32Array.from({ length: 1100 }, (_, index) => 2 * index);
		const share = async (model: TrainedModel, of: Uint32Array) =>
			(await labels(model, takeRows(table, of))).filter((label) => label === -1).length / of.length;
		const loud = quiet.map((row) => row + 1);
		assert.ok(Math.abs((await share(each, quiet)) - 0.1) < 0.002);
		assert.ok(Math.abs((await share(each, loud)) - 0.1) < 0.01);
		assert.ok((await share(one, quiet)) < 0.02 && (await share(one, loud)) > 0.15);
		assert.deepEqual(
			each.description.inputs.map(({ name, type }) => [name, type]),
			[
				['x', 'float'],
				['device', 'string'],
			],
		);
		// A device that was never seen has the threshold of all.
		const [x] = table.columns;
		assert.ok(x);
		const stranger = tableOf([x, stringColumn('device', new Array<string>(rows).fill('new'))]);
		assert.deepEqual(await labels(each, stranger), await labels(one, table));
	});

	it('may ask for several rows, and keep the budget by the alarms that these make', async () => {
		const persistence = { k: 3, n: 5 };
		const [one, several] = [await detect({ alarms_per_day: 12 }), await detect({ alarms_per_day: 12, persistence })];
		assert.equal(several.params['threshold.persistence'], '3 of 5');
		assert.deepEqual([one.description.persistence, several.description.persistence], [undefined, persistence]);
		// Single rows far out make no alarm, so that the threshold may lie nearer (scores of a forest are lower further out).
		assert.ok((several.metrics['threshold'] ?? -1) > (one.metrics['threshold'] ?? 0));
		const beyond = await labels(several, table);
		const { series } = seriesOf(table, { time: 'at', key: 'device' }) ?? assert.fail();
		const inAlarm = (rows: Uint32Array, at: number) =>
			[...rows.subarray(Math.max(0, at - 4), at + 1)].filter((row) => beyond[row] === -1).length >= 3;
		const bad = columnOf(table, 'bad');
		assert.ok(bad.kind === 'number');
		let alarms = 0;
		let called = 0;
		for (const rows of series) {
			for (let at = 0; at < rows.length; at++) called += +inAlarm(rows, at);
			const clean = rows.filter((row) => bad.values[row] === 0);
			for (let at = 0; at < clean.length; at++) {
				alarms += +(inAlarm(clean, at) && (at === 0 || !inAlarm(clean, at - 1)));
			}
		}
		assert.equal(several.metrics['anomaly_rate'], called / rows);
		// 1,200 minutes are 0.83 days.
		assert.ok(alarms >= 8 && alarms <= 10, String(alarms));
		assert.equal(several.metrics['detected_periods'], 1);
	});

	it('leave the estimator its own, where only several rows are asked for', async () => {
		const own = await detect(undefined);
		const several = await detect({ persistence: { k: 2, n: 3 } });
		assert.equal(several.metrics['threshold'], own.metrics['threshold']);
		assert.ok((several.metrics['anomaly_rate'] ?? 1) < (own.metrics['anomaly_rate'] ?? 0));
		await assert.rejects(detect({ persistence: { k: 4, n: 3 } }), { message: /k must not be over n/ });
		await assert.rejects(detect({ persistence: { k: 1, n: 3 }, per_key: true }), {
			message: /either quantile or alarms_per_day/,
		});
	});

	it('are refused without what they need', async () => {
		await assert.rejects(detect({}), { message: /either quantile or alarms_per_day/ });
		await assert.rejects(detect({ quantile: 0.9, clean: { from: '2027-01-01' } }), { code: 'empty_data' });
		const spec = {
			model: parse(modelSection, { type: 'isolation_forest', threshold: { alarms_per_day: 1 } }),
			prepare: [],
		};
		await assert.rejects(trainModel(table, spec), { message: /alarms_per_day: needs data.time/ });
	});
});

describe('measures of periods', () => {
	it('are those of a hand calculation', () => {
		const at = Float64Array.from({ length: 12 }, (_, row) => start + row * 2 * 60 * minute);
		const series = seriesOf(tableOf([numberColumn('at', at, 'timestamp')]), { time: 'at' }) ?? assert.fail();
		const bad = Int8Array.of(0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0);
		const called = Uint8Array.of(1, 0, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0);
		const found = eventMetrics(series, bad, (row) => called[row] === 1) ?? {};
		// The alarm of rows 3 to 5 touches the first period, two hours late; rows 0 and 7 are false, in 22 hours.
		assert.deepEqual([found['detected_periods'], found['time_to_detect_seconds']], [0.5, 7200]);
		close(found['false_alarms_per_day'], 2 / (22 / 24));
		// Row 3: σ(−2/3) / σ(−1), row 0: −0.11; rows 5 and 7: 0.11 σ(1/2) and 0.11 σ(3/2); the second period is missed: −1.
		const sigma = (y: number) => 2 / (1 + Math.exp(5 * y)) - 1;
		const raw = sigma(-2 / 3) / sigma(-1) - 0.11 + 0.11 * sigma(1 / 2) + 0.11 * sigma(3 / 2) - 1;
		close(found['nab_score'], (100 * (raw + 2)) / 4);
	});

	it('give 100 for the first row of each period, 0 for silence, and less for noise', () => {
		const bad = Uint8Array.of(0, 0, 0, 1, 1, 1, 1, 0, 0, 0);
		assert.equal(nabScore(Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0, 0, 0), bad), 100);
		assert.equal(nabScore(new Uint8Array(10), bad), 0);
		// Rows 0 to 2: −0.11 each; the window is hit at once; rows 7 to 9 lie 1/3, 2/3 and 1 behind it.
		// σ(1/3) = −0.682262, σ(2/3) = −0.931110, σ(1) = −0.986614: 1 − 0.33 − 0.11 · 2.599986 = 0.384002, 100 · 1.384002 / 2.
		const found = nabScore(new Uint8Array(10).fill(1), bad);
		assert.ok(Math.abs(found - 69.2001) < 1e-4, String(found));
	});
});
