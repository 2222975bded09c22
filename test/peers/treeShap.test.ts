import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { createTreeShap } from '../../daemon/learn/explanations/treeShap.ts';
import { fitBoosting } from '../../daemon/learn/trees/gradientBoosting.ts';
import { fitForest } from '../../daemon/learn/trees/randomForest.ts';
import type { Tree } from '../../daemon/learn/trees/tree.ts';
import { createRandom } from '../../daemon/stats/random.ts';
import { findPython } from './python.ts';

const rows = 600;
const width = 8;
const asked = 25;
const random = createRandom('treeShap peers');
const columns = Array.from({ length: width }, () =>
	Float32Array.from({ length: rows }, () => (random.next() < 0.08 ? Number.NaN : random.normal())),
);
const matrix = { rows, columns };
const at = (column: number, row: number) => columns[column]?.[row] || 0;
const values = Float64Array.from(
	{ length: rows },
	(_, row) => 3 * at(0, row) + at(1, row) * at(2, row) + random.normal(),
);
const every = Uint32Array.from({ length: rows }, (_, row) => row);
const forestParams = { trees: 12, max_depth: 9, min_samples_leaf: 2, features: 0.6, bootstrap: true, seed: 1 };
const boostingParams = {
	...{ trees: 30, learning_rate: 0.1, max_leaves: 12, max_depth: 0, min_samples_leaf: 10, l2: 0 },
	...{ features: 1, early_stopping: 0, seed: 1 },
};

const cases: { name: string; trees: Tree[] }[] = [
	{ name: 'a forest of numbers', trees: fitForest(matrix, { kind: 'numbers', values }, every, forestParams, () => {}) },
	{
		name: 'boosting',
		trees: fitBoosting(
			matrix,
			{ answer: { kind: 'numbers', values }, weights: null },
			every,
			new Uint32Array(0),
			boostingParams,
			() => {},
		).rounds.flat(),
	},
];

describe('Shapley values beside the shap package', () => {
	it('are equal to 1e-5', async function () {
		this.timeout(900_000);
		const found = findPython('shap');
		if ('missing' in found) {
			process.stderr.write(`SKIPPED the comparison with shap: ${found.missing}\n`);
			this.skip();
		}
		const rowOf = (row: number) => Float32Array.from(columns, (column) => column[row] as number);
		const given = cases.map(({ trees }) => ({
			rows: Array.from({ length: asked }, (_, row) =>
				[...rowOf(row)].map((value) => (Number.isNaN(value) ? null : value)),
			),
			trees: trees.map((tree) => ({
				feature: [...tree.feature],
				// A cut that parts missing values from all others lies at infinity, which JSON cannot say.
				threshold: [...tree.threshold].map((value) => Math.min(value, Number.MAX_VALUE)),
				missing: [...tree.missingLeft],
				left: [...tree.left],
				right: [...tree.right],
				values: [...tree.values],
				cover: [...tree.cover],
			})),
		}));
		const theirs = await found.run<{ base: number[]; values: number[][] }[]>('shapFigures.py', given);
		let greatest = 0;
		for (const [index, { name, trees }] of cases.entries()) {
			const shap = createTreeShap(
				trees.map((tree) => ({ tree, target: 0 })),
				[0],
				width,
			);
			const peer = theirs[index] ?? assert.fail(name);
			assert.ok(Math.abs((shap.base[0] as number) - (peer.base[0] ?? Number.NaN)) < 1e-5, name);
			for (let row = 0; row < asked; row++) {
				const sums = new Float64Array(width);
				shap.add(rowOf(row), sums);
				for (const [feature, value] of sums.entries()) {
					const off = Math.abs(value - (peer.values[row]?.[feature] ?? Number.NaN));
					assert.ok(
						off < 1e-5,
						`${name}, row ${row}, feature ${feature}: ${value} and not ${peer.values[row]?.[feature]}`,
					);
					greatest = Math.max(greatest, off);
				}
			}
		}
		process.stderr.write(`shap: greatest difference ${greatest.toExponential(1)}\n`);
	});
});
