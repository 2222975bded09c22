/** Linear models as a predictor: params, and the graph. */
import type { Graph } from '../../onnx/graph.ts';
import { PerchError } from '../../protocol/errors.ts';
import { linearParams } from '../../protocol/project/model.ts';
import type { FeatureMatrix } from '../featureMatrix.ts';
import type { Predictor } from '../predictor.ts';
import { fitLasso, fitRidge, type LinearModel } from './leastSquares.ts';
import { fitLogistic } from './logistic.ts';

export const linearPredictor: Predictor<typeof linearParams> = {
	tasks: ['regression', 'classification'],
	params: linearParams,
	takesMissing: false,
	fit({ matrix, target, rows }, params, onStep) {
		onStep(`Fitting ${matrix.columns.length} coefficients`, 0);
		const { alpha, penalty, standardize } = params;
		const isClasses = target.task === 'classification';
		if (isClasses && penalty === 'l1') {
			throw new PerchError(
				'invalid_config',
				'model.params.penalty: l1 is for regression, and the target has classes.',
				{
					field: 'model.params.penalty',
					hint: 'Use l2 or none.',
				},
			);
		}
		const model = isClasses
			? // scikit-learn's C is one over the strength; none at all is as good as none.
				fitLogistic(
					matrix,
					target.codes,
					target.classes.length,
					rows,
					penalty === 'none' || alpha === 0 ? 1e10 : 1 / alpha,
					standardize,
				)
			: penalty === 'l1'
				? fitLasso(matrix, target.values, rows, alpha, standardize)
				: fitRidge(matrix, target.values, rows, penalty === 'none' ? 0 : alpha, standardize);
		return {
			params: { ...params, standardize: String(standardize) },
			history: {},
			predict: (features) => {
				const scores = linearScores(model, features);
				return isClasses ? probabilities(scores, model.intercepts.length) : scores;
			},
			addToGraph: (graph, features) => {
				const scores = addScores(graph, features, model);
				return isClasses ? addProbabilities(graph, scores, model.intercepts.length) : scores;
			},
		};
	},
};

/** Row by row, as many as there are outputs. */
function linearScores(
	{ scale, coefficients, intercepts }: LinearModel,
	{ rows, columns }: FeatureMatrix,
): Float64Array {
	const outputs = intercepts.length;
	const scores = Float64Array.from({ length: rows * outputs }, (_, at) => intercepts[at % outputs] as number);
	for (const [feature, column] of columns.entries()) {
		const [mean, std] = [scale.mean[feature] as number, scale.std[feature] as number];
		for (let output = 0; output < outputs; output++) {
			const coefficient = ((coefficients[output] as Float64Array)[feature] as number) / std;
			if (coefficient === 0) continue;
			for (let row = 0, at = output; row < rows; row++, at += outputs) {
				scores[at] = (scores[at] as number) + coefficient * ((column[row] as number) - mean);
			}
		}
	}
	return scores;
}

/** One score is the log-odds of the second class, more are those of a softmax. */
export function probabilities(scores: Float64Array, outputs: number): Float64Array {
	if (outputs === 1) {
		const both = new Float64Array(scores.length * 2);
		for (const [row, score] of scores.entries()) {
			const p = 1 / (1 + Math.exp(-score));
			both[2 * row] = 1 - p;
			both[2 * row + 1] = p;
		}
		return both;
	}
	const shares = new Float64Array(scores.length);
	for (let from = 0; from < scores.length; from += outputs) {
		const row = scores.subarray(from, from + outputs);
		const most = row.reduce((a, b) => Math.max(a, b));
		const powers = row.map((score) => Math.exp(score - most));
		const sum = powers.reduce((a, b) => a + b);
		shares.set(
			powers.map((power) => power / sum),
			from,
		);
	}
	return shares;
}

/** The same as nodes: from `[N, outputs]` scores to `[N, classes]` probabilities. */
export function addProbabilities(graph: Graph, scores: string, outputs: number): string {
	if (outputs > 1) return graph.node('Softmax', [scores], { axis: { int: 1 } });
	const second = graph.node('Sigmoid', [scores]);
	const first = graph.node('Sigmoid', [graph.node('Neg', [scores])]);
	return graph.node('Concat', [first, second], { axis: { int: 1 } });
}

function addScores(graph: Graph, features: string, { scale, coefficients, intercepts }: LinearModel): string {
	const { length } = scale.mean;
	const outputs = intercepts.length;
	const centered = graph.node('Sub', [features, graph.constant(Float32Array.from(scale.mean), [1, length])]);
	const weights = new Float32Array(length * outputs);
	for (const [output, row] of coefficients.entries()) {
		for (let feature = 0; feature < length; feature++) {
			weights[feature * outputs + output] = (row[feature] as number) / (scale.std[feature] as number);
		}
	}
	const product = graph.node('MatMul', [centered, graph.constant(weights, [length, outputs])]);
	return graph.node('Add', [product, graph.constant(Float32Array.from(intercepts), [1, outputs])]);
}
