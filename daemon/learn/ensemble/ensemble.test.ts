import assert from 'node:assert/strict';
import { numberColumn, stringColumn, type Table, tableOf } from '../../data/table.ts';
import { openModel, type Predictions } from '../../onnx/model.ts';
import { parse } from '../../protocol/parse.ts';
import { type MemberSection, type ModelSection, modelSection } from '../../protocol/project/model.ts';
import { createRandom } from '../../stats/random.ts';
import { trainModel } from '../trainModel.ts';
import { votes } from './votes.ts';

/** A number that is partly linear and partly not, and classes of it; some cells are missing. */
function sample(rows: number, seed: number): Table {
	const random = createRandom('ensemble.test', seed);
	const a = Array.from({ length: rows }, () => random.normal());
	const b = Array.from({ length: rows }, () => random.normal());
	const y = a.map((value, row) => 3 * value + Math.sin(3 * (b[row] as number)) * 2 + 0.3 * random.normal());
	return tableOf([
		numberColumn(
			'a',
			a.map((value, row) => (row % 17 === 3 ? null : value)),
		),
		numberColumn('b', b),
		stringColumn(
			'c',
			a.map((_, row) => ['x', 'y', 'z'][row % 3] as string),
		),
		numberColumn('y', y),
		stringColumn(
			'kind',
			y.map((value) => (value > 2 ? 'high' : value > -1 ? 'mid' : 'low')),
		),
	]);
}

const table = sample(800, 1);
const fresh = sample(100, 2);
const line: MemberSection = { type: 'linear', params: {} };
const boost: MemberSection = { type: 'gradient_boosting', params: { trees: 30 } };
const models = [line, boost];

async function trained(model: ModelSection, target: 'y' | 'kind') {
	const other = target === 'y' ? 'kind' : 'y';
	const { onnx, metrics, params } = await trainModel(table, { model, prepare: [], target, exclude: [other] });
	const opened = await openModel(onnx);
	const said = await opened.infer(fresh);
	await opened.close();
	return { metrics, params, said };
}
const ensemble = (params: ModelSection['params'], more = models): ModelSection => ({
	type: 'ensemble',
	params,
	models: more,
});
const alone = (target: 'y' | 'kind') => Promise.all(models.map((one) => trained(one, target)));
const proba = ({ proba: shares }: Predictions, at: number) =>
	shares?.values.map((values) => values[at] as number) ?? [];

describe('an ensemble', () => {
	it('says the mean of the numbers that its models say', async () => {
		const { said, params } = await trained(ensemble({}), 'y');
		// The preparation fills in what is missing, for the linear model cannot take it; alone the trees would take it.
		const imputing = models.map((one) => trained(ensemble({}, [one, one, line]), 'y'));
		const [linear] = await alone('y');
		const [first, second] = await Promise.all(imputing);
		for (let row = 0; row < 100; row++) {
			const at = ({ said: one }: { said: Predictions }) => Number(one.prediction?.[row]);
			const a = at(linear as { said: Predictions });
			// (boosting twice and linear once) says (2 b + a) / 3, and three times linear says a.
			const b = (3 * at(second as { said: Predictions }) - a) / 2;
			assert.ok(Math.abs(at(first as { said: Predictions }) - a) < 1e-4);
			assert.ok(Math.abs(at({ said }) - (a + b) / 2) < 1e-3, `row ${row}`);
		}
		assert.deepEqual(
			[params['combine'], params['models.2.type'], params['models.2.trees']],
			['average', 'gradient_boosting', '30'],
		);
	});

	it('says the mean of the probabilities of classes', async () => {
		const trees: MemberSection[] = [
			{ type: 'random_forest', params: { trees: 10, max_depth: 4 } },
			{ type: 'gradient_boosting', params: { trees: 20 } },
		];
		const [first, second] = await Promise.all(trees.map((one) => trained(one, 'kind')));
		const { said } = await trained(ensemble({ combine: 'average' }, trees), 'kind');
		for (let row = 0; row < 100; row++) {
			const [a, b] = [proba(first?.said as Predictions, row), proba(second?.said as Predictions, row)];
			for (const [at, share] of proba(said, row).entries()) {
				assert.ok(Math.abs(share - ((a[at] as number) + (b[at] as number)) / 2) < 1e-5);
			}
		}
	});

	it('counts the votes for each class', async () => {
		const forests: typeof models = [3, 4, 5].map((seed) => ({
			type: 'random_forest',
			params: { trees: 2, max_depth: 3, seed },
		}));
		const each = await Promise.all(forests.map((one) => trained(one, 'kind')));
		const { said } = await trained(ensemble({ combine: 'vote' }, forests), 'kind');
		for (let row = 0; row < 100; row++) {
			const ballots = each.map((one) => {
				const shares = proba(one.said, row);
				return shares.indexOf(Math.max(...shares));
			});
			const expected = [0, 1, 2].map((at) => ballots.filter((ballot) => ballot === at).length / 3);
			assert.ok(
				proba(said, row).every((share, at) => Math.abs(share - (expected[at] as number)) < 1e-6),
				`row ${row}`,
			);
		}
	});

	it('gives a tie to the first class, also where the last bits differ', () => {
		assert.deepEqual([...votes(Float64Array.of(0.5 - 1e-9, 0.5 + 1e-9, 0.2, 0.8), 2)], [1, 0, 0, 1]);
	});

	for (const target of ['y', 'kind'] as const) {
		it(`learns how to weigh its models for ${target === 'y' ? 'a number' : 'classes'}`, async () => {
			const { metrics } = await trained(ensemble({ combine: 'stack', folds: 3 }), target);
			const [linear, boosting] = await alone(target);
			const score = target === 'y' ? 'r2' : 'accuracy';
			const of = (one: { metrics: Record<string, number> } | undefined) => one?.metrics[score] ?? 0;
			// The number is linear in one column and a sine of another: either model lacks something.
			assert.ok(of({ metrics }) > of(linear), `${of({ metrics })} ${of(linear)}`);
			assert.ok(of({ metrics }) > of(boosting) - 0.02, `${of({ metrics })} ${of(boosting)}`);
		});
	}

	it('refuses what makes no sense, and says where', async () => {
		await assert.rejects(trained(ensemble({ combine: 'vote' }), 'y'), {
			code: 'invalid_config',
			message: /^model\.params\.combine: votes are for classes/,
		});
		const wrong = ensemble({}, [line, { type: 'random_forest', params: { tree: 1 } }]);
		await assert.rejects(trained(wrong, 'y'), { code: 'invalid_config', message: /^model\.models\[1\]\.params/ });
		const section = (value: unknown) => () => parse(modelSection, value);
		assert.throws(section({ type: 'ensemble' }), { message: /models/ });
		assert.throws(section({ type: 'linear', models }), { message: /models/ });
		assert.throws(section({ type: 'ensemble', models: [{ type: 'ensemble' }, { type: 'linear' }] }), {
			message: /type/,
		});
	});
});
