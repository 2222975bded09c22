/** Whether more rows would help. */
import type { Explanations } from '../../protocol/explanations.ts';
import { createRandom } from '../../stats/random.ts';
import type { ReadyPredictor } from '../estimators.ts';
import { measure } from '../metrics/measure.ts';
import { type FeatureMatrix, takeMatrixRows } from '../preparation/featureMatrix.ts';
import { type Parts, shuffled } from '../split.ts';
import type { Target } from '../target.ts';

/** Values learned from, at most: beyond it, learning again is no longer cheap. */
const mostValues = 250_000;
const fewestRows = 50;
const shares = [1 / 8, 1 / 4, 1 / 2];
const seed = 7;

/** What was measured of rows learned from and of rows held out. */
export interface Measures {
	readonly training: Record<string, number>;
	readonly heldOut: Record<string, number>;
}

/**
 * The metric of a model that learned from an eighth, a quarter, a half and all of the rows, each part within the next;
 * `all` is what is known of the last. Null where learning again would cost much, or there are too few rows.
 */
export async function learningCurve(
	matrix: FeatureMatrix,
	target: Target,
	{ train, test }: Parts,
	predictor: Pick<ReadyPredictor, 'fit'>,
	all: Measures,
): Promise<Explanations['learning_curve']> {
	const values = train.length * matrix.columns.length;
	if (values > mostValues || train.length * (shares[0] as number) < fewestRows) return null;
	const metric = target.task === 'regression' ? 'rmse' : 'log_loss';
	const order = shuffled(train, createRandom(seed, 'learning curve'));
	const points = [];
	for (const share of shares) {
		const rows = order.slice(0, Math.round(share * train.length)).sort();
		const fitted = await predictor.fit({ matrix, target, rows }, () => {});
		const figure = async (of: Uint32Array) =>
			measure(target, of, await fitted.predict(takeMatrixRows(matrix, of)))[metric] as number;
		points.push({ rows: rows.length, training: await figure(rows), held_out: await figure(test) });
	}
	const last = { training: all.training[metric] as number, held_out: all.heldOut[metric] as number };
	return { metric, points: [...points, { rows: train.length, ...last }] };
}
