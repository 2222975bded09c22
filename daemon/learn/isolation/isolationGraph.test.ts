import assert from 'node:assert/strict';
import { numberColumn, tableOf } from '../../data/table.ts';
import { createGraph } from '../../onnx/graph.ts';
import { openModel } from '../../onnx/model.ts';
import { createRandom } from '../../stats/random.ts';
import { sorted } from '../../stats/sort.ts';
import { addAnomalyLabel, graphThreshold } from '../anomalyLabel.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import { fitIsolationForest, type IsolationForest } from './isolationForest.ts';
import { addForestScore } from './isolationGraph.ts';
import { scoreSamples } from './isolationScore.ts';

const random = createRandom('isolationGraph.test');
const noise: FeatureMatrix = {
	rows: 5000,
	columns: Array.from({ length: 4 }, () => Float32Array.from({ length: 5000 }, () => random.normal())),
};

async function infer(forest: IsolationForest, matrix: FeatureMatrix, threshold: number) {
	const graph = createGraph('test');
	const score = addForestScore(graph, graph.input('x', 'float', ['N', matrix.columns.length]), forest);
	graph.output('label', 'int64', ['N'], addAnomalyLabel(graph, score, 'path', threshold, { keyed: null }));
	graph.output('score', 'float', ['N'], score);
	const model = await openModel(graph.toBytes({}));
	const columns = matrix.columns.map((column, index) => numberColumn(`c${index}`, Float64Array.from(column)));
	const predictions = await model.infer(tableOf(columns));
	await model.close();
	return { score: predictions.score ?? new Float64Array(), label: predictions.label ?? new Int8Array() };
}

function worst(a: Float64Array, b: Float64Array): number {
	assert.equal(a.length, b.length);
	return a.reduce((most, value, row) => Math.max(most, Math.abs(value - (b[row] as number))), 0);
}

describe('isolation forest as a graph', () => {
	it('gives the scores of the scorer, missing values too', async () => {
		const [first, ...others] = noise.columns as [Float32Array, ...Float32Array[]];
		const holes = { ...noise, columns: [first.map((value, row) => (row % 9 === 0 ? Number.NaN : value)), ...others] };
		const forest = fitIsolationForest(noise, { trees: 100, sample_size: 256, features: 1, seed: 1 });
		const { score } = await infer(forest, holes, -0.5);
		assert.ok(worst(score, scoreSamples(forest, holes)) < 1e-6);
	});

	it('stays exact with many trees, and with deep ones', async () => {
		const many = fitIsolationForest(noise, { trees: 2000, sample_size: 16, features: 1, seed: 2 });
		assert.ok(worst((await infer(many, noise, -0.5)).score, scoreSamples(many, noise)) < 5e-6);
		const deep = fitIsolationForest(noise, { trees: 5, sample_size: 5000, features: 1, seed: 2 });
		assert.ok(deep.trees.every((tree) => tree.depth === 13));
		assert.ok(worst((await infer(deep, noise, -0.5)).score, scoreSamples(deep, noise)) < 1e-6);
	});

	it('calls rows normal whose score is the threshold itself, however float32 rounds it', async () => {
		const repeated = {
			rows: 5000,
			columns: noise.columns.map((column) => column.map((_, row) => column[row % 10] as number)),
		};
		const forest = fitIsolationForest(repeated, { trees: 100, sample_size: 256, features: 1, seed: 3 });
		const scores = scoreSamples(forest, repeated);
		for (const threshold of new Set(scores)) {
			const { label } = await infer(forest, repeated, graphThreshold(sorted(scores), threshold, 1e-6));
			assert.deepEqual(
				label,
				Int8Array.from(scores, (score) => (score < threshold ? -1 : 1)),
			);
		}
	});
});
