import assert from 'node:assert/strict';
import fc from 'fast-check';
import { numberColumn, stringColumn, type Table, tableOf } from '../../data/table.ts';
import { openModel } from '../../onnx/model.ts';
import type { ModelSection } from '../../protocol/project/model.ts';
import { createRandom } from '../../stats/random.ts';
import { type TrainingSpec, trainModel } from '../trainModel.ts';
import { groupCategories, rankCategories } from './categoryOrder.ts';
import { cutBySet, type SetRules } from './setCuts.ts';
import { noLimits } from './split.ts';

/** Nothing against chance: every set may be chosen. */
const free: SetRules = {
	...{ cat_smooth: 0, cat_l2: 0, max_cat_to_onehot: 1, max_cat_threshold: 128, min_data_per_group: 1 },
};
const rules = { minRows: 1, l2: 0 };

/** What a cut saves by squares, and the categories on its left, of `[gradient, rows]` a category. */
function cutOf(categories: readonly (readonly [number, number])[], sets: SetRules = free) {
	const sums = new Float64Array(512);
	sums.set(categories.flat());
	const total = [0, 1].map((part) => categories.reduce((sum, one) => sum + (one[part] as number), 0));
	const node = { rows: total[1] as number, total: Float64Array.from(total), limits: noLimits };
	const cut = cutBySet(sums, categories.length, node, rules, sets, 1, Number.NEGATIVE_INFINITY);
	const left = cut?.marks ? [...cut.marks.keys()].filter((code) => cut.marks?.[code] === 1) : null;
	return { saved: cut?.saved ?? null, left };
}

/** The best over all sets. */
function bestOfAll(categories: readonly (readonly [number, number])[]): number {
	let best = Number.NEGATIVE_INFINITY;
	for (let set = 1; set < 2 ** categories.length - 1; set++) {
		const sides = [0, 1].map((side) => {
			const inside = categories.filter((_, code) => ((set >> code) & 1) === side);
			const [gradient, rows] = [0, 1].map((part) => inside.reduce((sum, one) => sum + (one[part] as number), 0));
			return (gradient as number) ** 2 / (rows as number);
		});
		best = Math.max(best, (sides[0] as number) + (sides[1] as number));
	}
	return best;
}

/** Sales of 300 shops; every third sells much. Few rows have no shop. */
function sales(rows: number): Table {
	const random = createRandom('categories.test');
	const shop = Array.from({ length: rows }, () => Math.min(random.integer(300), random.integer(300)));
	const price = shop.map(() => random.next());
	const sold = shop.map((at, row) => (at % 3 === 0 ? 5 : 0) + 3 * (price[row] as number) + random.normal());
	return tableOf([
		numberColumn('price', price),
		stringColumn(
			'shop',
			shop.map((at, row) => (row % 50 === 3 ? null : `shop ${at}`)),
		),
		numberColumn(
			'code',
			shop.map((at) => at % 7),
			'integer',
		),
		numberColumn('sold', sold),
		stringColumn(
			'band',
			sold.map((one) => (one > 5 ? 'much' : one > 2 ? 'some' : 'little')),
		),
	]);
}

describe('categories', () => {
	it('are parted by the best of all sets', () => {
		// Means 5, 0, 4.5, 0.5: {b, d} against {a, c}: (1·0 + 1·0.5)²/2 + (5 + 4.5)²/2 = 45.25.
		const cut = cutOf([
			[5, 1],
			[0, 1],
			[4.5, 1],
			[0.5, 1],
		]);
		assert.deepEqual(cut, { saved: 45.25, left: [1, 3] });
		const sums = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9 }));
		fc.assert(
			fc.property(fc.array(sums, { minLength: 2, maxLength: 9 }), (categories) => {
				assert.ok(Math.abs((cutOf(categories).saved as number) - bestOfAll(categories)) < 1e-9);
			}),
		);
	});

	it('are not taken at their word where they are rare', () => {
		const categories = [
			[90, 9],
			[20, 40],
			[10, 50],
			[-30, 60],
		] as const;
		// The first has the greatest mean, of nine rows: it stays with the others. 49 and 69 rows are too few for a side.
		assert.deepEqual(cutOf(categories, { ...free, cat_smooth: 10 }).left, [2, 3]);
		assert.deepEqual(cutOf(categories, { ...free, cat_smooth: 10, min_data_per_group: 70 }).left, null);
		// Up to so many, one is parted from the others.
		assert.deepEqual(cutOf(categories, { ...free, max_cat_to_onehot: 4 }).left, [0]);
	});

	it('have the ranks of what the target says of them, in forests', () => {
		const column = Float32Array.of(0, 0, 1, 1, 2, 2, 3);
		const matrix = { rows: 7, columns: [new Float32Array(7), column], categories: [0, 5] };
		const rows = Uint32Array.from({ length: 7 }, (_, row) => row);
		// Means 6, 1, 3, 3.5 about 3.357; of the last, which no row has, nothing is known, so it is said to be the mean.
		const values = Float64Array.of(6, 6, 1, 1, 3, 3, 3.5);
		const [, ofNumbers] = rankCategories(matrix, { kind: 'numbers', values }, rows) ?? [];
		assert.deepEqual([...(ofNumbers ?? [])], [4, 0, 1, 3, 2]);
		const codes = Uint16Array.of(0, 0, 2, 2, 0, 2, 1);
		const [, ofClasses] = rankCategories(matrix, { kind: 'classes', codes, classes: 3 }, rows) ?? [];
		// The main direction tells class 0 from class 2: the first two categories stand at its ends.
		const ranks = [...(ofClasses ?? [])];
		assert.deepEqual([ranks[0], ranks[1]].sort(), [Math.min(...ranks), Math.max(...ranks)]);
	});

	it('that are rare are told apart only where the target says something of them', () => {
		const random = createRandom('categories.test', 'rare');
		const count = 4000;
		const codes = Float32Array.from({ length: count }, () => random.integer(1000));
		const matrix = { rows: count, columns: [codes], categories: [1002] };
		const rows = Uint32Array.from(codes.keys());
		const noise = Float64Array.from(codes, () => random.normal());
		const signal = noise.map((one, row) => one + ((codes[row] as number) % 2) * 3);
		const tablesOf = (values: Float64Array) => {
			const target = { kind: 'numbers', values } as const;
			const [ranks] = rankCategories(matrix, target, rows) ?? [];
			const [bins] = groupCategories(matrix, target, rows) ?? [];
			return [ranks as Float32Array, bins as Float32Array] as const;
		};
		for (const table of tablesOf(noise)) assert.equal(new Set(table.slice(252, -1)).size, 1);
		const [ranks, bins] = tablesOf(signal);
		assert.ok(new Set(ranks).size > 900);
		assert.ok(Math.max(...bins) === 253 && new Set(bins).size > 200);
		// Of those that share bins, the low ones are mostly even and the high ones odd.
		const odd = (from: number, to: number) => {
			const inside = [...bins.keys()].filter((code) => (bins[code] as number) >= from && (bins[code] as number) < to);
			return inside.reduce((sum, code) => sum + (code % 2), 0) / inside.length;
		};
		assert.ok(odd(190, 215) < 0.1 && odd(225, 253) > 0.9, `${odd(190, 215)} and ${odd(225, 253)}`);
	});

	const table = sales(4000);
	const spec = (model: ModelSection, target: string, change: Partial<TrainingSpec> = {}): TrainingSpec => ({
		...{ model, target, prepare: [], split: { test: 0.3, by: 'random', seed: 1 } },
		exclude: ['sold', 'band', 'code'].filter((name) => name !== target),
		...change,
	});
	const models: [ModelSection, number][] = [
		[{ type: 'gradient_boosting', params: { trees: 40 } }, 0.5],
		[{ type: 'random_forest', params: { trees: 30 } }, 0.6],
		[
			{
				...{ type: 'ensemble', params: {} },
				models: [
					{ type: 'random_forest', params: { trees: 10 } },
					{ type: 'gradient_boosting', params: { trees: 20 } },
				],
			},
			0.6,
		],
	];
	for (const [model, least] of models) {
		it(`of 300 values tell ${model.type} what they mean, in its file too`, async () => {
			for (const target of ['sold', 'band']) {
				const { onnx, metrics, description } = await trainModel(table, spec(model, target));
				assert.deepEqual(description.features, ['price', 'shop']);
				const [own, base] =
					target === 'sold' ? [metrics['r2'], 0] : [metrics['accuracy'], metrics['baseline_accuracy']];
				assert.ok(
					(own as number) > (base as number) + (target === 'sold' ? least : 0.15),
					`${target}: ${own} and ${base}`,
				);
				// What was never seen is what all the rare ones are, and so is any other such word.
				const opened = await openModel(onnx);
				const asked = tableOf([numberColumn('price', [0.5, 0.5, 0.5]), stringColumn('shop', ['new', 'newer', null])]);
				const { prediction, proba } = await opened.infer(asked);
				await opened.close();
				const [first, second, none] = proba?.values[0] ?? (prediction as Float64Array);
				assert.equal(first, second);
				assert.ok(Number.isFinite(none));
			}
		});
	}

	it('may be asked for of codes, and are one-hot where that is asked for', async () => {
		const model: ModelSection = { type: 'gradient_boosting', params: { trees: 5 } };
		const encode = (column: string, as: 'category' | 'one_hot', min_count = 1) => ({
			prepare: [{ encode: { columns: [column], as, min_count } }],
			exclude: ['band'],
		});
		const codes = await trainModel(table, spec(model, 'sold', encode('code', 'category')));
		assert.deepEqual(codes.description.features, ['price', 'shop', 'code']);
		assert.equal(codes.description.inputs.find(({ name }) => name === 'code')?.type, 'string');
		assert.equal(codes.params['prepare.categories'], '2');
		const hot = await trainModel(table, spec(model, 'sold', encode('shop', 'one_hot', 20)));
		assert.ok(hot.description.features.includes('shop=…'));
		await assert.rejects(trainModel(table, spec({ type: 'linear', params: {} }, 'sold', encode('code', 'category'))), {
			code: 'invalid_config',
			message: /"code" is to be a category, and the model takes numbers/,
		});
	});
});
