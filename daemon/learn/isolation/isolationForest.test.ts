import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import { averagePathLength, fitIsolationForest, type GrowOptions } from './isolationForest.ts';

const options: GrowOptions = { trees: 10, sample_size: 256, features: 1, seed: 7 };

const matrixOf = (...columns: number[][]): FeatureMatrix => ({
	rows: columns[0]?.length ?? 0,
	columns: columns.map((column) => Float32Array.from(column)),
});

describe('isolation forest', () => {
	it('knows c(n) as scikit-learn has it', () => {
		// from sklearn.ensemble._iforest import _average_path_length; _average_path_length(np.array([1, 2, 3, 5, 16, 256, 1000]))
		const expected: [number, number][] = [
			[1, 0],
			[2, 1],
			[3, 1.207392357589623],
			[5, 2.327020052042847],
			[16, 4.695531732007486],
			[256, 10.244770920119917],
			[1000, 12.969940887100174],
		];
		for (const [rows, length] of expected) {
			assert.ok(Math.abs(averagePathLength(rows) - length) < 1e-14, `c(${rows}) = ${averagePathLength(rows)}`);
		}
	});

	it('grows trees that split their rows, no deeper than ceil(log2(psi))', () => {
		const value = fc.float({ noNaN: true, noDefaultInfinity: true });
		const rows = fc
			.integer({ min: 2, max: 60 })
			.chain((length) =>
				fc.array(fc.array(value, { minLength: length, maxLength: length }), { minLength: 1, maxLength: 4 }),
			);
		fc.assert(
			fc.property(rows, fc.integer({ min: 2, max: 64 }), fc.integer(), (columns, sample_size, seed) => {
				const matrix = matrixOf(...columns);
				const { trees, sampleSize } = fitIsolationForest(matrix, { ...options, trees: 3, sample_size, seed });
				assert.equal(sampleSize, Math.min(sample_size, matrix.rows));
				for (const tree of trees) {
					assert.ok(tree.depth <= Math.ceil(Math.log2(sampleSize)));
					const all = Array.from({ length: matrix.rows }, (_, row) => row);
					const walk = (node: number, members: number[], height: number): number => {
						const feature = tree.feature[node] as number;
						if (feature < 0) {
							assert.ok((tree.length[node] as number) >= height);
							return 1;
						}
						const cut = tree.threshold[node] as number;
						const column = matrix.columns[feature] as Float32Array;
						const left = members.filter((row) => (column[row] as number) <= cut);
						const right = members.filter((row) => (column[row] as number) > cut);
						// A cut lies within the values of the node, so both sides keep rows of the sample.
						assert.ok(left.length > 0 && right.length > 0);
						return (
							walk(tree.left[node] as number, left, height + 1) + walk(tree.right[node] as number, right, height + 1)
						);
					};
					assert.equal(walk(0, all, 0), tree.feature.filter((feature) => feature < 0).length);
				}
			}),
			{ numRuns: 200 },
		);
	});

	it('weighs a leaf by its depth and the rows that were left in it', () => {
		// Four equal rows: nothing can be cut, so the root is a leaf with h = 0 + c(4).
		const { trees } = fitIsolationForest(matrixOf([3, 3, 3, 3]), options);
		assert.deepEqual([...(trees[0]?.length ?? [])], [averagePathLength(4)]);
	});

	it('gives the same trees for the same seed, and each tree random numbers of its own', () => {
		const matrix = matrixOf(
			Array.from({ length: 300 }, (_, row) => Math.sin(row)),
			Array.from({ length: 300 }, (_, row) => Math.cos(row * 3)),
		);
		const ten = fitIsolationForest(matrix, options);
		assert.deepEqual(fitIsolationForest(matrix, options), ten);
		assert.deepEqual(fitIsolationForest(matrix, { ...options, trees: 4 }).trees, ten.trees.slice(0, 4));
		assert.notDeepEqual(fitIsolationForest(matrix, { ...options, seed: 8 }).trees, ten.trees);
		assert.notDeepEqual(ten.trees[0], ten.trees[1]);
	});

	it('never cuts a constant column, and shows a tree its share of the columns', () => {
		const waves = Array.from({ length: 10 }, (_, column) =>
			Array.from({ length: 100 }, (_, row) => (column === 4 ? 1 : Math.sin(row * (column + 1)))),
		);
		const forest = fitIsolationForest(matrixOf(...waves), { ...options, trees: 50, features: 0.35 });
		const used = forest.trees.map((tree) => new Set(tree.feature.filter((feature) => feature >= 0)));
		assert.ok(used.every((columns) => columns.size <= 3 && !columns.has(4)));
		assert.equal(new Set(used.flatMap((columns) => [...columns])).size, 9);
	});

	it('cuts between the least and the greatest value, evenly', () => {
		// Of rows at 0 and 1 a cut lies anywhere in [0, 1): its mean over 2000 trees is 0.5 with a deviation of 0.0065.
		const forest = fitIsolationForest(matrixOf([0, 1]), { ...options, trees: 2000 });
		const cuts = forest.trees.map((tree) => tree.threshold[0] as number);
		const mean = cuts.reduce((sum, cut) => sum + cut, 0) / cuts.length;
		assert.ok(Math.abs(mean - 0.5) < 5 * 0.0065, `mean ${mean}`);
		assert.ok(Math.min(...cuts) < 0.01 && Math.max(...cuts) > 0.99 && Math.max(...cuts) < 1);
	});

	it('separates neighbouring floats, where rounding could leave a side empty', () => {
		const near = [1, 1 + 2 ** -23];
		const { trees } = fitIsolationForest(matrixOf(near), { ...options, trees: 100 });
		assert.ok(trees.every((tree) => tree.depth === 1 && tree.threshold[0] === 1));
	});
});
