import assert from 'node:assert/strict';
import { numberColumn, stringColumn, tableOf } from '../../data/table.ts';
import { alone } from '../../kernels/team.ts';
import { openModel } from '../../onnx/model.ts';
import type { ModelSection } from '../../protocol/project/model.ts';
import { createRandom } from '../../stats/random.ts';
import { estimatorOf } from '../estimators.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import type { Target } from '../target.ts';
import { trainModel } from '../trainModel.ts';
import { rowWeights } from './rowWeights.ts';

const random = createRandom('weights.test');
const count = 300;
const upTo = (length: number) => Uint32Array.from({ length }, (_, row) => row);
/** Few values, so that the bins are the same however often a row is there. */
const columns = Array.from({ length: 3 }, () => Float32Array.from({ length: count }, () => random.integer(20) / 5 - 2));
const matrix: FeatureMatrix = { rows: count, columns };
const times = Float64Array.from({ length: count }, () => random.integer(4));
const value = (row: number) => (columns[0]?.[row] as number) * 2 + Math.sin(3 * (columns[1]?.[row] as number));
const counted = upTo(count).filter((row) => (times[row] as number) > 0);
/** Each row as often as it weighs. */
const repeated = Uint32Array.from([...counted].flatMap((row) => new Array<number>(times[row] as number).fill(row)));
const targets: Target[] = [
	{ task: 'regression', values: Float64Array.from(upTo(count), value), rows: upTo(count) },
	{
		task: 'classification',
		codes: Uint16Array.from(upTo(count), (row) => +(value(row) > 1)),
		classes: ['no', 'yes'],
		rows: upTo(count),
	},
	{
		task: 'classification',
		codes: Uint16Array.from(upTo(count), (row) => +(value(row) > 1) + +(value(row) > -1)),
		classes: ['low', 'mid', 'high'],
		rows: upTo(count),
	},
];

const takeTarget = (target: Target, rows: Uint32Array): Target =>
	target.task === 'regression'
		? { ...target, values: Float64Array.from(rows, (row) => target.values[row] as number), rows: upTo(rows.length) }
		: { ...target, codes: Uint16Array.from(rows, (row) => target.codes[row] as number), rows: upTo(rows.length) };

async function said(model: ModelSection, own: FeatureMatrix, target: Target, rows: Uint32Array): Promise<Float64Array> {
	const ready = estimatorOf(model, { team: alone });
	if (ready.kind !== 'predictor') throw new Error(`${model.type} predicts nothing`);
	return (await ready.fit({ matrix: own, target, rows }, () => undefined)).predict(matrix);
}

const few = { trees: 5, min_samples_leaf: 1 };
const models: ModelSection[] = [
	{ type: 'linear', params: {} },
	{ type: 'random_forest', params: { ...few, bootstrap: false, features: 1 } },
	{ type: 'gradient_boosting', params: few },
	{
		type: 'ensemble',
		params: {},
		models: [
			{ type: 'linear', params: {} },
			{ type: 'gradient_boosting', params: few },
		],
	},
];

describe('weights of rows', () => {
	for (const model of models) {
		it(`are to ${model.type} as if each row stood there as often`, async () => {
			const longer = {
				rows: repeated.length,
				columns: columns.map((column) => Float32Array.from(repeated, (row) => column[row] as number)),
			};
			for (const target of targets) {
				const weighed = await said(model, matrix, { ...target, weights: times }, counted);
				const often = await said(model, longer, takeTarget(target, repeated), upTo(repeated.length));
				for (const [at, one] of weighed.entries()) {
					assert.ok(Math.abs(one - (often[at] as number)) < 1e-4, `${target.task} ${at}: ${one} and ${often[at]}`);
				}
			}
		});
	}

	it('are those of classes too, balanced or by name', async () => {
		const [, target] = targets as [Target, Target];
		if (target.task === 'regression') throw new Error('classes were expected');
		const yes = target.codes.reduce((sum, code) => sum + code, 0);
		// Balanced: 300 rows over two classes times the rows of each.
		const balanced = Float64Array.from(target.codes, (code) => count / (2 * (code === 1 ? yes : count - yes)));
		assert.deepEqual(rowWeights(target, upTo(count), 'balanced'), balanced);
		for (const { type, params } of models.slice(0, 3)) {
			const own = await said({ type, params: { ...params, class_weight: { yes: 3 } } }, matrix, target, upTo(count));
			const weights = Float64Array.from(target.codes, (code) => 1 + 2 * code);
			const same = await said({ type, params }, matrix, { ...target, weights }, upTo(count));
			assert.deepEqual(own, same);
			await assert.rejects(said({ type, params: { class_weight: { maybe: 3 } } }, matrix, target, upTo(count)), {
				code: 'invalid_config',
				message: /there is no class "maybe"/,
			});
		}
	});

	it('come from a column that is no feature, and weigh what is measured', async () => {
		const table = tableOf([
			numberColumn('a', [...(columns[0] as Float32Array)]),
			numberColumn('b', [...(columns[1] as Float32Array)]),
			numberColumn('times', [...times]),
			stringColumn(
				'kind',
				Array.from(upTo(count), (row) => (value(row) > 1 ? 'yes' : 'no')),
			),
		]);
		const split = { test: 0.5, by: 'random', seed: 1, folds: 3 } as const;
		const spec = { prepare: [], target: 'kind', split };
		const model = { type: 'gradient_boosting', params: {} } as const;
		const trained = await trainModel(table, { ...spec, model, weight: 'times' });
		assert.deepEqual(trained.description.columns, ['a', 'b']);
		const { holdout } = trained;
		if (holdout === null) throw new Error('rows were held out');
		const opened = await openModel(trained.onnx);
		const { prediction } = await opened.infer(holdout);
		await opened.close();
		const [weights, truth] = ['times', 'kind'].map((name) => holdout.columns.find((column) => column.name === name));
		if (weights?.kind !== 'number' || truth?.kind !== 'string' || !Array.isArray(prediction))
			throw new Error('no rows');
		const isRight = (row: number) => +(prediction[row] === truth.dictionary[truth.codes[row] as number]);
		const all = weights.values.reduce((sum, weight) => sum + weight, 0);
		const right = weights.values.reduce((sum, weight, row) => sum + weight * isRight(row), 0);
		assert.ok(Math.abs((trained.metrics['accuracy'] as number) - right / all) < 1e-9);
		assert.ok(weights.values.every((weight) => weight > 0));
		assert.ok(trained.warnings.some((one) => one.includes('a weight of 0')));
		assert.equal(trained.params['data.weight'], 'times');
		await assert.rejects(
			trainModel(table, { ...spec, model: { type: 'isolation_forest', params: {} }, weight: 'times' }),
			{
				code: 'invalid_config',
			},
		);
		await assert.rejects(trainModel(table, { ...spec, model, weight: 'a' }), { code: 'invalid_data' });
	});
});
