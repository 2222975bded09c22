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

export interface ClassScore {
	rows: number;
	precision: number;
	recall: number;
	f1: number;
	/** Rows of the class, or predicted so: without any, it counts in no average. */
	seen: number;
}

/** Of each class, from the confusion; 0 where nothing is predicted so, or nothing is of it. */
export function scoresByClass(confusion: readonly (readonly number[])[]): ClassScore[] {
	return confusion.map((line, code) => {
		const hits = line[code] as number;
		const rows = line.reduce((sum, count) => sum + count, 0);
		const called = confusion.reduce((sum, other) => sum + (other[code] as number), 0);
		return {
			rows,
			precision: called === 0 ? 0 : hits / called,
			recall: rows === 0 ? 0 : hits / rows,
			f1: rows + called === 0 ? 0 : (2 * hits) / (rows + called),
			seen: rows + called,
		};
	});
}

/**
 * How well classes are told, as scikit-learn's functions of these names do with `zero_division=0`. Macro averages are over
 * the classes that are true or predicted in these rows. Needs a row at least.
 *
 * Truth 0 1 2 0 1 2, predicted 0 2 1 0 0 1: accuracy 1/3, macro precision (2/3 + 0 + 0)/3, recall 1/3, f1 (0.8)/3.
 */
export function classificationFigures(
	outcomes: ClassOutcomes,
	confusion: readonly (readonly number[])[],
): ClassificationFigures {
	const { truth, positive } = outcomes;
	const rows = truth.length;
	const byClass = scoresByClass(confusion);
	const seen = byClass.filter((one) => one.seen > 0);
	const macro = (field: 'precision' | 'recall' | 'f1') => seen.reduce((sum, one) => sum + one[field], 0) / seen.length;
	const weighted = (field: 'precision' | 'recall' | 'f1') =>
		seen.reduce((sum, one) => sum + one[field] * one.rows, 0) / rows;
	const hits = confusion.reduce((sum, line, code) => sum + (line[code] as number), 0);
	const own = positive === null ? null : (byClass[positive] as ClassScore);
	return {
		rows,
		accuracy: hits / rows,
		precision: own?.precision ?? null,
		recall: own?.recall ?? null,
		f1: own?.f1 ?? null,
		precision_macro: macro('precision'),
		recall_macro: macro('recall'),
		f1_macro: macro('f1'),
		precision_weighted: weighted('precision'),
		recall_weighted: weighted('recall'),
		f1_weighted: weighted('f1'),
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

const leastProbability = Number.EPSILON;

function logLoss({ truth, proba }: ClassOutcomes): number | null {
	if (proba === null) return null;
	let sum = 0;
	for (let row = 0; row < truth.length; row++) {
		const given = (proba[truth[row] as number] as Float64Array)[row] as number;
		sum -= Math.log(Math.min(1 - leastProbability, Math.max(leastProbability, given)));
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
