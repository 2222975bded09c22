import {
	accuracyOf,
	type ClassScore,
	lossOf,
	macroAverage,
	scoresByClass,
	weightedAverage,
} from '../../learn/metrics/classScores.ts';
import type { ClassificationFigures } from '../../protocol/driftPerformance.ts';
import { rocAuc } from '../../stats/rocAuc.ts';

/** Rows whose class and predicted class are both known, as places in one list of classes. */
export interface ClassOutcomes {
	truth: Int32Array;
	predicted: Int32Array;
	/** How many classes there are. */
	classes: number;
	/** Of two classes the one that is looked for; null for more. */
	positive: number | null;
	/** Higher is more likely positive (two classes). */
	score: Float64Array | null;
	/** The probability of each class, by class and row; null where there are none. */
	proba: readonly Float64Array[] | null;
}

/**
 * How well classes are told, as scikit-learn's functions of these names do with `zero_division=0` (`classScores.ts`). Needs a
 * row at least.
 */
export function classificationFigures(
	outcomes: ClassOutcomes,
	confusion: readonly (readonly number[])[],
): ClassificationFigures {
	const { truth, positive } = outcomes;
	const rows = truth.length;
	const byClass = scoresByClass(confusion);
	const own = positive === null ? null : (byClass[positive] as ClassScore);
	return {
		rows,
		accuracy: accuracyOf(confusion),
		precision: own?.precision ?? null,
		recall: own?.recall ?? null,
		f1: own?.f1 ?? null,
		precision_macro: macroAverage(byClass, 'precision'),
		recall_macro: macroAverage(byClass, 'recall'),
		f1_macro: macroAverage(byClass, 'f1'),
		precision_weighted: weightedAverage(byClass, 'precision'),
		recall_weighted: weightedAverage(byClass, 'recall'),
		f1_weighted: weightedAverage(byClass, 'f1'),
		roc_auc: areaOf(outcomes),
		log_loss: logLoss(outcomes),
		brier: brierScore(outcomes),
	};
}

/** With more than two classes the mean of each against the rest; null where a class is missing, or nothing ranks the rows. */
function areaOf({ truth, positive, score, proba, classes }: ClassOutcomes): number | null {
	if (positive !== null) return score === null ? null : areaOfClass(score, truth, positive);
	if (proba === null) return null;
	let sum = 0;
	for (let code = 0; code < classes; code++) {
		const area = areaOfClass(proba[code] as Float64Array, truth, code);
		if (area === null) return null;
		sum += area;
	}
	return classes === 0 ? null : sum / classes;
}

function areaOfClass(score: Float64Array, truth: Int32Array, code: number): number | null {
	const area = rocAuc(
		score,
		truth.map((one) => +(one === code)),
	);
	return Number.isNaN(area) ? null : area;
}

function logLoss({ truth, proba }: ClassOutcomes): number | null {
	if (proba === null) return null;
	let sum = 0;
	for (let row = 0; row < truth.length; row++) {
		sum += lossOf((proba[truth[row] as number] as Float64Array)[row] as number);
	}
	return sum / truth.length;
}

function brierScore({ truth, proba, positive }: ClassOutcomes): number | null {
	if (proba === null || positive === null) return null;
	const given = proba[positive] as Float64Array;
	let sum = 0;
	for (let row = 0; row < truth.length; row++) sum += ((given[row] as number) - +(truth[row] === positive)) ** 2;
	return sum / truth.length;
}
