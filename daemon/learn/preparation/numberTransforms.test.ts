import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Tensor } from 'onnxruntime-node';
import { numberColumn, tableOf } from '../../data/table.ts';
import { createGraph } from '../../onnx/graph.ts';
import { createSession } from '../../onnx/model.ts';
import { parse } from '../../protocol/parse.ts';
import { prepareSection } from '../../protocol/project/prepare.ts';
import { applyPreparation, fitPreparation } from './preparation.ts';
import { addPreparation } from './preparationGraph.ts';

const prepared = (values: (number | null)[], steps: unknown, keepMissing = false) => {
	const table = tableOf([numberColumn('x', values)]);
	const { preparation } = fitPreparation(table, { prepare: parse(prepareSection, steps) }, { keepMissing });
	return { table, preparation, feature: [...(applyPreparation(preparation, table).columns[0] ?? [])] };
};
const of = (kind: string, rest = {}) => ({ [kind]: { columns: ['x'], ...rest } });
const close = (found: number[], expected: number[]) =>
	assert.deepEqual(
		found.map((value) => value.toFixed(6)),
		expected.map((value) => Math.fround(value).toFixed(6)),
	);

/** What a graph of the input `x` says of its values. */
async function run(onnx: Uint8Array, values: (number | null)[], type: 'float' | 'double'): Promise<number[]> {
	const session = await createSession(onnx, 1, {});
	const known = values.map((value) => value ?? Number.NaN);
	const shape = [values.length, 1];
	const x =
		type === 'float'
			? new Tensor('float32', Float32Array.from(known), shape)
			: new Tensor('float64', Float64Array.from(known), shape);
	const { prediction } = await session.run({ x });
	await session.release();
	return [...(prediction?.data as Float32Array)];
}

describe('numbers as prepare transforms them', () => {
	it('are scaled as StandardScaler, MinMaxScaler and RobustScaler of scikit-learn have it', () => {
		// 1, 2, 4, 13: mean 5, variance (16 + 9 + 1 + 64) / 4 = 22.5; median 3, quartiles 1.75 and 6.25.
		const values = [1, 2, 4, 13];
		const deviation = Math.sqrt(22.5);
		close(prepared(values, [of('scale')]).feature, [-4 / deviation, -3 / deviation, -1 / deviation, 8 / deviation]);
		close(prepared(values, [of('scale', { as: 'min_max' })]).feature, [0, 1 / 12, 3 / 12, 1]);
		close(prepared(values, [of('scale', { as: 'robust' })]).feature, [-2 / 4.5, -1 / 4.5, 1 / 4.5, 10 / 4.5]);
	});

	it('become logarithms with their sign, and are clipped to bounds or quantiles', () => {
		close(prepared([0, Math.E - 1, -9, 99], [of('log')]).feature, [0, 1, -Math.log(10), Math.log(100)]);
		assert.deepEqual(prepared([1, 2, 3, 40], [of('clip', { max: 10 })]).feature, [1, 2, 3, 10]);
		// The quantiles 0.25 and 0.75 of 0, 1, 2, 3, 40 are 1 and 3.
		assert.deepEqual(prepared([0, 1, 2, 3, 40], [of('clip', { quantiles: [0.25, 0.75] })]).feature, [1, 1, 2, 3, 3]);
	});

	it('go through the steps in their order, after the gaps were filled', () => {
		// The null becomes the median 4; clipped 1, 4, 4, 9; min_max of that 0, 3/8, 3/8, 1.
		const steps = [of('clip', { max: 9 }), of('scale', { as: 'min_max' })];
		close(prepared([1, 4, null, 1000], steps).feature, [0, 3 / 8, 3 / 8, 1]);
	});

	it('are refused where the bounds say nothing or the wrong way round, and where text is meant', () => {
		for (const step of [of('clip'), of('clip', { min: 2, max: 1 }), of('clip', { quantiles: [0.9, 0.1] })]) {
			assert.throws(() => prepared([1, 2], [step]), { code: 'invalid_arguments' });
		}
	});

	it('are to the graph what they are to the trainer, gaps too', async () => {
		const steps = fc.array(
			fc.oneof(
				fc.constant(of('log')),
				fc.constantFrom('standard', 'min_max', 'robust').map((as) => of('scale', { as })),
				fc.constantFrom({ min: -5 }, { max: 3.3 }, { quantiles: [0.1, 0.8] }).map((bounds) => of('clip', bounds)),
			),
			{ minLength: 1, maxLength: 4 },
		);
		const number = fc.oneof(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.integer({ min: -9, max: 9 }));
		await fc.assert(
			fc.asyncProperty(
				steps,
				fc.array(fc.option(number), { minLength: 3, maxLength: 40 }),
				fc.boolean(),
				async (asked, values, keepMissing) => {
					fc.pre(new Set(values.filter((value) => value !== null)).size > 1);
					// A column of whole numbers that differ would be taken for a name of its row.
					const { preparation, feature } = prepared([...values, 0.5, 0.5], asked, keepMissing);
					const graph = createGraph('prepared');
					graph.output('prediction', 'float', ['N', 1], addPreparation(graph, preparation));
					const said = await run(graph.toBytes({}), [...values, 0.5, 0.5], preparation.numbers[0]?.input ?? 'float');
					for (const [row, value] of feature.entries()) {
						const other = said[row] as number;
						const same = Number.isNaN(value)
							? Number.isNaN(other)
							: Math.abs(value - other) <= 1e-6 * Math.max(1, Math.abs(value));
						assert.ok(same, `${row}: ${value} and ${other}`);
					}
				},
			),
			{ numRuns: 60 },
		);
	});
});
