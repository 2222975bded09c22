/** How a model of anomalies does on rows that it did not learn from. */
import { type Table, takeRows } from '../../data/table.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { SplitSection } from '../../protocol/project/split.ts';
import type { OnStep, ReadyEstimator } from '../estimator.ts';
import { labelsOf } from '../labels.ts';
import { holdsBoth, type Labels } from '../metrics/anomalyMetrics.ts';
import { takeMatrixRows } from '../preparation/featureMatrix.ts';
import { applyPreparation, fitPreparation } from '../preparation/preparation.ts';
import { type Parts, splitRows } from '../split.ts';
import type { Target } from '../target.ts';
import { measureRows, thresholdOf, thresholdsOf } from '../threshold/rowThresholds.ts';
import type { TrainingSpec } from '../training.ts';
import type { PreparedFold } from './crossValidate.ts';
import { foldRows } from './folds.ts';

/** The labels as picked rows have them. */
export function pickLabels(labels: Labels | null, rows: Uint32Array): Labels | null {
	return labels && Int8Array.from(rows, (row) => labels[row] as number);
}

/**
 * The rows to learn from, and in the spec those to test on: without any of their own (`spec.test`) those that `split`
 * asks for, by time where perch.yaml names it, else so that both parts have the same share of anomalies.
 */
export function partDetector(table: Table, spec: TrainingSpec): { table: Table; spec: TrainingSpec } {
	const { split, test } = spec;
	if (split === undefined || test !== undefined) return { table, spec };
	const parts = splitRows(table, everyRow(table, spec), split, spec);
	return { table: takeRows(table, parts.train), spec: { ...spec, test: takeRows(table, parts.test) } };
}

/** Parts of the rows for cross-validation, by what `split` says, else as `partDetector` has it. */
export function detectorFolds(
	table: Table,
	spec: TrainingSpec,
	{ folds, seed }: { folds: number; seed: number },
): { folds: Parts[]; by: SplitSection['by'] } {
	const target = everyRow(table, spec);
	const by = spec.split?.by ?? (spec.time ? 'time' : target.task === 'classification' ? 'stratified' : 'random');
	return { folds: foldRows(table, target, target.rows, { folds, by, seed }, spec), by };
}

/** All rows as a target to part by: what is labelled so, what is not, and what nobody knows. */
function everyRow(table: Table, { target, split }: TrainingSpec): Target {
	const rows = Uint32Array.from({ length: table.rows }, (_, row) => row);
	const labels = labelsOf(table, target);
	if (labels !== null) {
		const codes = Uint16Array.from(labels, (label) => label + 1);
		return { task: 'classification', codes, classes: ['unknown', 'normal', 'anomaly'], rows };
	}
	if (split?.by === 'stratified') {
		throw new PerchError('invalid_config', 'split.by: stratified needs data.target, which says what is an anomaly.', {
			field: 'split.by',
			hint: 'Name the column of labels in data.target, or use random, time or group.',
		});
	}
	return { task: 'regression', values: new Float64Array(0), rows };
}

/** Prepares all rows as the rows learned from in this fold ask for it. */
export function prepareDetectorFold(table: Table, spec: TrainingSpec, parts: Parts): PreparedFold {
	const { preparation } = fitPreparation(takeRows(table, parts.train), preparationSpec(table, spec));
	return { ...parts, matrix: applyPreparation(preparation, table) };
}

/** Windows have the key and the label of their series; what else perch.yaml names was left behind when they were cut. */
export function preparationSpec(table: Table, spec: TrainingSpec): TrainingSpec {
	if (!spec.window) return spec;
	return { ...spec, time: table.columns.some(({ name }) => name === spec.time) ? spec.time : null, exclude: [] };
}

/** What is known of the rows of folds, beside their features. */
export interface DetectorRows {
	readonly labels: Labels | null;
	/** Time and key of the rows, where there are such. */
	readonly around: Table;
	readonly spec: Pick<TrainingSpec, 'time' | 'key' | 'model'>;
	/** Whether rows of a series follow one another in each part, so that periods can be measured. */
	readonly inOrder: boolean;
}

export function detectorRows(table: Table, spec: TrainingSpec, by: SplitSection['by']): DetectorRows {
	const { time, key, model } = spec;
	return {
		labels: labelsOf(table, spec.target),
		around: { rows: table.rows, columns: table.columns.filter(({ name }) => name === time || name === key) },
		spec: { time, key, model },
		inOrder: by === 'time',
	};
}

/**
 * Learns from the one part of a fold and measures with the other: as a training measures its test rows, and for what
 * gives rows back the mean of their errors over rows that are not labelled as anomalies, as `validation_loss`.
 */
export async function scoreDetectorFold(
	{ matrix, train, test }: PreparedFold,
	{ labels, around, spec, inOrder }: DetectorRows,
	detector: Pick<ReadyEstimator, 'fit'>,
	onStep: OnStep,
): Promise<Record<string, number>> {
	const known = pickLabels(labels, train);
	const fitted = await detector.fit(takeMatrixRows(matrix, train), onStep, known);
	const chosen = thresholdOf(takeRows(around, train), spec, fitted, known);
	const held = takeRows(around, test);
	const truth = pickLabels(labels, test);
	const scores = await fitted.score(takeMatrixRows(matrix, test));
	const columns = { key: spec.key, time: inOrder ? spec.time : null };
	return {
		...measureRows(
			held,
			columns,
			inOrder ? spec.model : {},
			truth,
			fitted.scoreKind,
			scores,
			thresholdsOf(held, spec, chosen),
		),
		...(fitted.scoreKind === 'error' && { validation_loss: meanOfNormal(scores, truth) }),
	};
}

/** The mean over the rows that are not labelled as anomalies. */
export function meanOfNormal(scores: Float64Array, labels: Labels | null): number {
	let [sum, count] = [0, 0];
	for (const [row, score] of scores.entries()) {
		if (labels?.[row] === 1) continue;
		sum += score;
		count++;
	}
	return sum / count;
}

/** Throws `empty_data` where a fold lacks anomalies or normal rows, so that a metric of labels cannot be had. */
export function requireBoth(labels: readonly (Labels | null)[], metric: string): void {
	const lacking = labels.findIndex((of) => of === null || !holdsBoth(of));
	if (lacking < 0) return;
	throw new PerchError(
		'empty_data',
		`model.tune.metric: fold ${lacking + 1} of ${labels.length} does not hold both anomalies and normal rows, which ${metric} needs.`,
		{
			field: 'model.tune.folds',
			hint: 'Ask for fewer folds, or part by split: {by: stratified} where the order of time does not matter.',
		},
	);
}
