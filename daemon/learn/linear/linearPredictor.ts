/** Linear models as a predictor: params, and the graph. */
import type { Graph } from '../../onnx/graph.ts';
import { PerchError } from '../../protocol/errors.ts';
import { linearParams } from '../../protocol/project/model.ts';
import type { Predictor } from '../predictor.ts';
import { addProbabilities, probabilities } from '../probabilities.ts';
import { paramText, rowWeights } from '../weights/rowWeights.ts';
import { fitLasso, fitRidge, type LinearModel } from './leastSquares.ts';
import { linearScores } from './linearScores.ts';
import { fitLogistic } from './logistic.ts';

export const linearPredictor: Predictor<typeof linearParams> = {
	tasks: ['regression', 'classification'],
	params: linearParams,
	takesMissing: false,
	takesCategories: false,
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
		const weights = rowWeights(target, rows, params.class_weight);
		const model = isClasses
			? // scikit-learn's C is one over the strength; none at all is as good as none.
				fitLogistic(
					matrix,
					target.codes,
					target.classes.length,
					rows,
					penalty === 'none' || alpha === 0 ? 1e10 : 1 / alpha,
					standardize,
					weights,
				)
			: penalty === 'l1'
				? fitLasso(matrix, target.values, rows, alpha, standardize, weights)
				: fitRidge(matrix, target.values, rows, penalty === 'none' ? 0 : alpha, standardize, weights);
		return {
			params: { ...params, standardize: String(standardize), class_weight: paramText(params.class_weight) },
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
