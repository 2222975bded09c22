/** Measures of what was predicted, whatever the task. */
import { gatherNumbers } from '../../stats/gather.ts';
import type { Target } from '../target.ts';
import { classificationMetrics } from './classificationMetrics.ts';
import { regressionMetrics } from './regressionMetrics.ts';

/** `said` holds an answer for each of `rows` of the target, in their order: a number, or probabilities of the classes. Rows count as much as they weigh. */
export function measure(target: Target, rows: Uint32Array, said: Float64Array): Record<string, number> {
	const weights = target.weights && gatherNumbers(target.weights, rows);
	if (target.task === 'regression') return regressionMetrics(gatherNumbers(target.values, rows), said, weights);
	const codes = Uint16Array.from(rows, (row) => target.codes[row] as number);
	return classificationMetrics(codes, said, target.classes.length, weights);
}
