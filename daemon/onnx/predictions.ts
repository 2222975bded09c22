/** From the tensors that a graph gives to what a model says of each row. */
import type { OnnxValue } from 'onnxruntime-node';
import { PerchError } from '../protocol/errors.ts';
import type { ModelDescription } from './description.ts';
import type { RejectedRow } from './feeds.ts';

/** What a model says of the rows of a table, in their order. Rejected rows have NaN or '', and label 0. */
export interface Predictions {
	rows: number;
	/** The rows that the model could not take, in their order. */
	rejected: RejectedRow[];
	/** −1 for an anomaly, 1 for normal. */
	label?: Int8Array;
	/** The estimator's own score. */
	score?: Float64Array;
	/** 0 to 1, higher is more abnormal. */
	anomaly_score?: Float64Array;
	prediction?: Float64Array | string[];
	proba?: { classes: string[]; values: Float64Array[] };
	/** Of several numbers a row; a single one is `prediction`. */
	forecast?: { names: string[]; values: Float64Array[] };
}

type Values = ArrayLike<number | bigint | string | boolean>;

/** Collects the answers to blocks of rows. */
export interface Collector {
	add(from: number, rows: number, answer: Record<string, OnnxValue>): void;
	finish(rejected: RejectedRow[]): Predictions;
}

export function collectPredictions(description: ModelDescription, rows: number): Collector {
	const { outputs } = description;
	const abnormality = abnormalityOf(description);
	const predictions: Predictions = { rows, rejected: [] };
	if (outputs.label !== undefined) predictions.label = new Int8Array(rows);
	if (outputs.score !== undefined) {
		predictions.score = new Float64Array(rows).fill(Number.NaN);
		predictions.anomaly_score = new Float64Array(rows).fill(Number.NaN);
	}

	const parts = {
		label({ values, width }: Block, from: number, count: number) {
			const target = predictions.label as Int8Array;
			for (let row = 0; row < count; row++) target[from + row] = Number(values[row * width]) < 0 ? -1 : 1;
		},
		score({ values, width }: Block, from: number, count: number) {
			const score = predictions.score as Float64Array;
			const anomaly = predictions.anomaly_score as Float64Array;
			for (let row = 0; row < count; row++) {
				const value = Number(values[row * width]);
				score[from + row] = value;
				anomaly[from + row] = abnormality(value);
			}
		},
		prediction({ values, width }: Block, from: number, count: number) {
			const { forecast = [] } = description;
			if (forecast.length > 1) {
				predictions.forecast ??= {
					names: forecast,
					values: forecast.map(() => new Float64Array(rows).fill(Number.NaN)),
				};
				spread({ values, width }, predictions.forecast.values, from, count);
				return;
			}
			const asText = description.task === 'classification';
			predictions.prediction ??= asText ? new Array<string>(rows).fill('') : new Float64Array(rows).fill(Number.NaN);
			for (let row = 0; row < count; row++) {
				const value = values[row * width];
				predictions.prediction[from + row] = asText ? String(value) : Number(value);
			}
		},
		proba({ values, width }: Block, from: number, count: number) {
			const { classes } = description;
			predictions.proba ??= {
				classes: Array.from({ length: width }, (_, index) => classes[index] ?? String(index)),
				values: Array.from({ length: width }, () => new Float64Array(rows).fill(Number.NaN)),
			};
			spread({ values, width }, predictions.proba.values, from, count);
		},
	};

	return {
		add(from, count, answer) {
			for (const role of ['label', 'score', 'prediction', 'proba'] as const) {
				const name = outputs[role];
				if (name !== undefined) parts[role](blockOf(answer[name], name, count), from, count);
			}
		},
		finish(rejected) {
			for (const { row } of rejected) blank(predictions, row);
			return { ...predictions, rejected };
		},
	};
}

/** The columns of a block, each into an array of its own. */
function spread({ values, width }: Block, into: readonly Float64Array[], from: number, count: number): void {
	into.forEach((target, column) => {
		for (let row = 0; row < count; row++) target[from + row] = Number(values[row * width + column]);
	});
}

/** From a score to 0 to 1, higher is more abnormal; half is the border where one is known. */
function abnormalityOf({ score, threshold }: ModelDescription): (value: number) => number {
	// An error on the threshold is half.
	if (score === 'error')
		return (value) => (value === Number.POSITIVE_INFINITY ? 1 : value / (value + (threshold ?? 1)));
	// A decision of 0 is the border of scikit-learn's forests, whose scores lie around −0.5.
	const border = score === 'decision' ? 0.5 : 0;
	return (value) => Math.min(1, Math.max(0, border - value));
}

interface Block {
	values: Values;
	width: number;
}

function blockOf(value: OnnxValue | undefined, name: string, rows: number): Block {
	if (value === undefined || !('dims' in value) || value.dims[0] !== rows) {
		throw new PerchError('invalid_model', `The output ${name} has not one row for each of the ${rows} rows given.`, {
			hint: 'Export the model with a batch size that may change.',
		});
	}
	return { values: value.data as Values, width: value.dims.slice(1).reduce((product, size) => product * size, 1) };
}

function blank(predictions: Predictions, row: number): void {
	const { label, score, anomaly_score, prediction, proba, forecast } = predictions;
	if (label) label[row] = 0;
	if (score) score[row] = Number.NaN;
	if (anomaly_score) anomaly_score[row] = Number.NaN;
	if (prediction) prediction[row] = Array.isArray(prediction) ? '' : Number.NaN;
	for (const values of [...(proba?.values ?? []), ...(forecast?.values ?? [])]) values[row] = Number.NaN;
}
