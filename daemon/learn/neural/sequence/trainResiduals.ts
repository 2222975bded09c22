/** From series to a finished model that calls an anomaly what it could not have forecast. */
import { selectColumns, type Table } from '../../../data/table.ts';
import { descriptionKey, type ModelDescription } from '../../../onnx/description.ts';
import { createGraph } from '../../../onnx/graph.ts';
import type { Progress } from '../../../protocol/core.ts';
import { addAnomalyLabel, addKeys } from '../../anomalyLabel.ts';
import { noBetter } from '../../baseline.ts';
import { compareGraph } from '../../compareGraph.ts';
import { explain } from '../../explanations/explain.ts';
import { prefixed } from '../../metrics/prefixed.ts';
import { thresholdParams, thresholdsOf } from '../../threshold/rowThresholds.ts';
import { finishModel, type TrainedModel } from '../../training.ts';
import { noBetterThanLast } from './lastValues.ts';
import { fitResiduals, measureWindows, type Residuals, scoresOf } from './residuals.ts';
import { crossSequence, shapeOf } from './sequenceFolds.ts';
import { addDistances, addRow, addRows, addSequenceNet, addSeries } from './sequenceGraph.ts';
import {
	aroundWindows,
	heldShare,
	lastLabels,
	lastRows,
	type SequenceRows,
	sequenceRows,
	withKey,
	withoutLast,
} from './sequenceRows.ts';
import { describeSequence, type SequenceSpec, sequenceMetrics, sequenceParams, seriesColumns } from './sequenceSpec.ts';
import { allWindows, type WindowShape, windowParts } from './windowParts.ts';
import { someWindows, windowTable } from './windowTable.ts';

/**
 * The last row of a window is held against its forecast from the rows before it. The threshold comes from the last part of
 * each series, which is not learned from; with a target, windows that hold an anomaly are neither learned from nor there.
 * With `split` the end of each series is kept to measure with, and with `split.folds` rolling origins before it are too.
 */
export async function trainResiduals(
	table: Table,
	sequence: SequenceSpec,
	onProgress: (progress: Progress) => void,
): Promise<TrainedModel> {
	const { spec, window, columns, params } = sequence;
	const learner = { task: 'anomaly', params } as const;
	onProgress({ message: `Preparing ${columns.length} columns of ${table.rows} rows`, share: 0 });
	const all = sequenceRows(table, sequence, 'anomaly');
	const share = heldShare(spec, 0);
	const rows = withoutLast(all, share);
	const shape = shapeOf(all, learner);
	const asked = { test: share, validation: params.validation_share };
	const crossed = await crossSequence(rows, learner, spec.split, (message, done) =>
		onProgress({ message, share: 0.1 + 0.4 * done }),
	);
	const begun = crossed === null ? 0.1 : 0.5;
	const { trained, residuals, parts } = fitResiduals(
		rows,
		params,
		windowParts(all.series.series, shape, asked, window.step),
		(message, done) => onProgress({ message, share: begun + (0.8 - begun) * done }),
	);

	onProgress({ message: 'Comparing the graph with the estimator', share: 0.8 });
	const written = writeModel(sequence, residuals);
	const key = residuals.chosen.keys === null ? null : (spec.key ?? null);
	const tableOf = (of: SequenceRows, windows: Uint32Array) =>
		withKey(windowTable(of.series, windows, window.size), of, windows, key);
	const some = someWindows(parts.train, window.size * columns.length);
	const compared = {
		scores: scoresOf(residuals, rows.series, some),
		threshold: thresholdsOf(aroundWindows(rows, some), spec, residuals.chosen),
		scoreKind: 'error' as const,
	};
	const onnx = await finishModel(written.onnx, spec, (opened) => compareGraph(opened, tableOf(rows, some), compared));

	onProgress({ message: 'Measuring', share: 0.95 });
	const learned = { rows, windows: allWindows(rows.series.series, shape) };
	const held = heldWindows(sequence, all, parts.test, shape);
	const looked = held ?? learned;
	return {
		onnx,
		description: written.description,
		params: { ...sequenceParams(sequence), ...thresholdParams(spec, residuals.chosen) },
		metrics: {
			threshold: residuals.chosen.threshold,
			...sequenceMetrics(trained),
			...measureWindows(residuals, learned.rows, learned.windows),
			...(held !== null && prefixed('test_', measureWindows(residuals, held.rows, held.windows))),
			...crossed?.metrics,
		},
		history: { ...trained.history, ...crossed?.history },
		warnings: noBetter(noBetterThanLast, 'validation loss', trained.validationLoss, trained.unchangedLoss),
		trainingInputs: selectColumns(table, seriesColumns(sequence)),
		holdout: null,
		...(held !== null &&
			held.rows.labels !== null && {
				heldSeries: {
					table: spec.test ?? table,
					rows: lastRows(held.rows, held.windows),
					truth: { task: 'anomaly', labels: held.rows.labels },
				},
			}),
		explain: (onStep) => {
			const windows = someWindows(looked.windows, window.size * columns.length);
			const labels = lastLabels(looked.rows, windows);
			const part = held === null ? 'training' : 'held_out';
			const truth = labels && ({ task: 'anomaly', labels } as const);
			return explain(onnx, { part, inputs: tableOf(looked.rows, windows), truth }, onStep);
		},
	};
}

/** The windows to test on: those of rows of their own, or those that `split` keeps; null where there are none. */
function heldWindows(
	sequence: SequenceSpec,
	all: SequenceRows,
	test: Uint32Array,
	shape: WindowShape,
): { rows: SequenceRows; windows: Uint32Array } | null {
	if (sequence.spec.test === undefined) return test.length === 0 ? null : { rows: all, windows: test };
	const rows = sequenceRows(sequence.spec.test, sequence, 'anomaly');
	return { rows, windows: allWindows(rows.series.series, shape) };
}

function writeModel(
	sequence: SequenceSpec,
	{ model, factor, chosen }: Residuals,
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
	const keyed = addKeys(graph, sequence.spec.key, chosen);
	const label = addAnomalyLabel(graph, mean, 'error', chosen.threshold, keyed);
	const described = describeSequence(sequence, channels);
	const persistence = sequence.spec.model.threshold?.persistence;
	const description: ModelDescription = {
		...described,
		inputs: [...described.inputs, ...keyed.inputs],
		task: 'anomaly',
		outputs: {
			label: graph.output('label', 'int64', ['N'], label),
			score: graph.output('score', 'float', ['N'], mean),
			errors: graph.output('errors', 'float', ['N', width], squares),
		},
		score: 'error',
		threshold: chosen.threshold,
		...(persistence && { persistence }),
	};
	return { onnx: graph.toBytes({ [descriptionKey]: JSON.stringify(description) }), description };
}
