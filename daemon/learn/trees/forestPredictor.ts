/** The random forest as a predictor: params and graph. */
import { randomForestParams } from '../../protocol/project/model.ts';
import type { Predictor } from '../predictor.ts';
import { paramText, rowWeights } from '../weights/rowWeights.ts';
import { addTables, mappedMatrix, rankCategories } from './categoryOrder.ts';
import { fitForest } from './randomForest.ts';
import { addPredictions } from './tree.ts';
import { addTrees } from './treeGraph.ts';

export const forestPredictor: Predictor<typeof randomForestParams> = {
	tasks: ['regression', 'classification'],
	params: randomForestParams,
	takesMissing: true,
	takesCategories: true,
	fit({ matrix, target, rows }, params, onStep, team) {
		const isClasses = target.task === 'classification';
		// scikit-learn's defaults: all features for numbers, the square root of their number for classes.
		const { length } = matrix.columns;
		const features =
			params.features === 'auto' ? (isClasses ? Math.floor(Math.sqrt(length)) / length : 1) : params.features;
		const weights = rowWeights(target, rows, params.class_weight);
		const learned = isClasses
			? ({ kind: 'classes', codes: target.codes, classes: target.classes.length, weights } as const)
			: ({ kind: 'numbers', values: target.values, weights } as const);
		const ranks = rankCategories(matrix, learned, rows);
		const trees = fitForest(
			mappedMatrix(matrix, ranks),
			learned,
			rows,
			{ ...params, features },
			(tree) => {
				onStep(`Growing tree ${tree} of ${params.trees}`, tree / params.trees);
			},
			team,
		);
		const outputs = isClasses ? target.classes.length : 1;
		return {
			params: { ...params, bootstrap: String(params.bootstrap), class_weight: paramText(params.class_weight) },
			history: {},
			predict(rowsOf) {
				const sums = new Float64Array(rowsOf.rows * outputs);
				addPredictions(trees, mappedMatrix(rowsOf, ranks), 1 / trees.length, sums);
				return sums;
			},
			addToGraph: (graph, name) =>
				addTrees(
					graph,
					addTables(graph, name, ranks),
					trees.map((tree) => ({ tree, target: 0 })),
					new Float64Array(outputs),
					1 / trees.length,
				),
		};
	},
};
