import assert from 'node:assert/strict';
import {
	columnOf,
	numberColumn,
	selectColumns,
	stringColumn,
	type Table,
	tableOf,
	takeRows,
} from '../../data/table.ts';
import { openModel } from '../../onnx/model.ts';
import { explanations } from '../../protocol/explanations.ts';
import { parse } from '../../protocol/parse.ts';
import { createRandom } from '../../stats/random.ts';
import { type TrainedModel, type TrainingSpec, trainModel } from '../trainModel.ts';
import { openContributions } from './contributions.ts';
import { permutationImportance } from './permutationImportance.ts';

const rows = 900;

/** A price that follows from size and town, and not from the moon. */
function houses(): Table {
	const random = createRandom('explain.test');
	const size = Float64Array.from({ length: rows }, () =>
		random.next() < 0.05 ? Number.NaN : 80 + 30 * random.normal(),
	);
	const town = Array.from({ length: rows }, () => ['Aa', 'Bern', 'Cham'][random.integer(3)] as string);
	const price = size.map((area, row) => 3 * (area || 80) + (town[row] === 'Bern' ? 60 : 0) + 5 * random.normal());
	return tableOf([
		numberColumn(
			'moon',
			Float64Array.from({ length: rows }, () => random.next()),
		),
		numberColumn('size', size),
		stringColumn('town', town),
		numberColumn('price', price),
		stringColumn(
			'kind',
			[...price].map((value) => (value > 290 ? 'dear' : value > 210 ? 'fair' : 'cheap')),
		),
	]);
}

/** Two columns that go together; in 20 rows they do not, and y is far out. */
function readings(): Table {
	const random = createRandom('explain.test', 'readings');
	const x = Float64Array.from({ length: rows }, () => random.normal());
	const y = x.map((value, row) => (row % 45 === 0 ? 9 : value + 0.1 * random.normal()));
	const bad = Float64Array.from({ length: rows }, (_, row) => +(row % 45 === 0));
	return tableOf([numberColumn('x', x), numberColumn('y', y), numberColumn('bad', bad)]);
}

const table = houses();
const train = (type: TrainingSpec['model']['type'], target: string, params: TrainingSpec['model']['params'] = {}) =>
	trainModel(table, {
		model: { type, params },
		prepare: [],
		target,
		exclude: target === 'price' ? ['kind'] : ['price'],
	});
const explained = async (model: TrainedModel) => parse(explanations, await model.explain(() => {}));

/** Base and contributions of some rows, summed by output. */
async function sums(model: TrainedModel, raw: Table): Promise<Float64Array[]> {
	const opened = await openContributions(model.onnx);
	assert.ok(typeof opened !== 'string', String(opened));
	const { classes, columns, base } = opened;
	const values = await opened.explain(raw);
	return classes.map((_, output) =>
		Float64Array.from({ length: raw.rows }, (__, row) => {
			const from = (row * classes.length + output) * columns.length;
			return values.subarray(from, from + columns.length).reduce((sum, value) => sum + value, base[output] as number);
		}),
	);
}

async function said(model: TrainedModel, raw: Table) {
	const opened = await openModel(model.onnx);
	try {
		return await opened.infer(raw);
	} finally {
		await opened.close();
	}
}

const close = (found: number | undefined, expected: number | undefined, within: number) =>
	assert.ok(Math.abs((found ?? Number.NaN) - (expected ?? Number.NaN)) <= within, `${found} is not ${expected}`);

describe('explanations', () => {
	const some = takeRows(
		table,
		Uint32Array.from({ length: 60 }, (_, index) => 7 * index),
	);

	it('importance is what shuffling a column costs: of y = x twice the variance, of another column nothing', async () => {
		const x = columnOf(table, 'moon');
		assert.ok(x.kind === 'number');
		const truth = x.values.slice();
		const mean = truth.reduce((sum, value) => sum + value, 0) / rows;
		const variance = truth.reduce((sum, value) => sum + (value - mean) ** 2, 0);
		const { score, columns } = await permutationImportance(
			selectColumns(table, ['size', 'moon']),
			async (given) => {
				const column = columnOf(given, 'moon');
				assert.ok(column.kind === 'number');
				return 1 - column.values.reduce((sum, value, row) => sum + (value - (truth[row] as number)) ** 2, 0) / variance;
			},
			{ repeats: 10, seed: 1 },
		);
		assert.equal(score, 1);
		assert.deepEqual(columns[1], { column: 'size', mean: 0, std: 0 });
		// 1 − R² of shuffled values is 2 − 2r, and their correlation r has mean 0 and deviation 1/√n.
		close(columns[0]?.mean, 2, (3 * 2) / Math.sqrt(rows * 10));
		close(columns[0]?.std, 2 / Math.sqrt(rows), 0.04);
	});

	for (const type of ['gradient_boosting', 'random_forest'] as const) {
		it(`${type}: contributions of columns add up to each number that it says`, async () => {
			const model = await train(type, 'price', { trees: 40, max_depth: 7 });
			const { prediction } = await said(model, some);
			const [found] = await sums(model, some);
			for (let row = 0; row < some.rows; row++) close(found?.[row], Number(prediction?.[row]), 1e-3);
			const { importance, contributions, residuals, learning_curve: curve, notes, ...rest } = await explained(model);
			assert.deepEqual([rest.part, rest.rows, rest.of, rest.confusion, notes], ['held_out', 180, 180, null, []]);
			assert.equal(importance?.metric, 'r2');
			close(importance?.score, model.metrics['r2'], 1e-5);
			assert.deepEqual(
				importance?.columns.map(({ column }) => column),
				['size', 'town', 'moon'],
			);
			assert.ok((importance?.columns[0]?.mean ?? 0) > 1 && Math.abs(importance?.columns[2]?.mean ?? 1) < 0.05);
			assert.equal(contributions?.unit, 'target');
			assert.deepEqual(
				contributions?.outputs[0]?.columns.map(({ column }) => column),
				['size', 'town', 'moon'],
			);
			assert.equal(
				residuals?.histogram.counts.reduce((sum, count) => sum + count, 0),
				180,
			);
			assert.equal(residuals?.points.length, 180);
			assert.deepEqual(
				curve?.points.map((point) => point.rows),
				[90, 180, 360, 720],
			);
			assert.ok((curve?.points[3]?.held_out ?? 1e9) < (curve?.points[0]?.held_out ?? 0));
			close(curve?.points[3]?.held_out, model.metrics['rmse'], 1e-12);
		});
	}

	it('tells the probabilities of a forest and the log-odds of boosting by class, with confusion and calibration', async () => {
		const forest = await train('random_forest', 'kind', { trees: 30, max_depth: 7 });
		const { proba } = await said(forest, some);
		for (const [output, found] of (await sums(forest, some)).entries()) {
			for (let row = 0; row < some.rows; row++) close(found[row], proba?.values[output]?.[row], 1e-5);
		}
		const boosting = await train('gradient_boosting', 'kind', { trees: 30 });
		const scores = await sums(boosting, some);
		const { proba: odds } = await said(boosting, some);
		for (let row = 0; row < some.rows; row++) {
			const powers = scores.map((of) => Math.exp(of[row] as number));
			const all = powers.reduce((sum, power) => sum + power, 0);
			for (const [code, power] of powers.entries()) close(odds?.values[code]?.[row], power / all, 1e-5);
		}
		const { confusion, calibration, importance, contributions } = await explained(boosting);
		assert.deepEqual(confusion?.classes, ['cheap', 'dear', 'fair']);
		const hits = confusion?.counts.reduce((sum, line, code) => sum + (line[code] ?? 0), 0) ?? 0;
		const all = confusion?.counts.flat().reduce((sum, count) => sum + count, 0) ?? 1;
		close(hits / all, boosting.metrics['accuracy'], 1e-12);
		for (const { bins } of calibration ?? []) {
			assert.equal(
				bins.reduce((sum, bin) => sum + bin.rows, 0),
				all,
			);
		}
		assert.equal(calibration?.length, 3);
		assert.equal(contributions?.unit, 'log_odds');
		assert.equal(importance?.columns[0]?.column, 'size');
		close(importance?.score, boosting.metrics['log_loss'], 1e-4);
	});

	it('tells which columns make rows abnormal: by path length of a forest, by error of a net', async () => {
		const series = readings();
		const detect = (type: TrainingSpec['model']['type'], params: TrainingSpec['model']['params']) =>
			trainModel(series, { model: { type, params }, prepare: [], target: 'bad' });
		const forest = await detect('isolation_forest', { trees: 50, contamination: 0.03 });
		const raw = takeRows(
			series,
			Uint32Array.from({ length: 90 }, (_, row) => row),
		);
		const { anomaly_score: score } = await said(forest, raw);
		const [exponents] = await sums(forest, raw);
		for (let row = 0; row < raw.rows; row++) close(2 ** (exponents?.[row] ?? 0), score?.[row], 1e-5);
		const why = await explained(forest);
		assert.equal(why.contributions?.abnormal?.columns[0]?.column, 'y');
		assert.deepEqual(
			[why.part, why.importance?.metric, why.contributions?.unit],
			['training', 'roc_auc', 'log2_anomaly_score'],
		);
		assert.deepEqual(
			why.confusion?.counts.map((line) => line.reduce((sum, count) => sum + count, 0)),
			[880, 20],
		);

		const net = await detect('autoencoder', { epochs: 8, hidden: '1' });
		const { score: errors } = await said(net, raw);
		const [found] = await sums(net, raw);
		for (let row = 0; row < raw.rows; row++) close(found?.[row], errors?.[row], 1e-5 * (1 + (errors?.[row] ?? 0)));
		assert.equal((await explained(net)).contributions?.method, 'errors');
	});

	it('says what is not there, and why', async () => {
		const { contributions, importance, notes } = await explained(await train('linear', 'price'));
		assert.equal(contributions, null);
		assert.match(notes.join(' '), /No contributions: Its graph has no trees/);
		assert.equal(importance?.columns[0]?.column, 'size');
	});
});
