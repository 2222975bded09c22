/** From a table to a finished model of anomalies: preparation, estimator, graph, comparison, measures. */
import { selectColumns, type Table } from '../data/table.ts';
import { windowFeatureNames } from '../data/window.ts';
import { descriptionKey, type ModelDescription } from '../onnx/description.ts';
import { createGraph } from '../onnx/graph.ts';
import type { Progress } from '../protocol/core.ts';
import { compareGraph } from './compareGraph.ts';
import type { Fitted } from './estimator.ts';
import type { ReadyEstimator } from './estimators.ts';
import { explain, type Measured } from './explanations/explain.ts';
import { readLabels } from './labels.ts';
import { anomalyMetrics, holdsBoth, type Labels } from './metrics/anomalyMetrics.ts';
import {
	applyPreparation,
	featureNames,
	fitPreparation,
	inputColumns,
	type Preparation,
} from './preparation/preparation.ts';
import { addPreparation, graphInputs } from './preparation/preparationGraph.ts';
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
	const { preparation, warnings } = fitPreparation(table, spec.window ? { ...spec, time: null, exclude: [] } : spec);
	if (spec.test !== undefined) prepareTest(spec.test, preparation);
	const fitted = estimator.fit(
		applyPreparation(preparation, table),
		(message, share) => onProgress({ message, share: 0.1 + 0.7 * share }),
		labels,
	);
	onProgress({ message: 'Comparing the graph with the estimator', share: 0.8 });
	const written = writeModel(spec, preparation, fitted);
	const trainingInputs = selectColumns(table, inputColumns(preparation));
	const onnx = await finishModel(written.onnx, spec, (model) => compareGraph(model, trainingInputs, fitted));
	onProgress({ message: 'Measuring', share: 0.95 });
	return {
		onnx,
		description: written.description,
		params: paramsOf(spec, preparation, fitted.params, warnings.length),
		metrics: {
			threshold: fitted.threshold,
			...fitted.metrics,
			...anomalyMetrics(fitted.scores, labels, fitted.threshold, fitted.scoreKind),
			...(spec.test !== undefined && testMetrics(spec.test, spec.target, preparation, fitted)),
		},
		history: fitted.history,
		warnings: [...warnings, ...(fitted.warnings ?? []), ...oneSided(labels, spec.target)],
		trainingInputs,
		holdout: labels !== null && spec.test?.columns.some(({ name }) => name === spec.target) ? spec.test : null,
		explain: (onStep) => explain(onnx, measuredRows(table, spec, labels, inputColumns(preparation)), onStep),
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
): { onnx: Uint8Array; description: ModelDescription } {
	const graph = createGraph(model.type);
	const shown = fitted.addToGraph(graph, addPreparation(graph, preparation));
	const label = graph.output('label', 'int64', ['N'], shown.label);
	const score = graph.output('score', 'float', ['N'], shown.score);
	const errors = shown.errors && graph.output('errors', 'float', ['N', featureNames(preparation).length], shown.errors);
	const inputs = graphInputs(preparation);
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
		threshold: fitted.threshold,
	};
	return { onnx: graph.toBytes({ [descriptionKey]: JSON.stringify(description) }), description };
}

function testMetrics(test: Table, target: string | null | undefined, preparation: Preparation, fitted: Fitted) {
	const labels = labelsOf(test, target);
	const scores = fitted.score(prepareTest(test, preparation));
	const metrics = anomalyMetrics(scores, labels, fitted.threshold, fitted.scoreKind);
	return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`test_${name}`, value]));
}

function labelsOf(test: Table, target: string | null | undefined): Labels | null {
	return target && test.columns.some(({ name }) => name === target) ? readLabels(test, target) : null;
}

function oneSided(labels: Labels | null, target: string | null | undefined): string[] {
	if (labels === null || holdsBoth(labels)) return [];
	return [`The target ${JSON.stringify(target)} has rows of one kind only, so nothing could be measured with it.`];
}
