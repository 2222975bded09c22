/** From series to a finished model that forecasts the rows to come. */
import { selectColumns, type Table } from '../../../data/table.ts';
import { descriptionKey, type ModelDescription } from '../../../onnx/description.ts';
import { createGraph } from '../../../onnx/graph.ts';
import type { Progress } from '../../../protocol/core.ts';
import { noBetter } from '../../baseline.ts';
import { comparePredictions } from '../../comparePredictions.ts';
import { explain, type Measured } from '../../explanations/explain.ts';
import { prefixed } from '../../metrics/prefixed.ts';
import { finishModel, type TrainedModel } from '../../training.ts';
import type { SeriesHoldout } from '../../validation/compareSeries.ts';
import { forecastNames, forecasts, lastForecasts, measureForecast, truthOf } from './forecasts.ts';
import { noBetterThanLast, noBetterThanSeason, seasonRows } from './lastValues.ts';
import { crossSequence, fitForecast, shapeOf } from './sequenceFolds.ts';
import { addDistances, addRow, addSequenceNet, addSeries } from './sequenceGraph.ts';
import type { Output, SequenceModel } from './sequenceModel.ts';
import { heldShare, sequenceRows, withoutLast } from './sequenceRows.ts';
import { describeSequence, type SequenceSpec, sequenceMetrics, sequenceParams, seriesColumns } from './sequenceSpec.ts';
import { type SeriesRows, seriesRows, valueAt } from './seriesRows.ts';
import { allWindows, requireWindows, windowParts } from './windowParts.ts';
import { someWindows, windowTable } from './windowTable.ts';

/** The share that is measured with unless `split` says. */
export const usualShare = 0.2;

/**
 * Learns to forecast the target, or without one all columns, `horizon` rows ahead. Measured on the last part of each series
 * (or `spec.test`), beside the last value (`baseline_…`) and that of a season ago (`seasonal_baseline_…`);
 * with `split.folds` also over rolling origins before it (`cv_…`).
 */
export async function trainForecast(
	table: Table,
	sequence: SequenceSpec,
	onProgress: (progress: Progress) => void,
): Promise<TrainedModel> {
	const { spec, window, columns, params } = sequence;
	const learner = { task: 'forecast', params } as const;
	onProgress({ message: `Preparing ${columns.length} columns of ${table.rows} rows`, share: 0 });
	const rows = sequenceRows(table, sequence, 'forecast');
	const { series } = rows;
	const shape = shapeOf(rows, learner);
	const share = heldShare(spec, usualShare);
	const parts = windowParts(series.series, shape, { test: share, validation: params.validation_share }, window.step);
	const crossed = await crossSequence(withoutLast(rows, share), learner, spec.split, (message, done) =>
		onProgress({ message, share: 0.1 + 0.4 * done }),
	);
	const begun = crossed === null ? 0.1 : 0.5;
	const trained = fitForecast(rows, params, parts, (message, done) =>
		onProgress({ message, share: begun + (0.8 - begun) * done }),
	);
	const { model } = trained;

	onProgress({ message: 'Comparing the graph with the estimator', share: 0.8 });
	const written = writeModel(sequence, model);
	const some = someWindows(parts.train, window.size * columns.length);
	const onnx = await finishModel(written.onnx, spec, (opened) =>
		comparePredictions(
			opened,
			windowTable(series, some, window.size),
			forecasts(model, series, some),
			model.outputs.length,
		),
	);

	onProgress({ message: 'Measuring', share: 0.95 });
	const measured = spec.test === undefined ? series : seriesRows(spec.test, columns, spec);
	const held = spec.test === undefined ? parts.test : allWindows(measured.series, shape);
	requireWindows(held, measured.series, shape);
	const season = seasonRows(params.season, table, spec.time, series);
	const metrics = measureForecast(measured, held, model, forecasts(model, measured, held));
	const baseline = measureForecast(measured, held, model, lastForecasts(measured, held, model, 0));
	const seasonal =
		season === 0 ? null : measureForecast(measured, held, model, lastForecasts(measured, held, model, season));
	return {
		onnx,
		description: written.description,
		params: {
			...sequenceParams(sequence),
			...(season > 0 && { 'season.rows': String(season) }),
			'split.train_rows': String(parts.train.length),
			'split.test_rows': String(held.length),
		},
		metrics: {
			...metrics,
			...prefixed('training_', measureForecast(series, parts.train, model, forecasts(model, series, parts.train))),
			...prefixed('baseline_', baseline),
			...(seasonal !== null && prefixed('seasonal_baseline_', seasonal)),
			...sequenceMetrics(trained),
			...crossed?.metrics,
		},
		history: { ...trained.history, ...crossed?.history },
		warnings: [
			...noBetter(noBetterThanLast, 'rmse', metrics['rmse'], baseline['rmse']),
			...(seasonal === null ? [] : noBetter(noBetterThanSeason, 'rmse', metrics['rmse'], seasonal['rmse'])),
		],
		trainingInputs: selectColumns(table, seriesColumns(sequence)),
		holdout: null,
		heldSeries: { table: spec.test ?? table, ...heldForecast(measured, held, model) },
		explain: (onStep) => explain(onnx, measuredWindows(measured, held, model), onStep),
	};
}

/** What came after the rows that are measured with, by row. */
function heldForecast(
	series: SeriesRows,
	windows: Uint32Array,
	model: SequenceModel,
): Pick<SeriesHoldout, 'rows' | 'truth'> {
	const rows = windows.map((window) => series.rows[window + model.net.shape.steps - 1] as number);
	const values = truthOf(series, windows, model).map((came) => {
		const byRow = new Float64Array(series.rows.length).fill(Number.NaN);
		rows.forEach((row, at) => {
			byRow[row] = came[at] as number;
		});
		return byRow;
	});
	return { rows, truth: { task: 'forecast', names: forecastNames(model), values } };
}

/** Windows whose forecast can be held against what came; what that was is told where one number is forecast. */
function measuredWindows(
	series: SeriesRows,
	windows: Uint32Array,
	{ net, outputs, channels }: SequenceModel,
): Measured {
	const { steps } = net.shape;
	const [only] = outputs.length === 1 ? outputs : [];
	const truthOf = (window: number, { channel, ahead }: Output) => valueAt(series, channel, window + steps - 1 + ahead);
	const known = only === undefined ? windows : windows.filter((window) => !Number.isNaN(truthOf(window, only)));
	const some = someWindows(known, steps * channels.length);
	return {
		part: 'held_out',
		inputs: windowTable(series, some, steps),
		truth:
			only === undefined ? null : { task: 'regression', values: Float64Array.from(some, (at) => truthOf(at, only)) },
	};
}

/** value = (last scaled value + change · spread) · deviation + mean, as `forecasts` has it. */
function writeModel(sequence: SequenceSpec, model: SequenceModel): { onnx: Uint8Array; description: ModelDescription } {
	const { channels, outputs, net, spread } = model;
	const graph = createGraph('lstm');
	const { scaled, missing } = addSeries(graph, channels, sequence.window.size);
	const changes = addSequenceNet(graph, addDistances(graph, scaled, missing, model), net);
	const each = (of: (output: Output) => number) => graph.constant(Float32Array.from(outputs, of), [outputs.length]);
	const places = BigInt64Array.from(outputs, ({ channel }) => BigInt(channel));
	const last = graph.node(
		'Gather',
		[addRow(graph, scaled, net.shape.steps - 1), graph.constant(places, [outputs.length])],
		{
			axis: { int: 1 },
		},
	);
	const moved = graph.node('Add', [last, graph.node('Mul', [changes, graph.constant(spread, [outputs.length])])]);
	const wide = graph.node('Mul', [moved, each(({ channel }) => channels[channel]?.deviation ?? 1)]);
	const base = (of: 'mean' | 'center') => Float64Array.from(outputs, ({ channel }) => channels[channel]?.[of] ?? 0);
	const means = graph.node('Add', [wide, graph.constant(Float32Array.from(base('mean')), [outputs.length])]);
	const centers = base('center');
	const values = centers.every((center) => center === 0)
		? means
		: graph.node(
				'Cast',
				[
					graph.node('Add', [
						graph.node('Cast', [means], { to: { int: 11 } }),
						graph.constant(centers, [outputs.length]),
					]),
				],
				{ to: { int: 1 } },
			);
	const names = forecastNames(model);
	const flat = outputs.length > 1 ? values : graph.node('Squeeze', [values, graph.constant(BigInt64Array.of(1n), [1])]);
	const description: ModelDescription = {
		...describeSequence(sequence, channels),
		task: 'forecast',
		outputs: {
			prediction: graph.output('prediction', 'float', outputs.length > 1 ? ['N', outputs.length] : ['N'], flat),
		},
		score: null,
		forecast: names,
		threshold: null,
	};
	return { onnx: graph.toBytes({ [descriptionKey]: JSON.stringify(description) }), description };
}
