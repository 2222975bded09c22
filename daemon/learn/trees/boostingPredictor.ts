/** Gradient boosting as a predictor: params, rows kept apart, graph. */
import { gradientBoostingParams } from '../../protocol/project/model.ts';
import { createRandom } from '../../stats/random.ts';
import type { Lesson, Predictor } from '../predictor.ts';
import { addProbabilities, probabilities } from '../probabilities.ts';
import { shuffled } from '../split.ts';
import { type ClassWeight, paramText, rowWeights } from '../weights/rowWeights.ts';
import { addTables, groupCategories, groupedMatrix } from './categoryOrder.ts';
import { directionsOf } from './directions.ts';
import { fitBoosting } from './gradientBoosting.ts';
import { type LossTarget, lossOf } from './loss.ts';
import { addPredictions } from './tree.ts';
import { addTrees } from './treeGraph.ts';

export const boostingPredictor: Predictor<typeof gradientBoostingParams> = {
	tasks: ['regression', 'classification'],
	params: gradientBoostingParams,
	takesMissing: true,
	takesCategories: true,
	fit({ matrix: given, target, rows }, params, onStep, team) {
		const [learned, apart] = keepApart(rows, params.early_stopping > 0 ? params.validation_share : 0, params.seed);
		const answer = lossTarget(target, learned, params.class_weight);
		const tables = groupCategories(given, { ...answer.answer, weights: answer.weights }, learned);
		const matrix = groupedMatrix(given, tables);
		let told = 0;
		const boosted = fitBoosting(
			matrix,
			answer,
			learned,
			apart,
			{ ...params, special: { directions: directionsOf(matrix, target, params.monotone), sets: params } },
			(round, { loss, validation }) => {
				const tens = round - (round % 10);
				const known = loss.slice(told).map((value, index) => {
					const apartToo = validation[told + index];
					return {
						step: told + index + 1,
						values: { loss: value, ...(apartToo !== undefined && { validation_loss: apartToo }) },
					};
				});
				told = loss.length;
				onStep(tens === 0 ? 'Growing trees' : `Growing tree ${tens} of ${params.trees}`, round / params.trees, known);
			},
			team,
		);
		const { outputs } = lossOf(answer);
		const { history, rounds, start } = boosted;
		return {
			params: {
				...params,
				trees: rounds.length,
				class_weight: paramText(params.class_weight),
				monotone: paramText(params.monotone),
			},
			history: {
				loss: history.loss.map((value, index) => ({ step: index + 1, value })),
				...(apart.length > 0 && {
					validation_loss: history.validation.map((value, index) => ({ step: index + 1, value })),
				}),
			},
			predict(features) {
				const asked = groupedMatrix(features, tables);
				const raw = new Float64Array(features.rows * outputs);
				for (let output = 0; output < outputs; output++) {
					const trees = rounds.map((round) => round[output] as (typeof round)[number]);
					const sums = new Float64Array(features.rows).fill(start[output] as number);
					addPredictions(trees, asked, 1, sums);
					for (let row = 0; row < features.rows; row++) raw[row * outputs + output] = sums[row] as number;
				}
				return target.task === 'regression' ? raw : probabilities(raw, outputs);
			},
			addToGraph(graph, features) {
				const placed = rounds.flatMap((round) => round.map((tree, output) => ({ tree, target: output })));
				const raw = addTrees(graph, addTables(graph, features, tables), placed, start, 1);
				return target.task === 'regression' ? raw : addProbabilities(graph, raw, outputs);
			},
		};
	},
};

function lossTarget(target: Lesson['target'], rows: Uint32Array, classWeight: ClassWeight): LossTarget {
	const weights = rowWeights(target, rows, classWeight);
	if (target.task === 'regression') return { answer: { kind: 'numbers', values: target.values }, weights };
	return { answer: { kind: 'classes', codes: target.codes, classes: target.classes.length }, weights };
}

function keepApart(rows: Uint32Array, share: number, seed: number): [Uint32Array, Uint32Array] {
	const count = share === 0 ? 0 : Math.min(rows.length - 1, Math.max(1, Math.round(share * rows.length)));
	if (count === 0) return [rows, new Uint32Array(0)];
	const mixed = shuffled(rows, createRandom(seed, 'early stopping'));
	return [mixed.slice(count).sort(), mixed.slice(0, count).sort()];
}
