/** From a table with a target to a finished model file: split, preparation, estimator, graph, comparison, measures. */
import { selectColumns, type Table, takeRows } from '../data/table.ts';
import { descriptionKey, type ModelDescription } from '../onnx/description.ts';
import { createGraph, type Graph } from '../onnx/graph.ts';
import type { Progress } from '../protocol/core.ts';
import { PerchError } from '../protocol/errors.ts';
import type { SplitSection } from '../protocol/project/split.ts';
import { gatherNumbers } from '../stats/gather.ts';
import { baselineAnswers, noBetter } from './baseline.ts';
import { comparePredictions } from './comparePredictions.ts';
import type { ReadyPredictor } from './estimators.ts';
import { explain, type Truth } from './explanations/explain.ts';
import { measure } from './metrics/measure.ts';
import { prefixed } from './metrics/prefixed.ts';
import type { FittedPredictor } from './predictor.ts';
import { type FeatureMatrix, takeMatrixRows } from './preparation/featureMatrix.ts';
import {
	applyPreparation,
	featureNames,
	fitPreparation,
	inputColumns,
	type Preparation,
} from './preparation/preparation.ts';
import { addPreparation, graphInputs } from './preparation/preparationGraph.ts';
import type { Parts } from './split.ts';
import { readTarget, type Target } from './target.ts';
import { finishModel, paramsOf, parseOf, prepareTest, type TrainedModel, type TrainingSpec } from './training.ts';
import { crossValidate } from './validation/crossValidate.ts';
import { foldRows } from './validation/folds.ts';
import { sharedRows, tellingColumns, timeMixed } from './validation/leakage.ts';
import { learningCurve } from './validation/learningCurve.ts';
import { prepareFold, scoreFold } from './validation/predictorFolds.ts';
import { partTable } from './validation/trainingParts.ts';

/**
 * Learns to predict the target. Measured on rows that were not learned from (those of `spec.test`, else a part of the
 * table as `split` says): `r2`, `mae`, … or `accuracy`, `log_loss`, …; the same of the rows learned from as `training_…`,
 * and of the baseline as `baseline_…`. With `split.folds` also `cv_…` and `cv_…_std` over folds of the rows learned from.
 */
export async function trainPredictor(
	table: Table,
	spec: TrainingSpec,
	predictor: ReadyPredictor,
	onProgress: (progress: Progress) => void,
): Promise<TrainedModel> {
	const parts = partTable(table, spec, predictor);
	const { target, by } = parts;
	onProgress({ message: `Preparing ${table.columns.length} columns of ${table.rows} rows`, share: 0 });
	const learned = takeRows(table, parts.train);
	const { preparation, warnings } = fitPreparation(learned, spec, {
		keepMissing: predictor.takesMissing,
		shareRare: true,
		asCategories: predictor.takesCategories,
	});
	const matrix = applyPreparation(preparation, table);
	const fitted = await predictor.fit({ matrix, target, rows: parts.train }, (message, share, figures) =>
		onProgress({ message, share: 0.1 + 0.4 * share, ...(figures && { figures }) }),
	);
	const folds = spec.split?.folds
		? foldRows(table, target, parts.train, { folds: spec.split.folds, by, seed: spec.split.seed }, spec)
		: [];
	const crossed = await crossValidate(
		folds,
		(one, onStep) => scoreFold(prepareFold(table, spec, predictor, one), target, predictor, onStep),
		(message, share) => onProgress({ message, share: 0.5 + 0.3 * share }),
	);
	onProgress({ message: 'Comparing the graph with the estimator', share: 0.8 });
	const written = writeModel(spec, target, preparation, fitted);
	const trainingInputs = selectColumns(learned, inputColumns(preparation));
	const said = await fitted.predict(takeMatrixRows(matrix, parts.train));
	const outputs = target.task === 'regression' ? 1 : target.classes.length;
	const onnx = await finishModel(written.onnx, spec, (model) =>
		comparePredictions(model, trainingInputs, said, outputs),
	);
	onProgress({ message: 'Measuring', share: 0.95 });
	const held = await heldOut(matrix, target, spec, parts.test, fitted, preparation);
	const baseline = measure(held.target, held.rows, baselineAnswers(target, parts.train, held.rows.length));
	const metrics = measure(held.target, held.rows, held.said);
	const training = measure(target, parts.train, said);
	const explainHeld = async (onStep: (share: number) => void) => {
		const rows = takeRows(spec.test ?? table, held.rows);
		const inputs = selectColumns(rows, inputColumns(preparation));
		const explained = await explain(onnx, { part: 'held_out', inputs, truth: truthOf(held) }, onStep);
		// A command is not run again and again for a curve.
		if (spec.test !== undefined || spec.model.type === 'command') return explained;
		const known = { training, heldOut: metrics };
		return { ...explained, learning_curve: await learningCurve(matrix, target, parts, predictor, known) };
	};
	return {
		onnx,
		description: written.description,
		params: {
			...paramsOf(spec, preparation, fitted.params, warnings.length),
			'split.train_rows': String(parts.train.length),
			'split.test_rows': String(held.rows.length),
		},
		metrics: {
			...fitted.metrics,
			...metrics,
			...prefixed('training_', training),
			...prefixed('baseline_', baseline),
			...crossed.metrics,
		},
		history: { ...fitted.history, ...crossed.history },
		warnings: [
			...warnings,
			...rowsWithout(table, target, spec.target as string),
			...notBetter(target, metrics, baseline),
			...leaks(table, spec, target, parts, by, inputColumns(preparation)),
		],
		trainingInputs,
		files: fitted.files ?? {},
		holdout: spec.test ?? takeRows(table, parts.test),
		explain: explainHeld,
	};
}

function truthOf({ target, rows }: Held): Truth {
	const weights = target.weights && gatherNumbers(target.weights, rows);
	return target.task === 'regression'
		? { task: 'regression', values: gatherNumbers(target.values, rows), weights }
		: { task: 'classification', codes: Uint16Array.from(rows, (row) => target.codes[row] as number), weights };
}

/** Warnings that the figures may be too good; of rows that are tested on by themselves only that they were learned from. */
function leaks(
	table: Table,
	{ test, target: name, time }: TrainingSpec,
	target: Target,
	{ train, test: held }: Parts,
	by: SplitSection['by'],
	inputs: readonly string[],
): string[] {
	const compared = [...inputs, name as string];
	const learned = { table, rows: train };
	if (test !== undefined) {
		const rows = Uint32Array.from({ length: test.rows }, (_, row) => row);
		return sharedRows(learned, { table: test, rows }, compared);
	}
	return [
		...tellingColumns(table, target, { train, test: held }, inputs),
		...sharedRows(learned, { table, rows: held }, compared),
		...timeMixed(table, by, { time, target: name }),
	];
}

interface Held {
	target: Target;
	rows: Uint32Array;
	said: Float64Array;
}

async function heldOut(
	matrix: FeatureMatrix,
	target: Target,
	{ test, target: name, weight }: TrainingSpec,
	rows: Uint32Array,
	fitted: FittedPredictor,
	preparation: Preparation,
): Promise<Held> {
	if (test === undefined) return { target, rows, said: await fitted.predict(takeMatrixRows(matrix, rows)) };
	const other = readTarget(test, name as string, target.task, weight);
	const known =
		other.task === 'classification' && target.task === 'classification' ? sameClasses(other, target) : other;
	return {
		target: known,
		rows: known.rows,
		said: await fitted.predict(prepareTest(takeRows(test, known.rows), preparation)),
	};
}

/** Classes by the codes of those learned; refuses rows of a class that was never seen. */
function sameClasses(other: Target & { task: 'classification' }, learned: Target & { task: 'classification' }): Target {
	const places = other.classes.map((one) => learned.classes.indexOf(one));
	const unseen = other.classes.find((_, code) => (places[code] as number) < 0);
	if (unseen !== undefined) {
		throw new PerchError(
			'invalid_data',
			`The rows to test on have the class ${JSON.stringify(unseen)}, which none learned from has.`,
			{
				field: 'data.test',
				hint: `Classes learned: ${learned.classes.slice(0, 10).join(', ')}.`,
			},
		);
	}
	return { ...other, classes: learned.classes, codes: other.codes.map((code) => places[code] as number) };
}

function rowsWithout({ rows }: Table, target: Target, name: string): string[] {
	const missing = rows - target.rows.length;
	const without = `have no ${JSON.stringify(name)}${target.weights === undefined ? '' : ' or a weight of 0'}`;
	return missing === 0 ? [] : [`${missing} of ${rows} rows ${without} and are not learned from.`];
}

function notBetter({ task }: Target, metrics: Record<string, number>, baseline: Record<string, number>): string[] {
	const [metric, than] =
		task === 'regression' ? (['rmse', 'the mean'] as const) : (['log_loss', 'the shares of the classes'] as const);
	return noBetter(`The model is no better than ${than} of the target`, metric, metrics[metric], baseline[metric]);
}

function writeModel(
	{ key, time, model, prepare }: TrainingSpec,
	target: Target,
	preparation: Preparation,
	fitted: FittedPredictor,
): { onnx: Uint8Array; description: ModelDescription } {
	const graph = createGraph(model.type);
	const shown = fitted.addToGraph(graph, addPreparation(graph, preparation));
	const outputs = target.task === 'regression' ? showNumber(graph, shown) : showClasses(graph, shown, target.classes);
	const inputs = graphInputs(preparation);
	const columns = inputs.map(({ name }) => name);
	const description: ModelDescription = {
		task: target.task,
		inputs,
		outputs,
		score: null,
		classes: target.task === 'classification' ? [...target.classes] : [],
		features: featureNames(preparation),
		parse: parseOf(columns, prepare),
		window: null,
		columns,
		key: key ?? null,
		time: time ?? null,
		threshold: null,
	};
	return { onnx: graph.toBytes({ [descriptionKey]: JSON.stringify(description) }), description };
}

function showNumber(graph: Graph, value: string): ModelDescription['outputs'] {
	const flat = graph.node('Squeeze', [value, graph.constant(BigInt64Array.of(1n), [1])]);
	return { prediction: graph.output('prediction', 'float', ['N'], flat) };
}

function showClasses(graph: Graph, probabilities: string, classes: readonly string[]): ModelDescription['outputs'] {
	const code = graph.node('ArgMax', [probabilities], { axis: { int: 1 }, keepdims: { int: 0 } });
	const name = graph.node(
		'LabelEncoder',
		[code],
		{ keys_int64s: { ints: classes.map((_, index) => index) }, values_strings: { strings: classes } },
		'ai.onnx.ml',
	);
	return {
		prediction: graph.output('prediction', 'string', ['N'], name),
		proba: graph.output('probabilities', 'float', ['N', classes.length], probabilities),
	};
}
