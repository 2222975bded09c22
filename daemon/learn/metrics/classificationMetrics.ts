/** How well predicted probabilities tell classes apart. */

import { rankingMetrics } from './anomalyMetrics.ts';
import { accuracyOf, type ClassFigure, lossOf, macroAverage, scoresByClass } from './classScores.ts';
import { confusionOf } from './confusion.ts';
import { weightedRanking } from './weightedRanking.ts';

/** The class with the greatest probability, a row each; the first of equals. `probabilities` are row by row. */
function mostProbable(probabilities: Float64Array, classes: number): Uint16Array {
	const codes = new Uint16Array(probabilities.length / classes);
	for (let row = 0; row < codes.length; row++) {
		let best = 0;
		for (let one = 1; one < classes; one++) {
			if ((probabilities[row * classes + one] as number) > (probabilities[row * classes + best] as number)) best = one;
		}
		codes[row] = best;
	}
	return codes;
}

/**
 * `accuracy`, `log_loss`, `precision`, `recall` and `f1`: of the second class where there are two, else the mean over the classes
 * that are true or predicted (macro). With two classes both of which are there also `roc_auc` and `average_precision`.
 * With weights every row counts as much as it weighs, as with scikit-learn's `sample_weight`.
 */
export function classificationMetrics(
	codes: Uint16Array,
	probabilities: Float64Array,
	classes: number,
	weights?: Float64Array,
): Record<string, number> {
	const confusion = confusionOf(codes, mostProbable(probabilities, classes), classes, weights);
	const scores = scoresByClass(confusion);
	const measured = (field: ClassFigure) => (classes === 2 ? (scores[1]?.[field] ?? 0) : macroAverage(scores, field));
	let [loss, all] = [0, 0];
	for (let row = 0; row < codes.length; row++) {
		const weight = weights === undefined ? 1 : (weights[row] as number);
		all += weight;
		loss += weight * lossOf(probabilities[row * classes + (codes[row] as number)] as number);
	}
	const ranked = (first: Float64Array, labels: Int8Array) =>
		weights === undefined ? rankingMetrics(first, labels) : weightedRanking(first, labels, weights);
	const both = classes === 2 && scores.every(({ rows }) => rows > 0);
	return {
		accuracy: accuracyOf(confusion),
		log_loss: loss / all,
		precision: measured('precision'),
		recall: measured('recall'),
		f1: measured('f1'),
		...(both && ranked(scoresOfFirst(probabilities), Int8Array.from(codes))),
	};
}

/** The probability of the first of two classes: low where the second is likely, as ranking takes it. */
function scoresOfFirst(probabilities: Float64Array): Float64Array {
	return Float64Array.from({ length: probabilities.length / 2 }, (_, row) => probabilities[2 * row] as number);
}
