/** How well classes are told: precision, recall and F1 by class, and their averages. */

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
	const called = confusion.map(() => 0);
	for (const line of confusion) for (const [code, count] of line.entries()) called[code] = (called[code] ?? 0) + count;
	return confusion.map((line, code) => {
		const hits = line[code] as number;
		const rows = line.reduce((sum, count) => sum + count, 0);
		const seen = rows + (called[code] as number);
		return {
			rows,
			precision: called[code] === 0 ? 0 : hits / (called[code] as number),
			recall: rows === 0 ? 0 : hits / rows,
			f1: seen === 0 ? 0 : (2 * hits) / seen,
			seen,
		};
	});
}

export type ClassFigure = 'precision' | 'recall' | 'f1';

/**
 * The mean over the classes that are true or predicted, each counting alike, as scikit-learn's `average='macro'` with
 * `zero_division=0`. Needs a row at least.
 *
 * Truth 0 1 2 0 1 2, predicted 0 2 1 0 0 1: precision (2/3 + 0 + 0)/3, recall 1/3, f1 (0.8)/3.
 */
export function macroAverage(scores: readonly ClassScore[], field: ClassFigure): number {
	const seen = scores.filter((one) => one.seen > 0);
	return seen.reduce((sum, one) => sum + one[field], 0) / seen.length;
}

/** The mean over the classes by their rows, as `average='weighted'`. */
export function weightedAverage(scores: readonly ClassScore[], field: ClassFigure): number {
	const rows = scores.reduce((sum, one) => sum + one.rows, 0);
	return scores.reduce((sum, one) => sum + one[field] * one.rows, 0) / rows;
}

/** The share of rows whose class is predicted. */
export function accuracyOf(confusion: readonly (readonly number[])[]): number {
	let [hits, rows] = [0, 0];
	for (const [code, line] of confusion.entries()) {
		hits += line[code] as number;
		rows += line.reduce((sum, count) => sum + count, 0);
	}
	return hits / rows;
}

/** What a row of this class, predicted with this probability, adds to the log loss: natural logarithm, 2.2e-16 from 0 and 1. */
export function lossOf(probability: number): number {
	return -Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, probability)));
}
