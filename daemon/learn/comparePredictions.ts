/** Holds the graph of a trained predictor against its estimator, before anyone relies on it. */
import { type Table, takeRows } from '../data/table.ts';
import type { Model } from '../onnx/model.ts';
import { mismatch } from './compareGraph.ts';
import { spreadRows } from './preparation/featureMatrix.ts';

const sampleRows = 10_000;
const relative = 1e-5;

/**
 * Runs the raw rows through the graph, which must give what the estimator says (`outputs` numbers a row: 1, or the
 * probabilities) within 1e-5 × max(1, |value|, standard deviation). Throws `model_mismatch` naming row and values.
 */
export async function comparePredictions(
	model: Model,
	table: Table,
	said: Float64Array,
	outputs: number,
): Promise<void> {
	const rows = spreadRows(table.rows, sampleRows);
	const { rejected, prediction, proba, forecast } = await model.infer(takeRows(table, rows));
	const [refused] = rejected;
	if (refused !== undefined) throw mismatch(rows[refused.row], `the graph rejects it: ${refused.reason}`);
	const given = (index: number, output: number): number =>
		Number(outputs === 1 ? prediction?.[index] : (proba ?? forecast)?.values[output]?.[index]);
	for (let output = 0; output < outputs; output++) {
		const values = Float64Array.from(rows, (row) => said[row * outputs + output] as number);
		const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
		const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
		for (const [index, value] of values.entries()) {
			const tolerance = relative * Math.max(1, Math.abs(value), std);
			const other = given(index, output);
			if (!(Math.abs(other - value) <= tolerance)) {
				throw mismatch(rows[index], `the estimator says ${value}, the graph ${other}`);
			}
		}
	}
}
