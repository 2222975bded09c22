import assert from 'node:assert/strict';
import { alone } from '../../kernels/team.ts';
import { parse } from '../../protocol/parse.ts';
import { gradientBoostingParams } from '../../protocol/project/model.ts';
import { createRandom } from '../../stats/random.ts';
import { binMatrix, missingBin } from './binnedMatrix.ts';
import { boostingPredictor } from './boostingPredictor.ts';
import { type BoostingParams, fitBoosting } from './gradientBoosting.ts';
import { type LossTarget, lossOf, meanLoss } from './loss.ts';
import { type ForestParams, fitForest } from './randomForest.ts';
import { addPredictions, type Tree } from './tree.ts';

const upTo = (length: number) => Uint32Array.from({ length }, (_, row) => row);
const none = new Uint32Array(0);
const quiet = () => undefined;
const room = { slots: 1, width: 2, packed: false, histograms: 3, threads: 1, codes: false };

/** A matrix of one column in bins. */
function binned(column: Float32Array) {
	const { memory, bins, stride, edges } = binMatrix({ rows: column.length, columns: [column] }, room, alone);
	const bytes = new Uint8Array(memory.buffer, bins);
	return { edges: [...(edges[0] ?? [])], bins: Array.from(column, (_, row) => bytes[row * stride] as number) };
}

const numbers = (...values: number[]): LossTarget => ({
	answer: { kind: 'numbers', values: Float64Array.from(values) },
	weights: null,
});
const classes = (count: number, ...codes: number[]): LossTarget => ({
	answer: { kind: 'classes', codes: Uint16Array.from(codes), classes: count },
	weights: null,
});
const forest: ForestParams = { trees: 1, max_depth: 0, min_samples_leaf: 1, features: 1, bootstrap: false, seed: 7 };
const boosting: BoostingParams = {
	...{ trees: 1, learning_rate: 1, max_leaves: 2, max_depth: 0, min_samples_leaf: 1, l2: 0, features: 1 },
	...{ early_stopping: 0, seed: 7 },
};

function predicted(trees: readonly Tree[], column: number[], outputs = 1): number[] {
	const matrix = { rows: column.length, columns: [Float32Array.from(column)] };
	const sums = new Float64Array(column.length * outputs);
	addPredictions(trees, matrix, 1 / trees.length, sums);
	return [...sums];
}

describe('bins', () => {
	it('lie between distinct values, and missing values have their own', () => {
		const { bins, edges } = binned(Float32Array.of(3, 1, Number.NaN, 2, 1));
		assert.deepEqual(edges, [1.5, 2.5]);
		assert.deepEqual(bins, [2, 0, missingBin, 1, 0]);
	});

	it('hold about as many rows each where there are too many values, and ever fewer towards the ends', () => {
		const { bins, edges } = binned(Float32Array.from(upTo(2550), (row) => row * row));
		const counts = new Array<number>(edges.length + 1).fill(0);
		for (const bin of bins) counts[bin] = (counts[bin] ?? 0) + 1;
		assert.ok(counts.length > 215 && counts.length <= 255, `${counts.length} bins`);
		for (const count of counts) assert.ok(count >= 1 && count <= 13, `a bin of ${count} rows`);
		assert.deepEqual([counts[0], counts[1], counts.at(-2), counts.at(-1)], [1, 1, 1, 1]);
	});

	it('tell neighbours of float32 apart', () => {
		assert.deepEqual(binned(Float32Array.of(1, Math.fround(1 + 2 ** -23))).bins, [0, 1]);
	});
});

describe('a tree', () => {
	it('cuts where the squares fall most, and says the means', () => {
		// Cut after 2: means 1 and 7; squares left 2 + 2. Any other cut leaves more.
		const matrix = { rows: 4, columns: [Float32Array.of(1, 2, 3, 4)] };
		const [tree] = fitForest(
			matrix,
			{ kind: 'numbers', values: Float64Array.of(0, 2, 6, 8) },
			upTo(4),
			{ ...forest, max_depth: 1 },
			quiet,
		);
		assert.deepEqual(predicted([tree as Tree], [1, 2.4, 2.6, 9]), [1, 1, 7, 7]);
		assert.equal(tree?.threshold[0], 2.5);
		assert.deepEqual([...(tree?.cover ?? [])], [4, 2, 2]);
	});

	it('sends missing values where they fit', () => {
		const matrix = { rows: 6, columns: [Float32Array.of(1, 2, 3, 4, Number.NaN, Number.NaN)] };
		for (const absent of [0, 9]) {
			const values = Float64Array.of(0, 0, 9, 9, absent, absent);
			const trees = fitForest(matrix, { kind: 'numbers', values }, upTo(6), { ...forest, max_depth: 1 }, quiet);
			assert.deepEqual(predicted(trees, [1, 4, Number.NaN]), [0, 9, absent]);
		}
	});

	it('parts what is known from what is missing, where that tells most', () => {
		const matrix = { rows: 4, columns: [Float32Array.of(1, 2, Number.NaN, Number.NaN)] };
		const trees = fitForest(matrix, { kind: 'numbers', values: Float64Array.of(1, 1, 5, 5) }, upTo(4), forest, quiet);
		assert.deepEqual(predicted(trees, [1, 1e38, Number.NaN]), [1, 1, 5]);
	});

	it('says the shares of classes', () => {
		const matrix = { rows: 6, columns: [Float32Array.of(1, 1, 1, 2, 2, 2)] };
		const target = { kind: 'classes' as const, codes: Uint16Array.of(0, 0, 1, 2, 2, 2), classes: 3 };
		const trees = fitForest(matrix, target, upTo(6), forest, quiet);
		assert.deepEqual(
			predicted(trees, [1, 2], 3).map((share) => Number(share.toFixed(6))),
			[0.666667, 0.333333, 0, 0, 0, 1],
		);
	});

	it('grows the same with few rows, bin by bin, as from a histogram', () => {
		// A node of 256 rows or more has a histogram, its children have none: the leaves of a full tree are the values.
		const random = createRandom('trees.test');
		const column = Array.from({ length: 200 }, () => random.normal());
		const rows = 400;
		const matrix = { rows, columns: [Float32Array.from({ length: rows }, (_, row) => column[row % 200] as number)] };
		const values = Float64Array.from({ length: rows }, (_, row) => Math.sin((column[row % 200] as number) * 3));
		const trees = fitForest(matrix, { kind: 'numbers', values }, upTo(rows), forest, quiet);
		for (const [row, said] of predicted(trees, column).entries())
			assert.ok(Math.abs(said - (values[row] as number)) < 1e-6);
	});

	it('keeps so many rows in each leaf', () => {
		const matrix = { rows: 100, columns: [Float32Array.from(upTo(100))] };
		const values = Float64Array.from(upTo(100), (row) => row ** 2);
		const [tree] = fitForest(matrix, { kind: 'numbers', values }, upTo(100), { ...forest, min_samples_leaf: 7 }, quiet);
		const leaves = [...(tree?.cover ?? [])].filter((_, node) => (tree?.feature[node] as number) < 0);
		assert.ok(leaves.length > 8 && Math.min(...leaves) >= 7);
	});
});

describe('boosting', () => {
	it('takes a shortened Newton step a round', () => {
		// Mean 4; residuals −4, −2, 2, 4; leaves −3 and 3, halved by the learning rate.
		const matrix = { rows: 4, columns: [Float32Array.of(1, 2, 3, 4)] };
		const loss = numbers(0, 2, 6, 8);
		const { start, rounds, history } = fitBoosting(
			matrix,
			loss,
			upTo(4),
			none,
			{ ...boosting, learning_rate: 0.5 },
			quiet,
		);
		assert.deepEqual([...start], [4]);
		assert.deepEqual(predicted(rounds[0] ?? [], [1, 4]), [-1.5, 1.5]);
		// Squares after it: 2.5² + 0.5² twice, over 4 rows.
		assert.deepEqual(history.loss, [3.25]);
	});

	it('follows the log loss of two classes', () => {
		// Odds 1: log-odds 0; a pure leaf of two steps −Σ(p − y) / Σp(1 − p) = 1 / 0.5 = 2.
		const matrix = { rows: 4, columns: [Float32Array.of(1, 2, 3, 4)] };
		const { rounds } = fitBoosting(matrix, classes(2, 0, 0, 1, 1), upTo(4), none, boosting, quiet);
		assert.deepEqual(predicted(rounds[0] ?? [], [1, 4]), [-2, 2]);
	});

	it('weighs classes alike where it is told to', async () => {
		// Nine rows of one class and one of the other, all alike: the odds are 1 : 9, and 1 : 1 once each class weighs 5.
		const rows = 10;
		const codes = Uint16Array.from({ length: rows }, (_, row) => +(row === 0));
		const matrix = { rows, columns: [new Float32Array(rows)] };
		const target = { task: 'classification' as const, codes, classes: ['a', 'b'], rows: upTo(rows) };
		const said = async (class_weight: 'none' | 'balanced') => {
			const params = parse(gradientBoostingParams, { class_weight });
			const fitted = await boostingPredictor.fit({ matrix, target, rows: upTo(rows) }, params, quiet, alone);
			const shares = await fitted.predict({ rows: 1, columns: [new Float32Array(1)] });
			return [...shares].map((share) => Number(share.toFixed(9)));
		};
		assert.deepEqual(await said('none'), [0.9, 0.1]);
		assert.deepEqual(await said('balanced'), [0.5, 0.5]);
		const numbers = { task: 'regression' as const, values: new Float64Array(rows), rows: upTo(rows) };
		const params = parse(gradientBoostingParams, { class_weight: 'balanced' });
		assert.throws(() => boostingPredictor.fit({ matrix, target: numbers, rows: upTo(rows) }, params, quiet, alone), {
			code: 'invalid_config',
		});
	});

	it('has derivatives that are those of its loss', () => {
		const raw = Float64Array.of(0.3, -1, 0.2, 2, 0.1, -0.4, -0.6, 1.1, 0.5);
		const loss = lossOf(classes(3, 2, 0, 1));
		const pairs = new Float64Array(6);
		const step = 1e-5;
		for (let output = 0; output < 3; output++) {
			loss.derive(raw, output, upTo(3), 0, 3, pairs);
			for (let row = 0; row < 3; row++) {
				const moved = (by: number) => {
					const other = raw.slice();
					other[row * 3 + output] = (other[row * 3 + output] as number) + by;
					return 3 * meanLoss(loss, other, upTo(3), null);
				};
				assert.ok(Math.abs((moved(step) - moved(-step)) / (2 * step) - (pairs[2 * row] as number)) < 1e-8);
				const second = (moved(step) - 2 * moved(0) + moved(-step)) / step ** 2;
				assert.ok(Math.abs(second - (pairs[2 * row + 1] as number)) < 1e-4);
			}
		}
	});

	it('stops when the rows kept apart say so, and keeps the best rounds alone', () => {
		const random = createRandom('boosting.test');
		const column = Float32Array.from({ length: 400 }, () => random.normal());
		const noise = Float64Array.from(column, () => random.normal());
		const loss = numbers(...noise);
		const apart = Uint32Array.from({ length: 100 }, (_, row) => 300 + row);
		const params = { ...boosting, trees: 200, max_leaves: 31, learning_rate: 0.3, early_stopping: 5 };
		const { rounds, history } = fitBoosting({ rows: 400, columns: [column] }, loss, upTo(300), apart, params, quiet);
		const lowest = history.validation.indexOf(Math.min(...history.validation));
		assert.equal(rounds.length, lowest + 1);
		assert.equal(history.validation.length, lowest + 6);
	});
});
