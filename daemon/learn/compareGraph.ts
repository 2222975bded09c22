/** Holds the graph of a trained model against its estimator, before anyone relies on it. */
import { type Table, takeRows } from '../data/table.ts';
import type { Model } from '../onnx/model.ts';
import { PerchError } from '../protocol/errors.ts';
import type { Fitted } from './estimator.ts';
import { isAnomaly } from './metrics/anomalyMetrics.ts';
import { spreadRows } from './preparation/featureMatrix.ts';

const sampleRows = 10_000;
const relative = 1e-5;

/**
 * Runs the raw rows through the graph, which must give the scores of the estimator within 1e-5 × max(1, |score|, standard
 * deviation of the scores), and its labels wherever the score is farther than that from the threshold.
 * Throws `model_mismatch` naming the row and both values.
 */
export async function compareGraph(
	model: Model,
	table: Table,
	expected: Pick<Fitted, 'scores' | 'scoreKind'> & { threshold: number | Float64Array },
): Promise<void> {
	const rows = spreadRows(table.rows, sampleRows);
	const scores = Float64Array.from(rows, (row) => expected.scores[row] as number);
	const predictions = await model.infer(takeRows(table, rows));
	const [rejected] = predictions.rejected;
	if (rejected !== undefined) throw mismatch(rows[rejected.row], `the graph rejects it: ${rejected.reason}`);
	const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
	const std = Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length);
	for (let index = 0; index < scores.length; index++) {
		const score = scores[index] as number;
		const given = predictions.score?.[index] ?? Number.NaN;
		const tolerance = relative * Math.max(1, Math.abs(score), std);
		if (!(Math.abs(given - score) <= tolerance)) {
			throw mismatch(rows[index], `the estimator scores ${score}, the graph ${given}`);
		}
		const threshold =
			typeof expected.threshold === 'number'
				? expected.threshold
				: (expected.threshold[rows[index] as number] as number);
		const label = isAnomaly(score, threshold, expected.scoreKind) ? -1 : 1;
		if (Math.abs(score - threshold) > tolerance && predictions.label?.[index] !== label) {
			throw mismatch(rows[index], `the estimator says ${label}, the graph ${predictions.label?.[index]}`);
		}
	}
}

/** The estimator and its graph say different things of a row, counted from 0. */
export function mismatch(row: number | undefined, what: string): PerchError {
	return new PerchError('model_mismatch', `Graph and estimator differ in row ${(row ?? 0) + 1}: ${what}.`, {
		hint: 'This is a fault of Perch and not of the data: please report it.',
	});
}
