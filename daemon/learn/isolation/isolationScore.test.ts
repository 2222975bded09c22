import assert from 'node:assert/strict';
import { quantile } from '../../stats/quantile.ts';
import { sorted } from '../../stats/sort.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import { averagePathLength, fitIsolationForest, type IsolationForest, type IsolationTree } from './isolationForest.ts';
import { scoreSamples } from './isolationScore.ts';

/**
 * Made by scikit-learn 1.9.1:
 *   X = np.array([[.1,1],[.2,1.5],[.15,1.2],[.3,.9],[.25,1.1],[.12,1.4],[.28,1.05],[5,9]], dtype=np.float32)
 *   f = IsolationForest(n_estimators=3, max_samples=8, contamination=0.2, random_state=3).fit(X)
 *   trees = [(t.feature, t.threshold, t.children_left, t.children_right, t.n_node_samples) for t in (e.tree_ for e in f.estimators_)]
 *   f.score_samples(np.vstack([X, [[1, 1], [.2, 100]]]).astype(np.float32)), f.offset_
 */
const rows = [
	[0.1, 1],
	[0.2, 1.5],
	[0.15, 1.2],
	[0.3, 0.9],
	[0.25, 1.1],
	[0.12, 1.4],
	[0.28, 1.05],
	[5, 9],
	[1, 1],
	[0.2, 100],
];
const peers = [
	{
		feature: [1, 0, 1, -2, -2, 0, -2, -2, -2],
		threshold: [7.46917264251636, 0.20376904361224785, 1.199951896537073, -2, -2, 0.29893783182143313, -2, -2, -2],
		rows: [8, 7, 4, 1, 3, 3, 2, 1, 1],
	},
	{
		feature: [0, 1, 0, -2, -2, 1, -2, -2, -2],
		threshold: [2.5475995882643234, 1.175320738167203, 0.20322155759857746, -2, -2, 1.4723662326599907, -2, -2, -2],
		rows: [8, 7, 4, 1, 3, 3, 2, 1, 1],
	},
	{
		feature: [0, 1, 0, -2, -2, 0, -2, -2, -2],
		threshold: [0.7520618144544892, 1.3615351360504828, 0.19915852919449706, -2, -2, 0.15701467312092193, -2, -2, -2],
		rows: [8, 7, 5, 2, 3, 2, 1, 1, 1],
	},
];
const left = [1, 2, 3, -1, -1, 6, -1, -1, -1];
const right = [8, 5, 4, -1, -1, 7, -1, -1, -1];
const depths = [0, 1, 2, 3, 3, 2, 3, 3, 1];
const expected = [
	-0.4961163269125681, -0.4889564219323456, -0.42499797272877043, -0.4492779881030106, -0.4188644412635554,
	-0.455856872355743, -0.4188644412635554, -0.8103545144490715, -0.5625400540474096, -0.6122213402486667,
];
const expectedOffset = -0.4932523649204791;

/** The greatest float32 that is not above a double: with it `x <= t` says the same of every float32. */
function roundDown(value: number): number {
	const rounded = Math.fround(value);
	if (rounded <= value) return rounded;
	const bits = new Int32Array(Float32Array.of(rounded).buffer);
	bits[0] = (bits[0] as number) + (rounded > 0 ? -1 : 1);
	return new Float32Array(bits.buffer)[0] as number;
}

const forest: IsolationForest = {
	features: 2,
	sampleSize: 8,
	trees: peers.map((peer) => ({
		feature: Int32Array.from(peer.feature, (feature) => Math.max(-1, feature)),
		threshold: Float32Array.from(peer.threshold, roundDown),
		left: Int32Array.from(left),
		right: Int32Array.from(right),
		length: Float64Array.from(peer.rows, (count, node) => (depths[node] as number) + averagePathLength(count)),
		cover: Float64Array.from(peer.rows),
		depth: 3,
	})),
};

const matrixOf = (values: number[][]): FeatureMatrix => ({
	rows: values.length,
	columns: [0, 1].map((column) => Float32Array.from(values, (row) => row[column] as number)),
});

describe('isolation scores', () => {
	it('scores as scikit-learn does with the same trees', () => {
		const scores = scoreSamples(forest, matrixOf(rows));
		scores.forEach((score, row) => {
			assert.ok(Math.abs(score - (expected[row] as number)) < 1e-12, `row ${row}: ${score}`);
		});
		const offset = quantile(sorted(scores.slice(0, 8)), 0.2);
		assert.ok(Math.abs(offset - expectedOffset) < 1e-12);
	});

	it('scores a row alike wherever it stands', () => {
		const many = Array.from({ length: 3001 }, (_, row) => rows[row % rows.length] as number[]);
		scoreSamples(forest, matrixOf(many)).forEach((score, row) => {
			assert.ok(Math.abs(score - (expected[row % rows.length] as number)) < 1e-12);
		});
	});

	it('sends a missing value to the left, whatever the threshold', () => {
		const lowest = scoreSamples(forest, matrixOf([[Number.NEGATIVE_INFINITY, 1.2]]))[0];
		assert.equal(scoreSamples(forest, matrixOf([[Number.NaN, 1.2]]))[0], lowest);
	});

	it('walks deep trees by their pointers to the same leaf', () => {
		// A chain of 20 cuts at 0, 1, 2, …: of a row at x.5 the leaf has depth x + 2, beyond 19 depth 20.
		const cuts = 20;
		const chain: IsolationTree = {
			feature: Int32Array.from({ length: 2 * cuts + 1 }, (_, node) => (node < cuts ? 0 : -1)),
			threshold: Float32Array.from({ length: 2 * cuts + 1 }, (_, node) => node),
			left: Int32Array.from({ length: cuts }, (_, node) => cuts + node),
			right: Int32Array.from({ length: cuts }, (_, node) => (node === cuts - 1 ? 2 * cuts : node + 1)),
			length: Float64Array.from({ length: 2 * cuts + 1 }, (_, node) =>
				node < cuts ? 0 : Math.min(cuts, node - cuts + 1),
			),
			cover: new Float64Array(2 * cuts + 1).fill(1),
			depth: cuts,
		};
		const deep: IsolationForest = { features: 1, sampleSize: 256, trees: [chain] };
		const column = Float32Array.of(-1, 0.5, 7.5, 18.5, 100, Number.NaN);
		const scores = scoreSamples(deep, { rows: column.length, columns: [column] });
		const heights = [1, 2, 9, 20, 20, 1];
		scores.forEach((score, row) => {
			const direct = -(2 ** (-(heights[row] as number) / 10.244770920119917));
			assert.ok(Math.abs(score - direct) < 1e-12);
		});
	});

	it('gives −0.5 to the forest of a single row, as scikit-learn does', () => {
		const one: FeatureMatrix = { rows: 1, columns: [Float32Array.of(3)] };
		const alone = fitIsolationForest(one, { trees: 5, sample_size: 256, features: 1, seed: 1 });
		assert.deepEqual([...scoreSamples(alone, one)], [-0.5]);
	});
});
