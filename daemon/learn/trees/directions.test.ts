import assert from 'node:assert/strict';
import fc from 'fast-check';
import { numberColumn, stringColumn, type Table, tableOf } from '../../data/table.ts';
import { openModel } from '../../onnx/model.ts';
import type { ModelSection } from '../../protocol/project/model.ts';
import { createRandom } from '../../stats/random.ts';
import { type TrainingSpec, trainModel } from '../trainModel.ts';

/** A price that rises with size and falls with age on the whole, and waves along both. */
function homes(rows: number): Table {
	const random = createRandom('directions.test');
	const size = Array.from({ length: rows }, () => 10 + 100 * random.next());
	const age = Array.from({ length: rows }, () => (random.next() < 0.1 ? null : random.integer(80)));
	const town = Array.from({ length: rows }, () => `town ${random.integer(6)}`);
	const price = size.map(
		(one, row) =>
			one + 30 * Math.sin(one / 5) - (age[row] ?? 40) + 10 * Number(town[row]?.at(-1)) + 10 * random.normal(),
	);
	return tableOf([
		numberColumn('size', size),
		numberColumn('age', age),
		stringColumn('town', town),
		numberColumn('price', price),
		stringColumn(
			'dear',
			price.map((one) => (one > 40 ? 'yes' : 'no')),
		),
	]);
}

const table = homes(900);
const monotone = { size: 'increasing', age: 'decreasing' };
const spec = (target: string, model: ModelSection): TrainingSpec => ({
	...{ model, prepare: [], target, exclude: ['price', 'dear'].filter((name) => name !== target) },
});

describe('directions', () => {
	const models: [string, ModelSection][] = [
		['price', { type: 'gradient_boosting', params: { trees: 40, monotone } }],
		['dear', { type: 'gradient_boosting', params: { trees: 40, monotone, min_samples_leaf: 3, max_leaves: 63 } }],
	];
	for (const [target, model] of models) {
		it(`are kept by ${target} on any row`, async () => {
			const { onnx, metrics } = await trainModel(table, spec(target, model));
			const opened = await openModel(onnx);
			const said = async (rows: { size: number; age: number; town: string }[]) => {
				const { prediction, proba } = await opened.infer(
					tableOf([
						numberColumn(
							'size',
							rows.map(({ size }) => size),
						),
						numberColumn(
							'age',
							rows.map(({ age }) => age),
						),
						stringColumn(
							'town',
							rows.map(({ town }) => town),
						),
					]),
				);
				return proba?.values[1] ?? (prediction as Float64Array);
			};
			const place = fc.record({
				size: fc.double({ min: 0, max: 130, noNaN: true }),
				age: fc.double({ min: -5, max: 90, noNaN: true }),
				town: fc.constantFrom('town 0', 'town 3', 'town 5', 'elsewhere'),
			});
			const more = fc.double({ min: 0, max: 60, noNaN: true });
			await fc.assert(
				fc.asyncProperty(fc.array(fc.tuple(place, more, more), { minLength: 20, maxLength: 60 }), async (pairs) => {
					const [low, high] = [
						await said(pairs.map(([one]) => one)),
						await said(
							pairs.map(([one, larger, newer]) => ({ ...one, size: one.size + larger, age: one.age - newer })),
						),
					];
					for (let row = 0; row < pairs.length; row++) {
						// As much as sums of float32 may differ.
						assert.ok((high[row] as number) >= (low[row] as number) - 1e-4, `${low[row]} and then ${high[row]}`);
					}
				}),
				{ numRuns: 60 },
			);
			await opened.close();
			const [own, base] = target === 'price' ? ['rmse', 'baseline_rmse'] : ['log_loss', 'baseline_log_loss'];
			assert.ok((metrics[own] as number) < 0.8 * (metrics[base] as number));
		});
	}

	it('are refused where nothing rises or falls', async () => {
		const boosting = (column: string, target = 'price') =>
			trainModel(table, spec(target, { type: 'gradient_boosting', params: { monotone: { [column]: 'increasing' } } }));
		await assert.rejects(boosting('town'), { code: 'invalid_config', message: /"town" holds no numbers/ });
		await assert.rejects(boosting('dear'), { code: 'invalid_config', message: /none of the columns/ });
		await assert.rejects(boosting('sise'), { code: 'unknown_column' });
		await assert.rejects(boosting('size', 'town'), { code: 'invalid_config', message: /no order/ });
	});
});
