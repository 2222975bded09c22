/** Gradient boosting as a predictor: params, rows kept apart, graph. */
import { PerchError } from '../../protocol/errors.ts';
import { gradientBoostingParams } from '../../protocol/project/model.ts';
import { createRandom } from '../../stats/random.ts';
import type { Lesson, Predictor } from '../predictor.ts';
import { addProbabilities, probabilities } from '../probabilities.ts';
import { shuffled } from '../split.ts';
import { fitBoosting } from './gradientBoosting.ts';
import { type LossTarget, lossOf } from './loss.ts';
import { addPredictions } from './tree.ts';
import { addTrees } from './treeGraph.ts';

export const boostingPredictor: Predictor<typeof gradientBoostingParams> = {
	tasks: ['regression', 'classification'],
	params: gradientBoostingParams,
	takesMissing: true,
	fit({ matrix, target, rows }, params, onStep, team) {
		const [learned, apart] = keepApart(rows, params.early_stopping > 0 ? params.validation_share : 0, params.seed);
		const answer = lossTarget(target, learned, params.class_weight);
		const boosted = fitBoosting(
			matrix,
			answer,
			learned,
			apart,
			params,
			(round) => {
				if (round % 10 === 0) onStep(`Growing tree ${round} of ${params.trees}`, round / params.trees);
			},
			team,
		);
		const { outputs } = lossOf(answer);
		const { history, rounds, start } = boosted;
		return {
			params: { ...params, trees: rounds.length },
			history: {
				loss: history.loss.map((value, index) => ({ step: index + 1, value })),
				...(apart.length > 0 && {
					validation_loss: history.validation.map((value, index) => ({ step: index + 1, value })),
				}),
			},
			predict(features) {
				const raw = new Float64Array(features.rows * outputs);
				for (let output = 0; output < outputs; output++) {
					const trees = rounds.map((round) => round[output] as (typeof round)[number]);
					const sums = new Float64Array(features.rows).fill(start[output] as number);
					addPredictions(trees, features, 1, sums);
					for (let row = 0; row < features.rows; row++) raw[row * outputs + output] = sums[row] as number;
				}
				return target.task === 'regression' ? raw : probabilities(raw, outputs);
			},
			addToGraph(graph, features) {
				const placed = rounds.flatMap((round) => round.map((tree, output) => ({ tree, target: output })));
				const raw = addTrees(graph, features, placed, start, 1);
				return target.task === 'regression' ? raw : addProbabilities(graph, raw, outputs);
			},
		};
	},
};

function lossTarget(target: Lesson['target'], rows: Uint32Array, classWeight: 'none' | 'balanced'): LossTarget {
	if (target.task === 'regression') {
		if (classWeight === 'none') return { answer: { kind: 'numbers', values: target.values }, weights: null };
		throw new PerchError('invalid_config', 'model.params.class_weight: there are no classes to weigh.', {
			field: 'model.params.class_weight',
			hint: 'It goes with the task classification.',
		});
	}
	const { codes, classes } = target;
	const weights = classWeight === 'balanced' ? balancedWeights(codes, classes.length, rows) : null;
	return { answer: { kind: 'classes', codes, classes: classes.length }, weights };
}

/** As scikit-learn's `balanced`: rows over classes times rows of the class, so that they weigh one on average. */
function balancedWeights(codes: Uint16Array, classes: number, rows: Uint32Array): Float64Array {
	const counts = new Float64Array(classes);
	for (const row of rows) counts[codes[row] as number] = (counts[codes[row] as number] as number) + 1;
	return Float64Array.from(codes, (code) => rows.length / (classes * Math.max(1, counts[code] as number)));
}

function keepApart(rows: Uint32Array, share: number, seed: number): [Uint32Array, Uint32Array] {
	const count = share === 0 ? 0 : Math.min(rows.length - 1, Math.max(1, Math.round(share * rows.length)));
	if (count === 0) return [rows, new Uint32Array(0)];
	const mixed = shuffled(rows, createRandom(seed, 'early stopping'));
	return [mixed.slice(count).sort(), mixed.slice(0, count).sort()];
}
