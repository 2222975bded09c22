import assert from 'node:assert/strict';
import { fuseInputs } from './fuseInputs.ts';
import { createGraph, type Graph } from './graph.ts';
import { ModelProto } from './proto.ts';

function fused(build: (graph: Graph) => void) {
	const graph = createGraph('test');
	build(graph);
	const model = ModelProto.decode(graph.toBytes({}));
	const result = fuseInputs(model);
	return {
		fused: result.fused,
		inputs: result.graph.input?.map(({ name }) => name),
		operators: result.graph.node?.map(({ opType }) => opType),
		feeds: result.graph.node?.map(({ input }) => input),
	};
}

describe('fused inputs', () => {
	it('take the place of a Concat of all of them', () => {
		const { inputs, operators, feeds } = fused((graph) => {
			const joined = graph.node('Concat', [graph.input('a', 'float', ['N', 1]), graph.input('b', 'float', ['N', 1])], {
				axis: { int: 1 },
			});
			graph.output('y', 'float', ['N', 2], graph.node('Relu', [joined]));
		});
		assert.deepEqual([inputs, operators, feeds], [['perch:fused:float'], ['Relu'], [['perch:fused:float']]]);
	});

	it('are split where the graph uses them one by one, or in another order', () => {
		const single = fused((graph) => {
			const sum = graph.node('Add', [graph.input('a', 'float', ['N', 1]), graph.input('b', 'float', ['N', 1])]);
			graph.output('y', 'float', ['N', 1], sum);
		});
		assert.deepEqual([single.inputs, single.operators], [['perch:fused:float'], ['Split', 'Add']]);
		const turned = fused((graph) => {
			const [a, b] = [graph.input('a', 'float', ['N', 1]), graph.input('b', 'float', ['N', 1])];
			graph.output('y', 'float', ['N', 2], graph.node('Concat', [b, a], { axis: { int: 1 } }));
		});
		assert.deepEqual(turned.operators, ['Split', 'Concat']);
	});

	it('are one a type, and leave wide and single inputs alone', () => {
		const { fused: groups, inputs } = fused((graph) => {
			for (const name of ['a', 'b']) graph.input(name, 'string', ['N', 1]);
			for (const name of ['c', 'd']) graph.input(name, 'double', ['N', 1]);
			graph.input('e', 'float', ['N', 1]);
			graph.output('y', 'float', ['N', 5], graph.node('Relu', [graph.input('f', 'float', ['N', 5])]));
		});
		assert.deepEqual(groups, [
			{ name: 'perch:fused:double', inputs: ['c', 'd'] },
			{ name: 'perch:fused:string', inputs: ['a', 'b'] },
		]);
		assert.deepEqual(inputs, ['e', 'f', 'perch:fused:double', 'perch:fused:string']);
	});
});
