/** How far the last row of a window lies from its forecast, what of that is usual, and from where on a row is an anomaly. */
import { PerchError } from '../../../protocol/errors.ts';
import type { LstmParams } from '../../../protocol/project/neural.ts';
import { quantile } from '../../../stats/quantile.ts';
import { sorted } from '../../../stats/sort.ts';
import type { OnStep } from '../../estimator.ts';
import type { ChosenThreshold } from '../../threshold/chooseThreshold.ts';
import { measureRows, thresholdOf, thresholdsOf } from '../../threshold/rowThresholds.ts';
import { leastThreshold } from '../autoencoderEstimator.ts';
import { changeOf, type SequenceModel, sayChanges, type TrainedSequence, trainSequence } from './sequenceModel.ts';
import { aroundWindows, lastLabels, markedWindows, type SequenceRows } from './sequenceRows.ts';
import { channelsOf, placesOf, type SeriesRows, scaleSeries } from './seriesRows.ts';
import { allWindows, type WindowParts } from './windowParts.ts';

/** A model with what is usual: the deviation of what comes from what was forecast, in units of what the net says. */
export interface Residuals {
	readonly model: SequenceModel;
	/** One over the deviation of each channel, float32. */
	readonly factor: Float32Array;
	readonly chosen: ChosenThreshold;
}

/**
 * Learns from the windows of `parts` without an anomaly. What is usual, and the threshold, come from those that validate;
 * a clean period of `model.threshold` is looked for among all windows of the series.
 * Throws `empty_data` where no window without an anomaly is left.
 */
export function fitResiduals(
	rows: SequenceRows,
	params: LstmParams,
	parts: WindowParts,
	onStep: OnStep,
): { trained: TrainedSequence; residuals: Residuals; parts: WindowParts } {
	const { series, labels, columns, window, spec } = rows;
	const clean = cleanWindows(rows, parts);
	const isAnomaly = (place: number) => labels?.[series.rows[place] as number] === 1;
	const channels = channelsOf(
		series,
		placesOf(parts.learned).filter((place) => !isAnomaly(place)),
	);
	const outputs = columns.map((_, channel) => ({ channel, ahead: 1 }));
	const trained = trainSequence(series, channels, outputs, window.size - 1, clean, params, onStep);
	const raw = residualsOf(trained.model, series, clean.validation);
	const factor = usualFactors(raw, columns.length);
	const usual = squaredMeans(raw, factor);
	const own = Math.max(leastThreshold, quantile(sorted(usual), params.threshold_quantile));
	const isPeriod = spec.model.threshold?.clean !== undefined;
	const windows = isPeriod ? allWindows(series.series, { steps: window.size, horizon: 0 }) : clean.validation;
	const scores = isPeriod ? scoresOf({ model: trained.model, factor }, series, windows) : usual;
	const fitted = { threshold: own, scores, scoreKind: 'error' } as const;
	const chosen = thresholdOf(aroundWindows(rows, windows), spec, fitted, markedWindows(rows, windows));
	return { trained, residuals: { model: trained.model, factor, chosen }, parts: clean };
}

function cleanWindows(rows: SequenceRows, parts: WindowParts): WindowParts {
	const clean = { ...parts, train: unmarked(rows, parts.train), validation: unmarked(rows, parts.validation) };
	if (clean.train.length > 0 && clean.validation.length > 0) return clean;
	throw new PerchError(
		'empty_data',
		`No window is free of anomalies in the part ${clean.train.length === 0 ? 'to learn from' : 'that says what is usual'}.`,
		{
			field: 'data.target',
			hint: 'A net learns what is normal: give rows that are, or check which value of the target marks anomalies.',
		},
	);
}

/** The windows that hold no anomaly. */
function unmarked(rows: SequenceRows, windows: Uint32Array): Uint32Array {
	const marked = markedWindows(rows, windows);
	return marked === null ? windows : windows.filter((_, at) => marked[at] === 0);
}

function usualFactors(raw: Float64Array, width: number): Float32Array {
	return Float32Array.from({ length: width }, (_, channel) => {
		let [squares, count] = [0, 0];
		for (let at = channel; at < raw.length; at += width) {
			const value = raw[at] as number;
			if (Number.isNaN(value)) continue;
			squares += value * value;
			count++;
		}
		return squares > 0 ? Math.min(1e6, Math.sqrt(count / squares)) : 1;
	});
}

/** How far the last row of each window lies from its forecast, in the units of the net, `[window][channel]`; NaN where it is missing. */
function residualsOf(model: SequenceModel, series: SeriesRows, windows: Uint32Array): Float64Array {
	const { channels, outputs, net, spread } = model;
	const scaled = scaleSeries(series, channels);
	const residuals = sayChanges(model, scaled, windows);
	windows.forEach((window, row) => {
		for (const [output, what] of outputs.entries()) {
			const change = changeOf(scaled, channels.length, what, window + net.shape.steps - 1);
			const at = row * outputs.length + output;
			residuals[at] = change / (spread[output] as number) - (residuals[at] as number);
		}
	});
	return residuals;
}

/** The score of each window: the mean over the channels of the squared residuals in deviations. */
export function scoresOf(
	{ model, factor }: Pick<Residuals, 'model' | 'factor'>,
	series: SeriesRows,
	windows: Uint32Array,
): Float64Array {
	return squaredMeans(residualsOf(model, series, windows), factor);
}

/** A missing value counts as forecast. */
function squaredMeans(residuals: Float64Array, factor: Float32Array): Float64Array {
	const width = factor.length;
	return Float64Array.from({ length: residuals.length / width }, (_, row) => {
		let sum = 0;
		for (let channel = 0; channel < width; channel++) {
			const value = (residuals[row * width + channel] as number) * (factor[channel] as number);
			if (!Number.isNaN(value)) sum += value * value;
		}
		return sum / width;
	});
}

/** What the scores of windows say, as of other models of anomalies; nothing where there are none. */
export function measureWindows(
	{ model, factor, chosen }: Residuals,
	rows: SequenceRows,
	windows: Uint32Array,
): Record<string, number> {
	if (windows.length === 0) return {};
	const around = aroundWindows(rows, windows);
	const scores = scoresOf({ model, factor }, rows.series, windows);
	return measureRows(
		around,
		rows.spec,
		rows.spec.model,
		lastLabels(rows, windows),
		'error',
		scores,
		thresholdsOf(around, rows.spec, chosen),
	);
}

/** The mean of the squared residuals of windows without an anomaly, in units that depend on the rows alone. */
export function lossOfWindows({ model }: Residuals, rows: SequenceRows, windows: Uint32Array): number {
	const squares = residualsOf(model, rows.series, unmarked(rows, windows))
		.map((value) => value * value)
		.filter((value) => !Number.isNaN(value));
	return squares.reduce((sum, value) => sum + value, 0) / squares.length;
}
