/** How a model that predicts does on rows that it did not learn from. */
import { type Table, takeRows } from '../../data/table.ts';
import type { ReadyPredictor } from '../estimators.ts';
import { measure } from '../metrics/measure.ts';
import { takeMatrixRows } from '../preparation/featureMatrix.ts';
import { applyPreparation, fitPreparation } from '../preparation/preparation.ts';
import type { Parts } from '../split.ts';
import type { Target } from '../target.ts';
import type { TrainingSpec } from '../training.ts';
import type { PreparedFold } from './crossValidate.ts';

/** Prepares all rows as the rows learned from in this fold ask for it. */
export function prepareFold(
	table: Table,
	spec: TrainingSpec,
	predictor: Pick<ReadyPredictor, 'takesMissing' | 'takesCategories'>,
	parts: Parts,
): PreparedFold {
	const { preparation } = fitPreparation(takeRows(table, parts.train), spec, {
		keepMissing: predictor.takesMissing,
		shareRare: true,
		asCategories: predictor.takesCategories,
	});
	return { ...parts, matrix: applyPreparation(preparation, table) };
}

/** Learns from the one part of a fold and measures with the other. */
export async function scoreFold(
	{ matrix, train, test }: PreparedFold,
	target: Target,
	predictor: Pick<ReadyPredictor, 'fit'>,
	onStep: (message: string, share: number) => void,
): Promise<Record<string, number>> {
	const fitted = await predictor.fit({ matrix, target, rows: train }, onStep);
	return measure(target, test, await fitted.predict(takeMatrixRows(matrix, test)));
}
