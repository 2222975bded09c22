/** From a table to a finished model file: preparation, estimator, graph, comparison, measures. */
import { rawColumns } from '../data/parseColumns.ts';
import { selectColumns, type Table } from '../data/table.ts';
import { descriptionKey, type ModelDescription } from '../onnx/description.ts';
import { createGraph } from '../onnx/graph.ts';
import { openModel } from '../onnx/model.ts';
import type { Progress } from '../protocol/core.ts';
import { isPerchError, PerchError } from '../protocol/errors.ts';
import type { WindowSection } from '../protocol/project/data.ts';
import type { ModelSection } from '../protocol/project/model.ts';
import { parseSteps } from '../protocol/project/prepare.ts';
import { compareGraph } from './compareGraph.ts';
import type { Fitted, History } from './estimator.ts';
import { estimatorOf } from './estimators.ts';
import type { FeatureMatrix } from './featureMatrix.ts';
import { readLabels } from './labels.ts';
import { anomalyMetrics, holdsBoth, type Labels } from './metrics.ts';
import { applyPreparation, featureNames, fitPreparation, inputColumns, type Preparation } from './preparation.ts';
import { addPreparation, graphInputs } from './preparationGraph.ts';
import type { PreparationSpec } from './preparationPlan.ts';

/** What to train, in the terms of perch.yaml; the rows are parsed already. */
export interface TrainingSpec extends PreparationSpec {
	model: ModelSection;
	/** Set when the rows of the table are the features of windows: how they were cut, and from which raw columns. */
	window?: { section: WindowSection; columns: readonly string[] } | null | undefined;
	/** Rows that are scored and not trained on, in the same shape as the table. */
	test?: Table | undefined;
}

export interface TrainedModel {
	/** The ONNX file. */
	onnx: Uint8Array;
	description: ModelDescription;
	/** Params of estimator and preparation, as text, as MLflow keeps them. */
	params: Record<string, string>;
	metrics: Record<string, number>;
	/** Metrics over steps (trees grown so far). */
	history: History;
	warnings: string[];
	/** The raw inputs of the graph as the model saw them: the reference of drift. */
	trainingInputs: Table;
}

/**
 * Trains a model and writes it as one ONNX graph that contains the preparation. The target is never trained on: it only
 * measures. Throws `invalid_config` (params, preparation), `unknown_column`, `empty_data`, `invalid_data` (no usable
 * column, a target that is no label) and `model_mismatch` when graph and estimator disagree about a training row.
 */
export async function trainModel(
	table: Table,
	spec: TrainingSpec,
	onProgress: (progress: Progress) => void = () => {},
): Promise<TrainedModel> {
	const estimator = estimatorOf(spec.model);
	if (table.rows < 2) {
		throw new PerchError(
			'empty_data',
			`There ${table.rows === 1 ? 'is 1 row' : `are ${table.rows} rows`} to train on.`,
			{
				hint: 'Give at least two rows; a few hundred make a useful model.',
			},
		);
	}
	const labels = spec.target ? readLabels(table, spec.target) : null;
	onProgress({ message: `Preparing ${table.columns.length} columns of ${table.rows} rows`, share: 0 });
	// Windows have the key and the label of their series; what else perch.yaml names was left behind when they were cut.
	const { preparation, warnings } = fitPreparation(table, spec.window ? { ...spec, time: null, exclude: [] } : spec);
	if (spec.test !== undefined) prepareTest(spec.test, preparation);
	const fitted = estimator.fit(applyPreparation(preparation, table), (message, share) =>
		onProgress({ message, share: 0.1 + 0.7 * share }),
	);
	onProgress({ message: 'Comparing the graph with the estimator', share: 0.8 });
	const { onnx, description } = writeModel(spec, estimator.task, preparation, fitted);
	const trainingInputs = selectColumns(table, inputColumns(preparation));
	await compareWritten(onnx, trainingInputs, fitted);
	onProgress({ message: 'Measuring', share: 0.95 });
	return {
		onnx,
		description,
		params: paramsOf(spec, preparation, fitted, warnings.length),
		metrics: {
			threshold: fitted.threshold,
			...anomalyMetrics(fitted.scores, labels, fitted.threshold),
			...(spec.test !== undefined && testMetrics(spec.test, spec.target, preparation, fitted)),
		},
		history: fitted.history,
		warnings: [...warnings, ...oneSided(labels, spec.target)],
		trainingInputs,
	};
}

function writeModel(
	{ window, key, time, model, prepare }: TrainingSpec,
	task: ModelDescription['task'],
	preparation: Preparation,
	fitted: Fitted,
): { onnx: Uint8Array; description: ModelDescription } {
	const graph = createGraph(model.type);
	const shown = fitted.addToGraph(graph, addPreparation(graph, preparation));
	const label = graph.output('label', 'int64', ['N'], shown.label);
	const score = graph.output('score', 'float', ['N'], shown.score);
	const inputs = graphInputs(preparation);
	const names = new Set(inputs.map(({ name }) => name));
	const columns = window
		? window.columns.filter((column) => window.section.features.some((feature) => names.has(`${column}_${feature}`)))
		: [...names];
	const steps = parseSteps(prepare);
	const raw = new Set(rawColumns(columns, steps));
	const description: ModelDescription = {
		task,
		inputs,
		outputs: { label, score },
		score: 'path',
		classes: [],
		features: featureNames(preparation),
		parse: steps.filter(({ column }) => raw.has(column)),
		window: window?.section ?? null,
		columns,
		key: key ?? null,
		time: time ?? null,
		threshold: fitted.threshold,
	};
	return { onnx: graph.toBytes({ [descriptionKey]: JSON.stringify(description) }), description };
}

async function compareWritten(onnx: Uint8Array, inputs: Table, fitted: Fitted): Promise<void> {
	const model = await openModel(onnx);
	try {
		await compareGraph(model, inputs, fitted);
	} finally {
		await model.close();
	}
}

/** The features of the rows to test on; says so where they are not of the kind that was trained on. */
function prepareTest(test: Table, preparation: Preparation): FeatureMatrix {
	try {
		return applyPreparation(preparation, test);
	} catch (error) {
		if (!isPerchError(error)) throw error;
		const detail = { ...error.detail, field: 'data.test', cause: error };
		throw new PerchError(error.code, `The rows to test on do not fit. ${error.message}`, detail);
	}
}

function testMetrics(test: Table, target: string | null | undefined, preparation: Preparation, fitted: Fitted) {
	const labels = target && test.columns.some(({ name }) => name === target) ? readLabels(test, target) : null;
	const scores = fitted.score(prepareTest(test, preparation));
	const metrics = anomalyMetrics(scores, labels, fitted.threshold);
	return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`test_${name}`, value]));
}

function paramsOf({ model, window }: TrainingSpec, preparation: Preparation, fitted: Fitted, leftOut: number) {
	const all = {
		'model.type': model.type,
		...fitted.params,
		'prepare.numbers': preparation.numbers.length,
		'prepare.one_hot': preparation.texts.length,
		'prepare.features': featureNames(preparation).length,
		'prepare.left_out': leftOut,
		...(window && {
			'window.size': window.section.size,
			'window.step': window.section.step,
			'window.features': window.section.features.join(', '),
		}),
	};
	return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]));
}

function oneSided(labels: Labels | null, target: string | null | undefined): string[] {
	if (labels === null || holdsBoth(labels)) return [];
	return [`The target ${JSON.stringify(target)} has rows of one kind only, so nothing could be measured with it.`];
}
