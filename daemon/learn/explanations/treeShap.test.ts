import assert from 'node:assert/strict';
import { alone } from '../../kernels/team.ts';
import { checkModelBytes } from '../../onnx/checkFile.ts';
import { createGraph } from '../../onnx/graph.ts';
import { parse } from '../../protocol/parse.ts';
import { gradientBoostingParams } from '../../protocol/project/model.ts';
import { createRandom } from '../../stats/random.ts';
import { boostingPredictor } from '../trees/boostingPredictor.ts';
import { fitForest } from '../trees/randomForest.ts';
import type { Tree } from '../trees/tree.ts';
import { createTreeShap } from './treeShap.ts';
import { treesOfGraph } from './treesOfGraph.ts';

/** x ≤ 0.5? no: 10. Yes: y ≤ 2 (missing goes left)? yes: 0, no: 4. Of 10 rows 6 went left, of these 2 left again. */
const small: Tree = {
	feature: Int32Array.of(0, 1, -1, -1, -1),
	threshold: Float32Array.of(0.5, 2, 0, 0, 0),
	missingLeft: Uint8Array.of(0, 1, 0, 0, 0),
	left: Int32Array.of(1, 2, -1, -1, -1),
	right: Int32Array.of(4, 3, -1, -1, -1),
	values: Float64Array.of(0, 0, 0, 4, 10),
	outputs: 1,
	cover: Float64Array.of(10, 6, 2, 4, 4),
};

/** What a tree says when only the features of a set are known: both ways of the others, by their rows. */
function known(tree: Tree, row: Float32Array, set: number, output: number, node = 0): number {
	const feature = tree.feature[node] as number;
	if (feature < 0) return tree.values[node * tree.outputs + output] as number;
	const [left, right] = [tree.left[node] as number, tree.right[node] as number];
	if ((set >> feature) & 1) {
		const value = row[feature] as number;
		const at = tree.sets?.of[node] ?? -1;
		const goesLeft =
			at >= 0
				? (((tree.sets?.words[8 * at + (value >> 5)] as number) >>> (value & 31)) & 1) === 1
				: value <= (tree.threshold[node] as number) || (Number.isNaN(value) && tree.missingLeft[node] === 1);
		return known(tree, row, set, output, goesLeft ? left : right);
	}
	const part = (child: number) => (tree.cover[child] as number) / (tree.cover[node] as number);
	return part(left) * known(tree, row, set, output, left) + part(right) * known(tree, row, set, output, right);
}

/** Shapley's definition: the mean of what a feature adds over all orders in which features become known. */
function shapley(trees: readonly Tree[], row: Float32Array, output: number): number[] {
	const count = row.length;
	const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
	const said = Array.from({ length: 2 ** count }, (_, set) =>
		trees.reduce((sum, tree) => sum + known(tree, row, set, output), 0),
	);
	return Array.from({ length: count }, (_, feature) => {
		let sum = 0;
		for (let set = 0; set < said.length; set++) {
			if ((set >> feature) & 1) continue;
			const size = set.toString(2).replaceAll('0', '').length;
			const weight = (factorial(size) * factorial(count - size - 1)) / factorial(count);
			sum += weight * ((said[set | (1 << feature)] as number) - (said[set] as number));
		}
		return sum;
	});
}

describe('Shapley values of trees', () => {
	it('are those of a hand calculation', () => {
		const shap = createTreeShap([{ tree: small, target: 0 }], [1], 2);
		// Nothing known: 0.6 · (2/6 · 0 + 4/6 · 4) + 0.4 · 10 = 5.6. x = 0: 8/3. y = 5: 0.6 · 4 + 4 = 6.4. Both: 4.
		assert.ok(Math.abs((shap.base[0] as number) - 6.6) < 1e-12);
		const sums = new Float64Array(2);
		shap.add(Float32Array.of(0, 5), sums);
		assert.ok(Math.abs((sums[0] as number) - (8 / 3 - 5.6 + (4 - 6.4)) / 2) < 1e-12);
		assert.ok(Math.abs((sums[1] as number) - (6.4 - 5.6 + (4 - 8 / 3)) / 2) < 1e-12);
	});

	it('are those of the definition where sets of categories part the rows, as a file keeps them', () => {
		const random = createRandom('treeShap.test', 'sets');
		const count = 3000;
		const [town, shop, size] = [60, 200, 0].map((codes) =>
			Float32Array.from({ length: count }, () => (codes === 0 ? random.normal() : random.integer(codes))),
		) as [Float32Array, Float32Array, Float32Array];
		const values = Float64Array.from(town, (code, row) => {
			const other = shop[row] as number;
			return Math.sin(code * 7) + (other % 3) * (size[row] as number) + 0.1 * random.normal();
		});
		const fitted = boostingPredictor.fit(
			{
				matrix: { rows: count, columns: [size, town, shop], names: ['size', 'town', 'shop'], categories: [0, 60, 200] },
				target: { task: 'regression', values, rows: Uint32Array.from(town.keys()) },
				rows: Uint32Array.from(town.keys()),
			},
			parse(gradientBoostingParams, { trees: 6, min_data_per_group: 10, cat_smooth: 2 }),
			() => {},
			alone,
		);
		const graph = createGraph('boosting');
		graph.output('y', 'float', ['N', 1], fitted.addToGraph(graph, graph.input('x', 'float', ['N', 3])));
		const found = treesOfGraph(checkModelBytes(graph.toBytes({})));
		if (typeof found === 'string') throw new Error(found);
		const trees = found.trees.map(({ tree }) => tree);
		assert.ok(trees.some(({ sets }) => (sets?.words.length ?? 0) > 8));
		const shap = createTreeShap(found.trees, found.start, 3);
		for (let row = 0; row < 20; row++) {
			const features = Float32Array.from([size, town, shop], (column) => column[row] as number);
			const sums = new Float64Array(3);
			shap.add(features, sums);
			for (const [feature, value] of shapley(trees, features, 0).entries()) {
				assert.ok(Math.abs((sums[feature] as number) - value) < 1e-10, `${row} ${feature}`);
			}
			const said = fitted.predict({ rows: 1, columns: [...features].map((value) => Float32Array.of(value)) });
			const all = sums.reduce((sum, value) => sum + value, shap.base[0] as number);
			assert.ok(Math.abs(all - ((said as Float64Array)[0] as number)) < 1e-5);
		}
	});

	it('are those of the definition, for each class, with missing values, and add up to what the trees say', () => {
		const random = createRandom('treeShap.test');
		const rows = 400;
		const width = 6;
		const columns = Array.from({ length: width }, () =>
			Float32Array.from({ length: rows }, () =>
				random.next() < 0.1 ? Number.NaN : Math.round(random.normal() * 4) / 4,
			),
		);
		const codes = Uint16Array.from({ length: rows }, (_, row) => {
			const [a, b, c] = columns.map((column) => column[row] || 0) as [number, number, number];
			return a * b > 0.2 ? 2 : +(c > 0.3);
		});
		const trees = fitForest(
			{ rows, columns },
			{ kind: 'classes', codes, classes: 3 },
			Uint32Array.from({ length: rows }, (_, row) => row),
			{ trees: 4, max_depth: 7, min_samples_leaf: 2, features: 0.5, bootstrap: true, seed: 3 },
			() => {},
		);
		const shap = createTreeShap(
			trees.map((tree) => ({ tree, target: 0 })),
			[0, 0, 0],
			width,
		);
		for (let row = 0; row < 12; row++) {
			const features = Float32Array.from(columns, (column) => column[row] as number);
			const sums = new Float64Array(3 * width);
			shap.add(features, sums);
			for (let output = 0; output < 3; output++) {
				const own = sums.subarray(output * width, (output + 1) * width);
				for (const [feature, value] of shapley(trees, features, output).entries()) {
					assert.ok(Math.abs((own[feature] as number) - value) < 1e-10, `${row} ${output} ${feature}`);
				}
				const said = trees.reduce((sum, tree) => sum + known(tree, features, 2 ** width - 1, output), 0);
				assert.ok(Math.abs((shap.base[output] as number) + own.reduce((a, b) => a + b) - said) < 1e-10);
			}
		}
	});
});
