/** From series to a finished model that calls an anomaly what it could not have forecast. */
import { selectColumns, type Table } from '../../../data/table.ts';
import { descriptionKey, type ModelDescription } from '../../../onnx/description.ts';
import { createGraph } from '../../../onnx/graph.ts';
import type { Progress } from '../../../protocol/core.ts';
import { PerchError } from '../../../protocol/errors.ts';
import { quantile } from '../../../stats/quantile.ts';
import { sorted } from '../../../stats/sort.ts';
import { addAnomalyLabel } from '../../anomalyLabel.ts';
import { noBetter } from '../../baseline.ts';
import { compareGraph } from '../../compareGraph.ts';
import { explain, type Measured } from '../../explanations/explain.ts';
import { readLabels } from '../../labels.ts';
import { anomalyMetrics, type Labels } from '../../metrics/anomalyMetrics.ts';
import { prefixed } from '../../metrics/prefixed.ts';
import { finishModel, type TrainedModel } from '../../training.ts';
import { leastThreshold } from '../autoencoderEstimator.ts';
import { noBetterThanLast } from './lastValues.ts';
import { addDistances, addRow, addRows, addSequenceNet, addSeries } from './sequenceGraph.ts';
import { changeOf, type SequenceModel, sayChanges, trainSequence } from './sequenceModel.ts';
import { describeSequence, type SequenceSpec, sequenceMetrics, sequenceParams, seriesColumns } from './sequenceSpec.ts';
import { channelsOf, placesOf, type SeriesRows, scaleSeries, seriesRows } from './seriesRows.ts';
import { allWindows, type WindowParts, windowParts } from './windowParts.ts';
import { someWindows, windowTable } from './windowTable.ts';

/** A model with what is usual: the deviation of what comes from what was forecast, in units of what the net says. */
interface Residuals {
	readonly model: SequenceModel;
	/** One over the deviation of each channel, float32. */
	readonly factor: Float32Array;
	readonly threshold: number;
}

/**
 * The last row of a window is held against its forecast from the rows before it. The threshold comes from the last part of
 * each series, which is not learned from; with a target, windows that hold an anomaly are neither learned from nor there.
 */
export async function trainResiduals(
	table: Table,
	sequence: SequenceSpec,
	onProgress: (progress: Progress) => void,
): Promise<TrainedModel> {
	const { spec, window, columns, params } = sequence;
	const labels = spec.target ? readLabels(table, spec.target) : null;
	onProgress({ message: `Preparing ${columns.length} columns of ${table.rows} rows`, share: 0 });
	const series = seriesRows(table, columns, spec);
	const shape = { steps: window.size - 1, horizon: 1 };
	const isAnomaly = (place: number) => labels?.[series.rows[place] as number] === 1;
	const parts = cleanWindows(
		windowParts(series.series, shape, { test: 0, validation: params.validation_share }, window.step),
		window.size,
		isAnomaly,
	);
	const channels = channelsOf(
		series,
		placesOf(parts.learned).filter((place) => !isAnomaly(place)),
	);
	const outputs = columns.map((_, channel) => ({ channel, ahead: 1 }));
	const trained = trainSequence(series, channels, outputs, shape.steps, parts, params, (message, share) =>
		onProgress({ message, share: 0.1 + 0.7 * share }),
	);
	const residuals = usualErrors(trained.model, series, parts.validation, params.threshold_quantile);

	onProgress({ message: 'Comparing the graph with the estimator', share: 0.8 });
	const written = writeModel(sequence, residuals);
	const some = someWindows(parts.train, window.size * columns.length);
	const compared = {
		scores: errorsOf(residuals, series, some),
		threshold: residuals.threshold,
		scoreKind: 'error' as const,
	};
	const onnx = await finishModel(written.onnx, spec, (opened) =>
		compareGraph(opened, windowTable(series, some, window.size), compared),
	);

	onProgress({ message: 'Measuring', share: 0.95 });
	const { test } = spec;
	const testLabels =
		spec.target && test?.columns.some(({ name }) => name === spec.target) ? readLabels(test, spec.target) : null;
	return {
		onnx,
		description: written.description,
		params: sequenceParams(sequence),
		metrics: {
			threshold: residuals.threshold,
			...sequenceMetrics(trained),
			...measure(residuals, series, labels),
			...(test !== undefined && prefixed('test_', measure(residuals, seriesRows(test, columns, spec), testLabels))),
		},
		history: trained.history,
		warnings: noBetter(noBetterThanLast, 'validation loss', trained.validationLoss, trained.unchangedLoss),
		trainingInputs: selectColumns(table, seriesColumns(sequence)),
		holdout: null,
		explain: (onStep) =>
			explain(
				onnx,
				test === undefined
					? measuredWindows('training', series, labels, window.size)
					: measuredWindows('held_out', seriesRows(test, columns, spec), testLabels, window.size),
				onStep,
			),
	};
}

function measuredWindows(part: Measured['part'], series: SeriesRows, labels: Labels | null, size: number): Measured {
	const windows = someWindows(allWindows(series.series, { steps: size, horizon: 0 }), size * series.columns.length);
	return {
		part,
		inputs: windowTable(series, windows, size),
		truth: labels && { task: 'anomaly', labels: lastLabels(series, labels, windows, size) },
	};
}

/** The label of the row that each window ends with. */
function lastLabels({ rows }: SeriesRows, labels: Labels, windows: Uint32Array, size: number): Labels {
	return Int8Array.from(windows, (window) => labels[rows[window + size - 1] as number] as number);
}

function cleanWindows(parts: WindowParts, size: number, isAnomaly: (place: number) => boolean): WindowParts {
	const isClean = (window: number) => {
		for (let place = window; place < window + size; place++) if (isAnomaly(place)) return false;
		return true;
	};
	const clean = { ...parts, train: parts.train.filter(isClean), validation: parts.validation.filter(isClean) };
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

function usualErrors(model: SequenceModel, series: SeriesRows, validation: Uint32Array, share: number): Residuals {
	const width = model.channels.length;
	const raw = residualsOf(model, series, validation);
	const factor = Float32Array.from({ length: width }, (_, channel) => {
		let [squares, count] = [0, 0];
		for (let at = channel; at < raw.length; at += width) {
			const value = raw[at] as number;
			if (Number.isNaN(value)) continue;
			squares += value * value;
			count++;
		}
		return squares > 0 ? Math.min(1e6, Math.sqrt(count / squares)) : 1;
	});
	const unbounded = { model, factor, threshold: 0 };
	const threshold = Math.max(leastThreshold, quantile(sorted(errorsOf(unbounded, series, validation)), share));
	return { ...unbounded, threshold };
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

/** The mean over the channels of the squared residuals in deviations; a missing value counts as forecast. */
function errorsOf({ model, factor }: Residuals, series: SeriesRows, windows: Uint32Array): Float64Array {
	const residuals = residualsOf(model, series, windows);
	const width = factor.length;
	return Float64Array.from(windows, (_, row) => {
		let sum = 0;
		for (let channel = 0; channel < width; channel++) {
			const value = (residuals[row * width + channel] as number) * (factor[channel] as number);
			if (!Number.isNaN(value)) sum += value * value;
		}
		return sum / width;
	});
}

function measure(residuals: Residuals, series: SeriesRows, labels: Labels | null): Record<string, number> {
	const { steps } = residuals.model.net.shape;
	const windows = allWindows(series.series, { steps, horizon: 1 });
	const scores = errorsOf(residuals, series, windows);
	const marks = labels && lastLabels(series, labels, windows, steps + 1);
	return scores.length === 0 ? {} : anomalyMetrics(scores, marks, residuals.threshold, 'error');
}

function writeModel(
	sequence: SequenceSpec,
	{ model, factor, threshold }: Residuals,
): { onnx: Uint8Array; description: ModelDescription } {
	const { channels, net, spread } = model;
	const { steps } = net.shape;
	const width = channels.length;
	const graph = createGraph('lstm');
	const { scaled, missing } = addSeries(graph, channels, steps + 1);
	const changes = addSequenceNet(
		graph,
		addDistances(graph, addRows(graph, scaled, 0, steps), addRows(graph, missing, 0, steps), model),
		net,
	);
	const came = graph.node('Sub', [addRow(graph, scaled, steps), addRow(graph, scaled, steps - 1)]);
	const off = graph.node('Sub', [graph.node('Div', [came, graph.constant(spread, [width])]), changes]);
	const known = graph.node('Where', [
		addRow(graph, missing, steps),
		graph.constant(Float32Array.of(0), []),
		graph.node('Mul', [off, graph.constant(factor, [width])]),
	]);
	const squares = graph.node('Mul', [known, known]);
	const mean = graph.node('ReduceMean', [squares], { axes: { ints: [1] }, keepdims: { int: 0 } });
	const label = addAnomalyLabel(graph, mean, 'error', threshold, null);
	const description: ModelDescription = {
		...describeSequence(sequence, channels),
		task: 'anomaly',
		outputs: {
			label: graph.output('label', 'int64', ['N'], label),
			score: graph.output('score', 'float', ['N'], mean),
			errors: graph.output('errors', 'float', ['N', width], squares),
		},
		score: 'error',
		threshold,
	};
	return { onnx: graph.toBytes({ [descriptionKey]: JSON.stringify(description) }), description };
}
