import assert from 'node:assert/strict';
import { numberColumn, tableOf } from '../data/table.ts';
import { alone } from '../kernels/team.ts';
import { forestPredictor } from '../learn/trees/forestPredictor.ts';
import { parse } from '../protocol/parse.ts';
import { randomForestParams } from '../protocol/project/model.ts';
import { createRandom } from '../stats/random.ts';
import { checkModelBytes } from './checkFile.ts';
import { createGraph } from './graph.ts';
import { openModel } from './model.ts';
import { splitTrees } from './splitTrees.ts';

/** A forest of whole trees on noise: some 2,000 nodes each. */
function forest(trees: number): Uint8Array {
	const rows = 1500;
	const random = createRandom('split trees');
	const columns = Array.from({ length: 2 }, () => Float32Array.from({ length: rows }, () => random.normal()));
	const all = Uint32Array.from({ length: rows }, (_, row) => row);
	const values = Float64Array.from({ length: rows }, () => random.normal());
	const fitted = forestPredictor.fit(
		{ matrix: { rows, columns }, target: { task: 'regression', values, rows: all }, rows: all },
		parse(randomForestParams, { trees }),
		() => undefined,
		alone,
	);
	const graph = createGraph('test');
	const features = graph.node('Concat', [graph.input('a', 'float', ['N', 1]), graph.input('b', 'float', ['N', 1])], {
		axis: { int: 1 },
	});
	graph.output('variable', 'float', ['N', 1], fitted.addToGraph(graph, features));
	return graph.toBytes({});
}

describe('large ensembles of trees', () => {
	it('answer the same in parts of few nodes, which hold every node and leaf once', async () => {
		const bytes = forest(45);
		const { graph } = checkModelBytes(bytes);
		const parts = (splitTrees(graph).node ?? []).filter(({ opType }) => opType === 'TreeEnsembleRegressor');
		const lists = (node: (typeof parts)[number], name: string) =>
			node.attribute?.find((one) => one.name === name)?.ints?.length ?? 0;
		const [whole] = (graph.node ?? []).filter(({ opType }) => opType === 'TreeEnsembleRegressor');
		assert.ok(whole !== undefined && parts.length > 1);
		for (const name of ['nodes_treeids', 'target_ids']) {
			assert.ok(parts.every((part) => lists(part, name) > 0 && lists(part, name) <= 8192));
			assert.equal(
				parts.reduce((sum, part) => sum + lists(part, name), 0),
				lists(whole, name),
			);
		}
		const random = createRandom('split rows');
		const table = tableOf(
			['a', 'b'].map((name) =>
				numberColumn(
					name,
					Array.from({ length: 500 }, () => random.normal()),
				),
			),
		);
		const [one, other] = await Promise.all([openModel(bytes), openModel(bytes, { batch: true })]);
		const [expected, found] = [await one.infer(table), await other.infer(table)];
		await Promise.all([one.close(), other.close()]);
		for (const [row, value] of (expected.prediction as Float64Array).entries()) {
			assert.ok(Math.abs(((found.prediction as Float64Array)[row] as number) - value) < 1e-5);
		}
	});

	it('stay as they are where they are small', () => {
		const { graph } = checkModelBytes(forest(9));
		assert.equal(splitTrees(graph), graph);
	});
});
