/** How well an estimator does on rows that it did not learn from, over several parts of the same rows. */
import type { History, OnStep } from '../estimator.ts';
import type { FeatureMatrix } from '../preparation/featureMatrix.ts';
import type { Parts } from '../split.ts';

/** A fold, ready to be learned from: its preparation was learned from its own rows alone. */
export interface PreparedFold extends Parts {
	readonly matrix: FeatureMatrix;
}

export interface CrossValidation {
	/** `cv_…`, the mean over the folds, and `cv_…_std`, their standard deviation (n − 1). */
	metrics: Record<string, number>;
	/** `fold_…`, fold by fold from 1. */
	history: History;
}

/** Measures fold by fold, one after the other, so that one prepared matrix is held at a time. */
export async function crossValidate<F>(
	folds: readonly F[],
	score: (fold: F, onStep: OnStep) => Record<string, number> | Promise<Record<string, number>>,
	onStep: (message: string, share: number) => void,
): Promise<CrossValidation> {
	const measured: Record<string, number>[] = [];
	for (const [index, fold] of folds.entries()) {
		const title = `Fold ${index + 1} of ${folds.length}`;
		onStep(title, index / folds.length);
		measured.push(
			await score(fold, (message, share) => onStep(`${title}: ${message}`, (index + share) / folds.length)),
		);
	}
	return summarizeFolds(measured);
}

/** Mean, spread and course of metrics over folds; a metric that some fold lacks is left out. */
export function summarizeFolds(measured: readonly Record<string, number>[]): CrossValidation {
	const names = Object.keys(measured[0] ?? {}).filter((name) => measured.every((one) => name in one));
	const metrics: Record<string, number> = {};
	const history: History = {};
	for (const name of names) {
		const values = measured.map((one) => one[name] as number);
		const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
		const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
		metrics[`cv_${name}`] = mean;
		metrics[`cv_${name}_std`] = Math.sqrt(squares / (values.length - 1));
		history[`fold_${name}`] = values.map((value, index) => ({ step: index + 1, value }));
	}
	return { metrics, history };
}
