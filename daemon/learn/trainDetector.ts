/** From a table to a finished model of anomalies: preparation, estimator, graph, comparison, measures. */
import { columnOf, selectColumns, type Table } from '../data/table.ts';
import { windowFeatureNames } from '../data/window.ts';
import { descriptionKey, type ModelDescription } from '../onnx/description.ts';
import { createGraph } from '../onnx/graph.ts';
import type { Progress } from '../protocol/core.ts';
import { sorted } from '../stats/sort.ts';
import { addAnomalyLabel, graphThreshold } from './anomalyLabel.ts';
import { compareGraph } from './compareGraph.ts';
import type { Fitted, History } from './estimator.ts';
import type { ReadyEstimator } from './estimators.ts';
import { explain, type Measured } from './explanations/explain.ts';
import { readLabels } from './labels.ts';
import { anomalyMetrics, callsOf, holdsBoth, type Labels } from './metrics/anomalyMetrics.ts';
import { eventMetrics } from './metrics/eventMetrics.ts';
import { prefixed } from './metrics/prefixed.ts';
import { applyPreparation, featureNames, fitPreparation, type Preparation } from './preparation/preparation.ts';
import { addPreparation, graphInputs } from './preparation/preparationGraph.ts';
import { type ChosenThreshold, chooseThreshold } from './threshold/chooseThreshold.ts';
import { keyTexts, seriesOf } from './threshold/series.ts';
import { finishModel, paramsOf, parseOf, prepareTest, type TrainedModel, type TrainingSpec } from './training.ts';

/** Trains on all rows; the target, where there is one, measures and is never trained on. */
export async function trainDetector(
	table: Table,
	spec: TrainingSpec,
	estimator: ReadyEstimator,
	onProgress: (progress: Progress) => void,
): Promise<TrainedModel> {
	const labels = spec.target ? readLabels(table, spec.target) : null;
	onProgress({ message: `Preparing ${table.columns.length} columns of ${table.rows} rows`, share: 0 });
	// Windows have the key and the label of their series; what else perch.yaml names was left behind when they were cut.
	const time = table.columns.some(({ name }) => name === spec.time) ? spec.time : null;
	const { preparation, warnings } = fitPreparation(table, spec.window ? { ...spec, time, exclude: [] } : spec);
	if (spec.test !== undefined) prepareTest(spec.test, preparation);
	const fitted = estimator.fit(
		applyPreparation(preparation, table),
		(message, share, figures) => onProgress({ message, share: 0.1 + 0.7 * share, ...(figures && { figures }) }),
		labels,
	);
	const chosen = thresholdOf(table, spec, fitted, labels);
	const thresholds = thresholdsOf(table, spec, chosen);
	onProgress({ message: 'Comparing the graph with the estimator', share: 0.8 });
	const written = writeModel(spec, preparation, fitted, chosen);
	const inputs = written.description.inputs.map(({ name }) => name);
	const trainingInputs = selectColumns(table, inputs);
	const onnx = await finishModel(written.onnx, spec, (model) =>
		compareGraph(model, trainingInputs, { ...fitted, threshold: thresholds }),
	);
	onProgress({ message: 'Measuring', share: 0.95 });
	return {
		onnx,
		description: written.description,
		params: { ...paramsOf(spec, preparation, fitted.params, warnings.length), ...thresholdParams(spec, chosen) },
		metrics: {
			threshold: chosen.threshold,
			...fitted.metrics,
			...measureRows(table, spec, labels, fitted, fitted.scores, thresholds),
			...(spec.test !== undefined && testMetrics(spec.test, spec, preparation, fitted, chosen)),
		},
		history: historyOf(fitted, spec),
		warnings: [...warnings, ...(fitted.warnings ?? []), ...oneSided(labels, spec.target)],
		trainingInputs,
		holdout: labels !== null && spec.test?.columns.some(({ name }) => name === spec.target) ? spec.test : null,
		explain: (onStep) => explain(onnx, measuredRows(table, spec, labels, inputs), onStep),
	};
}

/** The rows to test on where there are some, else those learned from. */
function measuredRows(table: Table, { test, target }: TrainingSpec, labels: Labels | null, names: string[]): Measured {
	const known = test === undefined ? labels : labelsOf(test, target);
	return {
		part: test === undefined ? 'training' : 'held_out',
		inputs: selectColumns(test ?? table, names),
		truth: known && { task: 'anomaly', labels: known },
	};
}

function writeModel(
	{ window, key, time, model, prepare }: TrainingSpec,
	preparation: Preparation,
	fitted: Fitted,
	chosen: ChosenThreshold,
): { onnx: Uint8Array; description: ModelDescription } {
	const graph = createGraph(model.type);
	const shown = fitted.addToGraph(graph, addPreparation(graph, preparation));
	const { threshold, keys } = safely(fitted, chosen);
	const keyed = keys && key ? { key: graph.input(key, 'string', ['N', 1]), keys } : null;
	const called = addAnomalyLabel(graph, shown.score, fitted.scoreKind, threshold, keyed);
	const label = graph.output('label', 'int64', ['N'], called);
	const score = graph.output('score', 'float', ['N'], shown.score);
	const errors = shown.errors && graph.output('errors', 'float', ['N', featureNames(preparation).length], shown.errors);
	const inputs = [...graphInputs(preparation), ...(keyed === null ? [] : [keyInput(keyed.key)])];
	const names = new Set(inputs.map(({ name }) => name));
	const columns = window
		? window.columns.filter((column) => windowFeatureNames(window.section, [column]).some((name) => names.has(name)))
		: [...names];
	const description: ModelDescription = {
		task: 'anomaly',
		inputs,
		outputs: { label, score, ...(errors !== undefined && { errors }) },
		score: fitted.scoreKind,
		classes: [],
		features: featureNames(preparation),
		parse: parseOf(columns, prepare),
		window: window?.section ?? null,
		columns,
		key: key ?? null,
		time: time ?? null,
		threshold: chosen.threshold,
	};
	return { onnx: graph.toBytes({ [descriptionKey]: JSON.stringify(description) }), description };
}

function keyInput(name: string): ModelDescription['inputs'][number] {
	return { name, type: 'string', width: 1 };
}

/** As the model section says, else the estimator's own. */
function thresholdOf(table: Table, spec: TrainingSpec, fitted: Fitted, labels: Labels | null): ChosenThreshold {
	const { time, key, model, window } = spec;
	return model.threshold === undefined
		? { threshold: fitted.threshold, keys: null, rows: table.rows }
		: chooseThreshold(model.threshold, fitted, { table, labels, time, key, windows: Boolean(window) });
}

/** What the graph compares float32 scores with: moved where rounding might call a row on the threshold an anomaly. */
function safely(
	{ slack, scores }: Fitted,
	{ threshold, keys }: ChosenThreshold,
): Pick<ChosenThreshold, 'threshold' | 'keys'> {
	if (slack === undefined) return { threshold, keys };
	const ordered = sorted(scores);
	return {
		threshold: graphThreshold(ordered, threshold, slack),
		keys: keys && new Map([...keys].map(([name, own]) => [name, graphThreshold(ordered, own, slack)])),
	};
}

/** The share of anomalies over trees is told for the estimator's own threshold alone. */
function historyOf({ history }: Fitted, { model }: TrainingSpec): History {
	if (model.threshold === undefined) return history;
	const { sample_anomaly_rate: _, ...others } = history;
	return others;
}

/** The threshold of each row, or that of all. */
function thresholdsOf(
	table: Table,
	{ key }: TrainingSpec,
	{ threshold, keys }: ChosenThreshold,
): number | Float64Array {
	if (keys === null || !key) return threshold;
	const keyOf = keyTexts(columnOf(table, key));
	return Float64Array.from({ length: table.rows }, (_, row) => keys.get(keyOf(row)) ?? threshold);
}

function thresholdParams({ model }: TrainingSpec, { keys, rows }: ChosenThreshold): Record<string, string> {
	const { threshold } = model;
	if (threshold === undefined) return {};
	const { quantile, alarms_per_day: alarms, clean } = threshold;
	const said = {
		'threshold.quantile': quantile,
		'threshold.alarms_per_day': alarms,
		'threshold.clean': clean && `${clean.from ?? ''}..${clean.to ?? ''}`,
		'threshold.keys': keys?.size,
		'threshold.clean_rows': rows,
	};
	return Object.fromEntries(
		Object.entries(said).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
	);
}

/** What the scores say row by row, and with labels and times also of periods. */
function measureRows(
	table: Table,
	spec: TrainingSpec,
	labels: Labels | null,
	{ scoreKind }: Fitted,
	scores: Float64Array,
	thresholds: number | Float64Array,
): Record<string, number> {
	const series = labels !== null && holdsBoth(labels) ? seriesOf(table, spec) : null;
	return {
		...anomalyMetrics(scores, labels, thresholds, scoreKind),
		...(series && labels && eventMetrics(series, labels, callsOf(scores, thresholds, scoreKind))),
	};
}

function testMetrics(
	test: Table,
	spec: TrainingSpec,
	preparation: Preparation,
	fitted: Fitted,
	chosen: ChosenThreshold,
): Record<string, number> {
	const labels = labelsOf(test, spec.target);
	const scores = fitted.score(prepareTest(test, preparation));
	return prefixed('test_', measureRows(test, spec, labels, fitted, scores, thresholdsOf(test, spec, chosen)));
}

function labelsOf(test: Table, target: string | null | undefined): Labels | null {
	return target && test.columns.some(({ name }) => name === target) ? readLabels(test, target) : null;
}

function oneSided(labels: Labels | null, target: string | null | undefined): string[] {
	if (labels === null || holdsBoth(labels)) return [];
	return [`The target ${JSON.stringify(target)} has rows of one kind only, so nothing could be measured with it.`];
}
