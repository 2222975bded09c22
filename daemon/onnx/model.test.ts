import assert from 'node:assert/strict';
import { type Column, numberColumn, stringColumn, type Table, tableOf } from '../data/table.ts';
import { isPerchError } from '../protocol/errors.ts';
import { descriptionKey, type ModelDescription } from './description.ts';
import { createGraph, type Dimension, type Graph } from './graph.ts';
import { openModel } from './model.ts';
import { type ElementType, ModelProto } from './proto.ts';

type Port = [name: string, type: ElementType, shape: Dimension[]];

const flat = (graph: Graph, value: string) =>
	graph.node('Reshape', [value, graph.constant(BigInt64Array.of(-1n), [1])]);

/** Opens what `build` makes, runs it on a table and closes it. */
async function run(build: (graph: Graph) => void, table: Table, metadata: Record<string, string> = {}) {
	const graph = createGraph('test');
	build(graph);
	const model = await openModel(graph.toBytes(metadata));
	try {
		return { model, predictions: await model.infer(table) };
	} finally {
		await model.close();
	}
}

/** Sums the inputs, cast to float, into one output of a regression. */
function sums(...inputs: Port[]) {
	return (graph: Graph) => {
		const casts = inputs.map(([name, type, shape]) =>
			graph.node('Cast', [graph.input(name, type, shape)], { to: { int: 1 } }),
		);
		const wide = casts.length === 1 ? (casts[0] as string) : graph.node('Concat', casts, { axis: { int: 1 } });
		const sum = graph.node('ReduceSum', [wide, graph.constant(BigInt64Array.of(1n), [1])], { keepdims: { int: 1 } });
		graph.output('variable', 'float', ['N', 1], sum);
	};
}

const one = (name: string, type: ElementType = 'float'): Port => [name, type, ['N', 1]];
const numbers = (name: string, ...values: (number | null)[]): Column => numberColumn(name, values);

describe('a model', () => {
	it('finds its columns by name, in any order, and ignores others', async () => {
		const table = tableOf([numbers('c', 100, 200), numbers('other', 9, 9), numbers('a', 1, 2), numbers('b', 10, 20)]);
		const { predictions } = await run(sums(one('a'), one('b'), one('c')), table);
		assert.deepEqual([...(predictions.prediction ?? [])], [111, 222]);
	});

	it('names the column that is missing', async () => {
		await assert.rejects(run(sums(one('a'), one('b')), tableOf([numbers('a', 1)])), {
			code: 'unknown_column',
			message: /"b"/,
		});
	});

	it('reads numbers written as text, and rejects the rows that hold none', async () => {
		const table = tableOf([stringColumn('a', ['1', ' 2.5 ', 'abc', 'true', '1e2']), numbers('b', 1, 1, 1, 1, 1)]);
		const { predictions } = await run(sums(one('a'), one('b')), table);
		assert.deepEqual([...(predictions.prediction ?? [])], [2, 3.5, Number.NaN, 2, 101]);
		assert.deepEqual(predictions.rejected, [{ row: 2, reason: 'a: "abc" is not a number' }]);
	});

	it('gives null as NaN, and rejects it where the model takes whole numbers', async () => {
		const table = tableOf([numbers('a', 1, null, 3), numbers('b', 1, 1, 1.5)]);
		const { predictions } = await run(sums(one('a'), one('b', 'int64')), table);
		assert.deepEqual([...(predictions.prediction ?? [])], [2, Number.NaN, Number.NaN]);
		assert.deepEqual(predictions.rejected, [{ row: 2, reason: 'b: is 1.5, and the model takes whole numbers' }]);
	});

	it('refuses dates for numbers', async () => {
		const table = tableOf([numberColumn('a', [1e12], 'timestamp'), numbers('b', 1)]);
		await assert.rejects(run(sums(one('a'), one('b')), table), {
			code: 'invalid_data',
			message: /"a" holds a timestamp/,
		});
	});

	it('feeds every type of input', async () => {
		const inputs: Port[] = [
			one('f'),
			one('d', 'double'),
			one('i', 'int64'),
			one('j', 'int32'),
			one('b', 'bool'),
			one('g'),
			one('k', 'int64'),
		];
		const table = tableOf(inputs.map(([name], index) => numberColumn(name, [index === 4 ? 1 : 2 ** index])));
		const { predictions } = await run(sums(...inputs), table);
		assert.deepEqual([...(predictions.prediction ?? [])], [1 + 2 + 4 + 8 + 1 + 32 + 64]);
	});

	it('feeds text: numbers as they are written, booleans as words, null as nothing', async () => {
		const known = ['', 'x', '7', '2.5', 'true'];
		const build = (graph: Graph) => {
			const codes = ['p', 'q'].map((name) =>
				graph.node(
					'LabelEncoder',
					[graph.input(name, 'string', ['N', 1])],
					{
						keys_strings: { strings: known },
						values_floats: { floats: [0, 1, 2, 3, 4] },
						default_float: { float: -1 },
					},
					'ai.onnx.ml',
				),
			);
			graph.output('variable', 'float', ['N', 1], graph.node('Add', codes));
		};
		const nothing = stringColumn('q', [null, null, null]);
		const of = async (column: Column) => [
			...((await run(build, tableOf([column, nothing]))).predictions.prediction ?? []),
		];
		assert.deepEqual(await of(stringColumn('p', ['x', null, 'new'])), [1, 0, -1]);
		assert.deepEqual(await of(numberColumn('p', [7, 2.5, null])), [2, 3, 0]);
		assert.deepEqual(await of(stringColumn('p', ['x\0', 'x\0y', '\0'])), [-1, -1, -1]);
		assert.deepEqual(await of(numberColumn('p', [1, 0, null], 'boolean')), [4, -1, 0]);
	});

	it('runs more rows than a block holds', async () => {
		const values = Float64Array.from({ length: 20_001 }, (_, row) => row);
		const table = tableOf([numberColumn('a', values), numberColumn('b', values)]);
		const { predictions } = await run(sums(one('a'), one('b')), table);
		assert.deepEqual(
			predictions.prediction,
			values.map((value) => 2 * value),
		);
	});

	it('answers a table without rows with nothing', async () => {
		const { predictions } = await run(sums(one('a'), one('b')), tableOf([numbers('a'), numbers('b')]));
		assert.deepEqual([predictions.rows, predictions.rejected], [0, []]);
	});

	it('gives the one [N, k] input of a foreign graph the numeric columns in their order', async () => {
		const table = tableOf([
			stringColumn('s', ['x']),
			numbers('b', 1),
			numberColumn('t', [9], 'date'),
			numbers('a', 2),
			numbers('c', 4),
		]);
		const { model, predictions } = await run(sums(['X', 'float', ['N', 2]]), table);
		assert.deepEqual([...(predictions.prediction ?? [])], [3]);
		assert.deepEqual(model.description.inputs, [{ name: 'X', type: 'float', width: 2 }]);
		await assert.rejects(run(sums(['X', 'float', ['N', 4]]), table), {
			code: 'invalid_data',
			message: /takes 4 numeric columns.*has 3/,
		});
	});

	it('takes flat inputs, and a batch that is fixed to one row', async () => {
		const build = (graph: Graph) => {
			const sum = graph.node('Add', [graph.input('a', 'float', [1]), graph.input('b', 'float', [1])]);
			graph.output('variable', 'float', [1], sum);
		};
		const { predictions } = await run(build, tableOf([numbers('a', 1, 2, 3), numbers('b', 10, 20, 30)]));
		assert.deepEqual([...(predictions.prediction ?? [])], [11, 22, 33]);
	});

	it('tells scikit-learn’s outputs by name and type', async () => {
		const outputs =
			(...ports: Port[]) =>
			(graph: Graph) => {
				const x = graph.input('X', 'float', ['N', 1]);
				for (const [name, type, shape] of ports) {
					const value =
						shape.length === 1
							? flat(graph, x)
							: shape[1] === 2
								? graph.node('Concat', [x, x], { axis: { int: 1 } })
								: x;
					graph.output(
						name,
						type,
						shape,
						graph.node('Cast', [value], { to: { int: type === 'int64' ? 7 : type === 'string' ? 8 : 1 } }),
					);
				}
			};
		const answer = (...ports: Port[]) => run(outputs(...ports), tableOf([numbers('X', -1, 1)]));

		const forest = await answer(['label', 'int64', ['N', 1]], ['scores', 'float', ['N', 1]]);
		assert.equal(forest.model.description.task, 'anomaly');
		assert.deepEqual([...(forest.predictions.label ?? [])], [-1, 1]);
		assert.deepEqual([...(forest.predictions.anomaly_score ?? [])], [1, 0]);

		const classifier = await answer(['label', 'string', ['N']], ['probabilities', 'float', ['N', 2]]);
		assert.deepEqual(classifier.predictions.prediction, ['-1', '1']);
		assert.deepEqual(classifier.predictions.proba?.classes, ['0', '1']);
		assert.deepEqual([...(classifier.predictions.proba?.values[1] ?? [])], [-1, 1]);

		const regressor = await answer(['variable', 'float', ['N', 1]]);
		assert.deepEqual(
			[regressor.model.description.task, ...(regressor.predictions.prediction ?? [])],
			['regression', -1, 1],
		);
	});

	it('refuses maps, images and files that the runtime cannot load, with a hint', async () => {
		const bytesOf = (build: (graph: Graph) => void) => {
			const graph = createGraph('test');
			build(graph);
			return graph.toBytes({});
		};
		const zipped = ModelProto.decode(bytesOf(sums(one('a'))));
		zipped.graph?.output?.push({
			name: 'output_probability',
			type: { sequenceType: { elemType: { mapType: { keyType: 7 } } } },
		});
		const wrong: [Uint8Array, RegExp][] = [
			[ModelProto.encode(zipped).finish(), /sequence or a map/],
			[
				bytesOf((graph) =>
					graph.output('y', 'float', ['N'], graph.node('Relu', [graph.input('x', 'float', ['N', 3, 8, 8])])),
				),
				/shape \[N, 3, 8, 8\]/,
			],
			[
				bytesOf((graph) =>
					graph.output('y', 'float', ['N'], graph.node('Relu', [graph.input('x', 'float16', ['N', 1])])),
				),
				/type float16/,
			],
			[
				bytesOf((graph) =>
					graph.output('y', 'float', ['N'], graph.node('NoSuchOperator', [graph.input('x', 'float', ['N', 1])])),
				),
				/cannot load/,
			],
		];
		for (const [bytes, message] of wrong) {
			await assert.rejects(openModel(bytes), (error) => {
				assert.ok(isPerchError(error) && error.code === 'invalid_model' && error.detail.hint);
				assert.match(error.message, message);
				return true;
			});
		}
	});

	it('refuses metadata that is broken or belongs to another graph', async () => {
		const description: ModelDescription = {
			task: 'regression',
			inputs: [{ name: 'zzz', type: 'float', width: 1 }],
			outputs: { prediction: 'variable' },
			score: null,
			classes: [],
			features: [],
			parse: [],
			window: null,
			columns: ['zzz'],
			key: null,
			time: null,
			threshold: null,
		};
		const table = tableOf([numbers('a', 1)]);
		const open = (written: string) => run(sums(one('a')), table, { [descriptionKey]: written });
		await assert.rejects(open('{'), { code: 'invalid_model', message: /no JSON/ });
		await assert.rejects(open('{"task":"anomaly"}'), { code: 'invalid_model', message: /inputs/ });
		await assert.rejects(open(JSON.stringify(description)), { code: 'invalid_model', message: /"zzz"/ });
	});
});
