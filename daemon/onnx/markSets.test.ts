import assert from 'node:assert/strict';
import { numberColumn, tableOf } from '../data/table.ts';
import { setsOf, type Tree } from '../learn/trees/tree.ts';
import { addTrees } from '../learn/trees/treeGraph.ts';
import { checkModelBytes } from './checkFile.ts';
import { createGraph } from './graph.ts';
import { markSets } from './markSets.ts';
import { openModel } from './model.ts';

/** a in {1, 3, 200}? yes: 10. No: b at most 0.5? yes: a in {2, 3}? 20, else 30; no: 40. */
const small: Tree = {
	feature: Int32Array.of(0, -1, 1, 0, -1, -1, -1),
	threshold: Float32Array.of(0, 0, 0.5, 0, 0, 0, 0),
	missingLeft: new Uint8Array(7),
	left: Int32Array.of(1, -1, 3, 5, -1, -1, -1),
	right: Int32Array.of(2, -1, 4, 6, -1, -1, -1),
	values: Float64Array.of(0, 10, 0, 0, 40, 20, 30),
	outputs: 1,
	cover: Float64Array.of(10, 4, 6, 3, 3, 1, 2),
	sets: setsOf(7, [
		{ node: 0, codes: [1, 3, 200] },
		{ node: 3, codes: [2, 3] },
	]),
};

function fileOf(trees: readonly Tree[]): Uint8Array {
	const graph = createGraph('test');
	const features = ['a', 'b'].map((name) => graph.input(name, 'float', ['N', 1]));
	const placed = trees.map((tree) => ({ tree, target: 0 }));
	const said = addTrees(graph, graph.node('Concat', features, { axis: { int: 1 } }), placed, [1], 1);
	graph.output('variable', 'float', ['N', 1], said);
	return graph.toBytes({});
}

describe('sets of categories in a file', () => {
	const bytes = fileOf([small, small]);

	it('answer as the trees do, one by one and many at once, whatever a row holds', async () => {
		// What is no category, or none that a set may hold, is in no set.
		const a = [1, 3, 200, 2, 3, 0, 254, 3.5, -1, 1000, null, 1];
		const b = [0, 1, 0, 0, 0.5, 0, 1, 0, 0, 0, 0, null];
		const table = tableOf([numberColumn('a', a), numberColumn('b', b)]);
		const first = (value: number | null) => [1, 3, 200].includes(value ?? -1);
		const second = (value: number | null) => [2, 3].includes(value ?? -1);
		const expected = a.map((value, row) => {
			const said = first(value) ? 10 : (b[row] ?? 9) > 0.5 ? 40 : second(value) ? 20 : 30;
			return 1 + 2 * said;
		});
		for (const batch of [false, true]) {
			const model = await openModel(bytes, { batch });
			const { prediction } = await model.infer(table);
			await model.close();
			assert.deepEqual([...(prediction as Float64Array)], expected);
		}
	});

	it('are single nodes where many rows are asked', () => {
		const nodesOf = (graph: ReturnType<typeof markSets>) =>
			graph.node
				?.find(({ opType }) => opType === 'TreeEnsembleRegressor')
				?.attribute?.find(({ name }) => name === 'nodes_treeids')?.ints?.length;
		const { graph } = checkModelBytes(bytes);
		assert.deepEqual([nodesOf(graph), nodesOf(markSets(graph))], [20, 14]);
		const plain = checkModelBytes(fileOf([{ ...small, sets: undefined }]));
		assert.equal(markSets(plain.graph), plain.graph);
	});
});
