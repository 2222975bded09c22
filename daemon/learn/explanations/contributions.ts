/** What each column adds to what a model says, of single rows and on average. */
import { type Table, takeRows } from '../../data/table.ts';
import { type CheckedFile, checkModelBytes, checkModelFile } from '../../onnx/checkFile.ts';
import type { ModelDescription } from '../../onnx/description.ts';
import { innerValues } from '../../onnx/innerValues.ts';
import { describeModel, signatureOf } from '../../onnx/signature.ts';
import type { Contributions } from '../../protocol/explanations.ts';
import { spreadRows } from '../preparation/featureMatrix.ts';
import { createTreeShap } from './treeShap.ts';
import { treesOfGraph } from './treesOfGraph.ts';

/** Rows of a mean, at most; steps of the inner loop of TreeSHAP, at most, about two seconds. */
const mostRows = 200;
const mostWork = 1e9;
const fewestRows = 10;
const mostColumns = 50;
const abnormalRows = 50;

/** What the columns add up to: base + Σ = what is said. */
export interface RowContributions {
	readonly method: Contributions['method'];
	readonly unit: Contributions['unit'];
	/** An output of the model each: null, or the class. */
	readonly classes: readonly (string | null)[];
	readonly columns: readonly string[];
	readonly base: Float64Array;
	/** Rows that can be explained in a few seconds. */
	readonly affordable: number;
	/** `[rows × outputs × columns]`. */
	explain(rows: Table): Promise<Float64Array>;
}

/** How a model's rows are explained, or why they cannot be. Throws `file_not_found` and `invalid_model`. */
export async function openContributions(source: string | Uint8Array): Promise<RowContributions | string> {
	const checked = typeof source === 'string' ? await checkModelFile(source) : checkModelBytes(source);
	const description = describeModel(checked, signatureOf(checked, {}), {});
	return description.outputs.errors === undefined
		? ofTrees(checked, description)
		: ofErrors(checked, description, description.outputs.errors);
}

function ofTrees(checked: CheckedFile, description: ModelDescription): RowContributions | string {
	const found = treesOfGraph(checked);
	if (typeof found === 'string') return found;
	const columns = columnsOfFeatures(description);
	const { outputs } = description;
	const { length: count } = found.start;
	const features = description.features.length;
	const shap = createTreeShap(found.trees, found.start, features);
	const isProbability = outputs.proba === found.said;
	return {
		method: 'tree_shap',
		unit:
			description.task === 'regression'
				? 'target'
				: description.task === 'anomaly'
					? 'log2_anomaly_score'
					: isProbability
						? 'probability'
						: 'log_odds',
		// The one score of two classes speaks for the second.
		classes:
			description.task !== 'classification'
				? [null]
				: count === 1
					? [description.classes[1] ?? null]
					: description.classes,
		columns: columns.names,
		base: shap.base,
		affordable: Math.floor(mostWork / shap.work),
		async explain(rows) {
			const { width, values } = await innerValues(checked, description, found.features, rows);
			const all = new Float64Array(rows.rows * count * columns.names.length);
			const sums = new Float64Array(count * features);
			for (let row = 0; row < rows.rows; row++) {
				sums.fill(0);
				shap.add(values.subarray(row * width, (row + 1) * width), sums);
				addByColumn(sums, columns.of, count, all, row * count * columns.names.length, columns.names.length);
			}
			return all;
		},
	};
}

/** The score is the mean of the errors of the features. */
function ofErrors(checked: CheckedFile, description: ModelDescription, errors: string): RowContributions {
	const columns = columnsOfFeatures(description);
	return {
		method: 'errors',
		unit: 'score',
		classes: [null],
		columns: columns.names,
		base: Float64Array.of(0),
		affordable: Number.POSITIVE_INFINITY,
		async explain(rows) {
			const { width, values } = await innerValues(checked, description, errors, rows);
			const all = new Float64Array(rows.rows * columns.names.length);
			for (let row = 0; row < rows.rows; row++) {
				const shares = Float64Array.from(values.subarray(row * width, (row + 1) * width), (error) => error / width);
				addByColumn(shares, columns.of, 1, all, row * columns.names.length, columns.names.length);
			}
			return all;
		},
	};
}

/** The column that each feature comes from: those of encoded text are named `column=category`. */
function columnsOfFeatures({ features, inputs }: ModelDescription): { names: string[]; of: Int32Array } {
	const known = new Set(inputs.map(({ name }) => name));
	const longestFirst = [...known].sort((a, b) => b.length - a.length);
	const names: string[] = [];
	const of = Int32Array.from(features, (feature) => {
		const column = known.has(feature)
			? feature
			: (longestFirst.find((name) => feature.startsWith(`${name}=`)) ?? feature);
		const place = names.indexOf(column);
		return place < 0 ? names.push(column) - 1 : place;
	});
	return { names, of };
}

function addByColumn(
	sums: Float64Array,
	of: Int32Array,
	outputs: number,
	all: Float64Array,
	from: number,
	columns: number,
): void {
	for (let output = 0; output < outputs; output++) {
		for (let feature = 0; feature < of.length; feature++) {
			const to = from + output * columns + (of[feature] as number);
			all[to] = (all[to] as number) + (sums[output * of.length + feature] as number);
		}
	}
}

/**
 * The mean over a sample of rows, and with anomaly scores (higher is more abnormal) that of the most abnormal ones. A text
 * says why there is none.
 */
export async function meanContributions(
	source: Uint8Array,
	rows: Table,
	anomalyScores: Float64Array | null,
): Promise<Contributions | string> {
	const opened = await openContributions(source);
	if (typeof opened === 'string') return opened;
	const { method, unit, classes, columns, base, affordable } = opened;
	if (affordable < fewestRows)
		return 'Its trees are too many and too deep for a mean over rows; single rows can be asked for.';
	const sample = spreadRows(rows.rows, Math.min(mostRows, affordable));
	const values = await opened.explain(takeRows(rows, sample));
	const mean = (of: Float64Array, count: number, output: number, column: number, read: (value: number) => number) => {
		let sum = 0;
		for (let row = 0; row < count; row++) {
			sum += read(of[(row * classes.length + output) * columns.length + column] as number);
		}
		return sum / count;
	};
	const abnormal = anomalyScores === null ? null : mostAbnormal(anomalyScores, Math.min(abnormalRows, affordable));
	const ofAbnormal = abnormal && (await opened.explain(takeRows(rows, abnormal)));
	return {
		method,
		unit,
		rows: sample.length,
		outputs: classes.map((name, output) => ({
			class: name,
			base: base[output] as number,
			columns: columns
				.map((column, at) => ({
					column,
					mean_absolute: mean(values, sample.length, output, at, Math.abs),
					mean: mean(values, sample.length, output, at, Number),
				}))
				.sort((a, b) => b.mean_absolute - a.mean_absolute)
				.slice(0, mostColumns),
		})),
		abnormal:
			abnormal && ofAbnormal
				? {
						rows: abnormal.length,
						columns: columns
							.map((column, at) => ({ column, mean: mean(ofAbnormal, abnormal.length, 0, at, Number) }))
							.sort((a, b) => b.mean - a.mean)
							.slice(0, mostColumns),
					}
				: null,
	};
}

function mostAbnormal(scores: Float64Array, count: number): Uint32Array {
	return Uint32Array.from(scores.keys())
		.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
		.slice(0, Math.max(1, Math.min(count, Math.round(scores.length / 20))))
		.sort();
}
