/** Why a trained model says what it says, and where it goes wrong: from its file and the rows that it was measured with. */
import { type Table, takeRows } from '../../data/table.ts';
import type { ModelDescription } from '../../onnx/description.ts';
import { type Model, openModel, type Predictions } from '../../onnx/model.ts';
import type { Explanations, Importance } from '../../protocol/explanations.ts';
import { gatherNumbers } from '../../stats/gather.ts';
import { holdsBoth, type Labels, rankingMetrics } from '../metrics/anomalyMetrics.ts';
import { classificationMetrics } from '../metrics/classificationMetrics.ts';
import { calibrationOf, confusionOf } from '../metrics/confusion.ts';
import { regressionMetrics } from '../metrics/regressionMetrics.ts';
import { spreadRows } from '../preparation/featureMatrix.ts';
import { meanContributions } from './contributions.ts';
import { permutationImportance } from './permutationImportance.ts';
import { residualsOf } from './residuals.ts';

interface Weighed {
	/** How much each row counts in a metric. */
	readonly weights?: Float64Array | undefined;
}

/** What is true of rows: numbers, the codes of the model's classes, or which are anomalies. */
export type Truth =
	| ({ readonly task: 'regression'; readonly values: Float64Array } & Weighed)
	| ({ readonly task: 'classification'; readonly codes: Uint16Array } & Weighed)
	| { readonly task: 'anomaly'; readonly labels: Labels };

/** The rows that a model was measured with, as its graph takes them. */
export interface Measured {
	readonly part: Explanations['part'];
	readonly inputs: Table;
	readonly truth: Truth | null;
}

/** Rows that are looked at, at most; rows that permutation importance scores, at most, of all columns and repeats. */
const mostRows = 20_000;
const mostScored = 150_000;
const mostPermuted = 5000;
const fewestPermuted = 100;
/** Columns that are shuffled one after the other, at most: the work grows with their square. */
const mostColumns = 500;
const repeats = 5;
const seed = 7;
const mostCalibrated = 10;

/** A few seconds of work at most: of many rows a sample is looked at, spread evenly, and the answer says how many. */
export async function explain(
	onnx: Uint8Array,
	measured: Measured,
	onStep: (share: number) => void,
): Promise<Explanations> {
	const rows = spreadRows(measured.inputs.rows, mostRows);
	const inputs = takeRows(measured.inputs, rows);
	const truth = measured.truth && takeTruth(measured.truth, rows);
	const model = await openModel(onnx, { threads: 2 });
	try {
		const { description } = model;
		const said = await model.infer(inputs);
		const importance = await importanceOf(model, inputs, truth);
		onStep(0.6);
		const contributions = await meanContributions(onnx, inputs, said.anomaly_score ?? null);
		onStep(1);
		return {
			part: measured.part,
			rows: rows.length,
			of: measured.inputs.rows,
			importance: typeof importance === 'string' ? null : importance,
			contributions: typeof contributions === 'string' ? null : contributions,
			residuals:
				truth?.task === 'regression' && said.prediction instanceof Float64Array
					? residualsOf(truth.values, said.prediction)
					: null,
			confusion: confusion(description, said, truth),
			calibration: calibration(said, truth),
			learning_curve: null,
			notes: [
				...(typeof importance === 'string' ? [`No importance: ${importance}`] : []),
				...(typeof contributions === 'string' ? [`No contributions: ${contributions}`] : []),
			],
		};
	} finally {
		await model.close();
	}
}

function takeTruth(truth: Truth, rows: Uint32Array): Truth {
	if (truth.task !== 'anomaly') {
		const weights = truth.weights && gatherNumbers(truth.weights, rows);
		if (truth.task === 'regression') return { ...truth, weights, values: gatherNumbers(truth.values, rows) };
		return { ...truth, weights, codes: Uint16Array.from(rows, (row) => truth.codes[row] as number) };
	}
	return { ...truth, labels: Int8Array.from(rows, (row) => truth.labels[row] as number) };
}

async function importanceOf(model: Model, inputs: Table, truth: Truth | null): Promise<Importance | string> {
	if (truth === null || (truth.task === 'anomaly' && !holdsBoth(truth.labels))) {
		return 'the rows do not say what is true of them.';
	}
	const columns = Math.max(1, inputs.columns.length);
	if (columns > mostColumns) return `the model takes ${columns} columns, and up to ${mostColumns} are shuffled.`;
	const count = Math.max(fewestPermuted, Math.min(mostPermuted, Math.floor(mostScored / (columns * repeats))));
	const rows = spreadRows(inputs.rows, count);
	const some = takeTruth(truth, rows);
	if (some.task === 'anomaly' && !holdsBoth(some.labels)) return 'too few of the rows are anomalies.';
	const { metric, measure } = metricOf(some, model.description);
	const found = await permutationImportance(
		takeRows(inputs, rows),
		async (table) => measure(await model.infer(table)),
		{
			repeats,
			seed,
		},
	);
	// A loss is told as it is; how much worse it becomes has the same sign as of the others.
	const isLoss = metric === 'log_loss' || metric === 'mae';
	return { metric, score: isLoss ? -found.score : found.score, repeats, rows: rows.length, columns: found.columns };
}

/** The metric of importance, more is better. */
function metricOf(
	truth: Truth,
	{ classes }: ModelDescription,
): { metric: string; measure: (said: Predictions) => number } {
	if (truth.task === 'regression') {
		const { values, weights } = truth;
		const figures = ({ prediction }: Predictions) => regressionMetrics(values, prediction as Float64Array, weights);
		return values.some((value) => value !== values[0])
			? { metric: 'r2', measure: (said) => figures(said).r2 as number }
			: { metric: 'mae', measure: (said) => -figures(said).mae };
	}
	if (truth.task === 'classification') {
		const { codes, weights } = truth;
		return {
			metric: 'log_loss',
			measure: ({ proba }) =>
				-(classificationMetrics(codes, rowByRow(proba?.values ?? []), classes.length, weights)['log_loss'] as number),
		};
	}
	const { labels } = truth;
	return {
		metric: 'roc_auc',
		measure: ({ anomaly_score: score }) =>
			rankingMetrics(
				(score as Float64Array).map((value) => -value),
				labels,
			).roc_auc,
	};
}

function rowByRow(columns: readonly Float64Array[]): Float64Array {
	const { length } = columns;
	const all = new Float64Array(length * (columns[0]?.length ?? 0));
	for (const [at, column] of columns.entries()) {
		for (let row = 0; row < column.length; row++) all[row * length + at] = column[row] as number;
	}
	return all;
}

function confusion({ classes }: ModelDescription, said: Predictions, truth: Truth | null): Explanations['confusion'] {
	if (truth?.task === 'classification' && Array.isArray(said.prediction)) {
		const places = new Map(classes.map((name, code) => [name, code]));
		const predicted = said.prediction.map((name) => places.get(name) as number);
		return { classes, counts: confusionOf(truth.codes, predicted, classes.length) };
	}
	if (truth?.task !== 'anomaly' || said.label === undefined) return null;
	const { label } = said;
	const known = Uint32Array.from(truth.labels.keys()).filter((row) => (truth.labels[row] as number) >= 0);
	return {
		classes: ['normal', 'anomaly'],
		counts: confusionOf(
			Array.from(known, (row) => truth.labels[row] as number),
			Array.from(known, (row) => +(label[row] === -1)),
			2,
		),
	};
}

function calibration({ proba }: Predictions, truth: Truth | null): Explanations['calibration'] {
	if (truth?.task !== 'classification' || proba === undefined) return null;
	const counts = new Float64Array(proba.classes.length);
	for (const code of truth.codes) counts[code] = (counts[code] as number) + 1;
	const shown =
		proba.classes.length === 2
			? [1]
			: [...counts.keys()]
					.sort((a, b) => (counts[b] as number) - (counts[a] as number))
					.slice(0, mostCalibrated)
					.sort((a, b) => a - b);
	return shown.map((code) => ({
		class: proba.classes[code] as string,
		bins: calibrationOf(proba.values[code] as Float64Array, truth.codes, code),
	}));
}
