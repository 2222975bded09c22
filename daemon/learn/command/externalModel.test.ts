import assert from 'node:assert/strict';
import { checkModelBytes } from '../../onnx/checkFile.ts';
import { createGraph, type Graph } from '../../onnx/graph.ts';
import { ModelProto, type onnx } from '../../onnx/proto.ts';
import { answersOf, readExternal } from './externalModel.ts';
import { reportReader } from './trainerReport.ts';

const matrix = { rows: 3, columns: [Float32Array.of(1, 2, 3), Float32Array.of(10, 20, 30)] };

function file(build: (graph: Graph) => void, change: (model: onnx.ModelProto) => void = () => undefined) {
	const graph = createGraph('foreign');
	build(graph);
	const model = ModelProto.decode(graph.toBytes({}));
	change(model);
	return checkModelBytes(ModelProto.encode(model).finish());
}

/** y = 2 a + 3 b. */
const line = (type: 'float' | 'double') => (graph: Graph) => {
	const x = graph.input('x', type, ['N', 2]);
	const weights = type === 'float' ? Float32Array.of(2, 3) : Float64Array.of(2, 3);
	graph.output('y', type, ['N', 1], graph.node('MatMul', [x, graph.constant(weights, [2, 1])]));
};
const answers = async (checked: ReturnType<typeof file>) => [
	...(await answersOf(readExternal(checked, 2, 'regression', 1), matrix)),
];

describe('a graph from elsewhere', () => {
	it('becomes part of ours, in its own operator set and precision', async () => {
		for (const type of ['float', 'double'] as const) {
			assert.deepEqual(await answers(file(line(type))), [32, 64, 96]);
			const newer = file(line(type), (model) => {
				model.opsetImport = [
					{ domain: 'ai.onnx', version: 21 },
					{ domain: 'ai.onnx.ml', version: 1 },
				] as typeof model.opsetImport;
			});
			assert.deepEqual(await answers(newer), [32, 64, 96]);
		}
	});

	it('keeps its names apart from ours, in the graphs inside it too', async () => {
		// If the sum of all is positive: the features, taken from outside, else their negatives.
		const inner = (name: string, opType: string): onnx.IGraphProto => ({
			name,
			node: [{ opType, input: ['features'], output: [`${name}:said`] }],
			output: [{ name: `${name}:said`, type: { tensorType: { elemType: 1 } } }],
		});
		const checked = file(
			(graph) => {
				const x = graph.input('features', 'float', ['N', 2]);
				const sum = graph.node('ReduceSum', [x], { keepdims: { int: 0 } });
				const positive = graph.node('Greater', [sum, graph.constant(Float32Array.of(0), [])]);
				const chosen = graph.node('If', [positive]);
				graph.output(
					'y',
					'float',
					['N', 1],
					graph.node('ReduceSum', [chosen, graph.constant(BigInt64Array.of(1n), [1])]),
				);
			},
			(model) => {
				const branch = model.graph?.node?.find(({ opType }) => opType === 'If');
				if (branch)
					branch.attribute = [
						{ name: 'then_branch', type: 5, g: inner('then', 'Identity') },
						{ name: 'else_branch', type: 5, g: inner('else', 'Neg') },
					];
			},
		);
		assert.deepEqual(await answers(checked), [11, 22, 33]);
	});

	it('answers for classes with the output that holds the probabilities', async () => {
		const checked = file((graph) => {
			const x = graph.input('x', 'float', ['N', 2]);
			graph.output('scores', 'float', ['N', 2], graph.node('Neg', [x]));
			graph.output('probabilities', 'float', ['N', 2], graph.node('Softmax', [x], { axis: { int: 1 } }));
		});
		const said = await answersOf(readExternal(checked, 2, 'classification', 2), matrix);
		assert.ok(Math.abs((said[0] as number) - 1 / (1 + Math.exp(9))) < 1e-6);
		assert.throws(() => readExternal(checked, 2, 'classification', 3), {
			code: 'invalid_model',
			message: /gives scores/,
		});
		assert.throws(() => readExternal(checked, 2, 'regression', 1), { code: 'invalid_model' });
	});

	it('is refused where it does not take what the rows hold, and says what it takes', () => {
		assert.throws(() => readExternal(file(line('float')), 3, 'regression', 1), { message: /takes 2 columns/ });
		const two = file((graph) => {
			const [a, b] = ['a', 'b'].map((name) => graph.input(name, 'float', ['N', 1])) as [string, string];
			graph.output('y', 'float', ['N', 1], graph.node('Add', [a, b]));
		});
		assert.throws(() => readExternal(two, 2, 'regression', 1), {
			message: /takes a float\[N, 1\] and b float\[N, 1\]/,
		});
		const fixed = file((graph) =>
			graph.output('y', 'float', [1, 1], graph.node('Neg', [graph.input('x', 'float', [1, 1])])),
		);
		assert.throws(() => readExternal(fixed, 1, 'regression', 1), { message: /1 rows at a time/ });
	});

	it('of an operator set that is too old is refused, with the one to export for', async () => {
		const old = file(line('float'), (model) => {
			model.opsetImport = [{ domain: '', version: 9 }] as typeof model.opsetImport;
		});
		await assert.rejects(answers(old), { code: 'invalid_model', message: /operator set 9 of ai\.onnx/ });
	});
});

describe('what a trainer says', () => {
	it('is figures, curves and progress where it is JSON, and else its log', () => {
		const steps: [string, number][] = [];
		const report = reportReader((message, share) => steps.push([message, share]));
		const taken = [
			'{"step": 1, "loss": 0.5, "progress": 0.25}',
			'{"step": 2, "loss": 0.25}',
			'{"mae": 3}',
			'{"message": "Almost", "progress": 0.9}',
			'{"event": "x"}',
			'{"loss": "low"}',
			'[1]',
			'{',
			'reading rows',
			'{"step": -1, "loss": 7, "far": 1e999}',
		].map((line) => report.take(line));
		assert.deepEqual(taken, [true, true, true, true, false, false, false, false, false, true]);
		assert.deepEqual(report.history, { loss: [0.5, 0.25].map((value, at) => ({ step: at + 1, value })) });
		assert.deepEqual(report.metrics, { mae: 3, loss: 7 });
		assert.deepEqual(steps.slice(0, 4), [
			['Step 1: loss 0.5', 0.25],
			['Step 2: loss 0.25', 0.25],
			['mae 3', 0.25],
			['Almost', 0.9],
		]);
	});
});
