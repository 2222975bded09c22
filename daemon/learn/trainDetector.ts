/** From a table to a finished model of anomalies: preparation, estimator, graph, comparison, measures. */
import { selectColumns, type Table } from '../data/table.ts';
import { windowFeatureNames } from '../data/window.ts';
import { descriptionKey, type ModelDescription } from '../onnx/description.ts';
import { createGraph } from '../onnx/graph.ts';
import type { Progress } from '../protocol/core.ts';
import { sorted } from '../stats/sort.ts';
import { addAnomalyLabel, addKeys, graphThreshold } from './anomalyLabel.ts';
import { compareGraph } from './compareGraph.ts';
import type { Fitted, History, OnStep, ReadyEstimator } from './estimator.ts';
import { explain, type Measured } from './explanations/explain.ts';
import { labelsOf, readLabels } from './labels.ts';
import { holdsBoth, type Labels } from './metrics/anomalyMetrics.ts';
import { distanceBaseline, noBetterThanDistance } from './metrics/distanceBaseline.ts';
import { prefixed } from './metrics/prefixed.ts';
import type { FeatureMatrix } from './preparation/featureMatrix.ts';
import { applyPreparation, featureNames, fitPreparation, type Preparation } from './preparation/preparation.ts';
import { addPreparation, graphInputs } from './preparation/preparationGraph.ts';
import type { ChosenThreshold } from './threshold/chooseThreshold.ts';
import { measureRows, thresholdOf, thresholdParams, thresholdsOf } from './threshold/rowThresholds.ts';
import { finishModel, paramsOf, parseOf, prepareTest, type TrainedModel, type TrainingSpec } from './training.ts';
import { type CrossValidation, crossValidate } from './validation/crossValidate.ts';
import {
	detectorFolds,
	detectorRows,
	partDetector,
	preparationSpec,
	prepareDetectorFold,
	scoreDetectorFold,
} from './validation/detectorFolds.ts';

/**
 * Trains on all rows, or on those that `split` leaves; the target, where there is one, measures and is never trained on.
 * With `split.folds` also `cv_…` and `cv_…_std` over folds of the rows learned from.
 */
export async function trainDetector(
	whole: Table,
	asked: TrainingSpec,
	estimator: ReadyEstimator,
	onProgress: (progress: Progress) => void,
): Promise<TrainedModel> {
	const { table, spec } = partDetector(whole, asked);
	const labels = spec.target ? readLabels(table, spec.target) : null;
	onProgress({ message: `Preparing ${table.columns.length} columns of ${table.rows} rows`, share: 0 });
	const { preparation, warnings } = fitPreparation(table, preparationSpec(table, spec));
	if (spec.test !== undefined) prepareTest(spec.test, preparation);
	const crossed = await crossDetector(table, spec, estimator, (message, share) =>
		onProgress({ message, share: 0.1 + 0.3 * share }),
	);
	const begun = crossed === null ? 0.1 : 0.4;
	const matrix = applyPreparation(preparation, table);
	const fitted = await estimator.fit(
		matrix,
		(message, share, figures) =>
			onProgress({ message, share: begun + (0.8 - begun) * share, ...(figures && { figures }) }),
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
	const measured = measureRows(table, spec, spec.model, labels, fitted.scoreKind, fitted.scores, thresholds);
	const baseline = distanceBaseline(matrix, matrix, labels);
	return {
		onnx,
		description: written.description,
		params: { ...paramsOf(spec, preparation, fitted.params, warnings.length), ...thresholdParams(spec, chosen) },
		metrics: {
			threshold: chosen.threshold,
			...fitted.metrics,
			...measured,
			...(baseline !== null && prefixed('baseline_', baseline)),
			...(spec.test !== undefined && (await testMetrics(spec.test, spec, preparation, matrix, fitted, chosen))),
			...crossed?.metrics,
		},
		history: { ...historyOf(fitted, spec), ...crossed?.history },
		warnings: [
			...warnings,
			...(fitted.warnings ?? []),
			...oneSided(labels, spec.target),
			...noBetterThanDistance(measured['roc_auc'], baseline),
		],
		trainingInputs,
		files: fitted.files ?? {},
		holdout: labels !== null && spec.test?.columns.some(({ name }) => name === spec.target) ? spec.test : null,
		explain: (onStep) => explain(onnx, measuredRows(table, spec, labels, inputs), onStep),
	};
}

/** Over the folds that `split` asks for; null where it asks for none. */
async function crossDetector(
	table: Table,
	spec: TrainingSpec,
	estimator: ReadyEstimator,
	onStep: OnStep,
): Promise<CrossValidation | null> {
	const { split } = spec;
	if (split?.folds === undefined) return null;
	const { folds, by } = detectorFolds(table, spec, { folds: split.folds, seed: split.seed });
	const known = detectorRows(table, spec, by);
	return crossValidate(
		folds,
		(parts, report) => scoreDetectorFold(prepareDetectorFold(table, spec, parts), known, estimator, report),
		onStep,
	);
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
	const keyed = addKeys(graph, key, { keys });
	const called = addAnomalyLabel(graph, shown.score, fitted.scoreKind, threshold, keyed);
	const label = graph.output('label', 'int64', ['N'], called);
	const score = graph.output('score', 'float', ['N'], shown.score);
	const errors = shown.errors && graph.output('errors', 'float', ['N', featureNames(preparation).length], shown.errors);
	const inputs = [...graphInputs(preparation), ...keyed.inputs];
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
		...(model.threshold?.persistence && { persistence: model.threshold.persistence }),
	};
	return { onnx: graph.toBytes({ [descriptionKey]: JSON.stringify(description) }), description };
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

async function testMetrics(
	test: Table,
	spec: TrainingSpec,
	preparation: Preparation,
	learned: FeatureMatrix,
	fitted: Fitted,
	chosen: ChosenThreshold,
): Promise<Record<string, number>> {
	const labels = labelsOf(test, spec.target);
	const matrix = prepareTest(test, preparation);
	const thresholds = thresholdsOf(test, spec, chosen);
	const baseline = distanceBaseline(learned, matrix, labels);
	return prefixed('test_', {
		...measureRows(test, spec, spec.model, labels, fitted.scoreKind, await fitted.score(matrix), thresholds),
		...(baseline !== null && prefixed('baseline_', baseline)),
	});
}

function oneSided(labels: Labels | null, target: string | null | undefined): string[] {
	if (labels === null || holdsBoth(labels)) return [];
	return [`The target ${JSON.stringify(target)} has rows of one kind only, so nothing could be measured with it.`];
}
