/** How a net on series does on stretches that lie behind all that it learned from. */
import type { LstmParams } from '../../../protocol/project/neural.ts';
import type { SplitSection } from '../../../protocol/project/split.ts';
import type { OnStep } from '../../estimator.ts';
import { type CrossValidation, crossValidate } from '../../validation/crossValidate.ts';
import { forecasts, measureForecast } from './forecasts.ts';
import { fitResiduals, lossOfWindows, measureWindows } from './residuals.ts';
import { type Output, type TrainedSequence, trainSequence } from './sequenceModel.ts';
import type { SequenceRows } from './sequenceRows.ts';
import { channelsOf, placesOf } from './seriesRows.ts';
import { foldWindows, type WindowParts, type WindowShape } from './windowParts.ts';

/** A net whose params were checked. */
export interface SequenceLearner {
	readonly task: 'forecast' | 'anomaly';
	readonly params: LstmParams;
}

/** The rows of a window that the net sees, and those that it forecasts. */
export function shapeOf({ window }: Pick<SequenceRows, 'window'>, { task, params }: SequenceLearner): WindowShape {
	return task === 'anomaly' ? { steps: window.size - 1, horizon: 1 } : { steps: window.size, horizon: params.horizon };
}

/** The parts of a rolling origin, by `data.time` within each series. */
export function foldOf(rows: SequenceRows, learner: SequenceLearner, fold: number, of: number): WindowParts {
	const { validation_share: validation } = learner.params;
	return foldWindows(rows.series.series, shapeOf(rows, learner), { fold, of }, validation, rows.window.step);
}

/** Over the rolling origins that `split` asks for; null where it asks for none. */
export async function crossSequence(
	rows: SequenceRows,
	learner: SequenceLearner,
	split: SplitSection | undefined,
	onStep: OnStep,
): Promise<CrossValidation | null> {
	const of = split?.folds;
	if (of === undefined) return null;
	const folds = Array.from({ length: of }, (_, fold) => foldOf(rows, learner, fold, of));
	return crossValidate(folds, (parts, report) => scoreSequenceFold(rows, learner, parts, report), onStep);
}

/**
 * Learns from the parts of a fold and measures with its test: as a training measures what it keeps, and for anomalies the
 * loss of the forecast behind them as `validation_loss`, without rows that are labelled.
 */
export function scoreSequenceFold(
	rows: SequenceRows,
	{ task, params }: SequenceLearner,
	parts: WindowParts,
	onStep: OnStep,
): Record<string, number> {
	if (task === 'forecast') {
		const { model } = fitForecast(rows, params, parts, onStep);
		return measureForecast(rows.series, parts.test, model, forecasts(model, rows.series, parts.test));
	}
	const { residuals } = fitResiduals(rows, params, parts, onStep);
	return {
		...measureWindows(residuals, rows, parts.test),
		validation_loss: lossOfWindows(residuals, rows, parts.test),
	};
}

/** Learns to forecast the target, or without one all columns. */
export function fitForecast(
	{ series, spec, columns, window }: SequenceRows,
	params: LstmParams,
	parts: WindowParts,
	onStep: OnStep,
): TrainedSequence {
	const { target } = spec;
	const forecast = target ? [columns.indexOf(target)] : [...columns.keys()];
	const outputs = forecast.flatMap((channel) =>
		Array.from({ length: params.horizon }, (_, index): Output => ({ channel, ahead: index + 1 })),
	);
	const channels = channelsOf(series, placesOf(parts.learned));
	return trainSequence(series, channels, outputs, window.size, parts, params, onStep);
}
