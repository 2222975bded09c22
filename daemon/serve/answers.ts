/** What a model said, as callers and the log get it. */

import type { Column, Table } from '../data/table.ts';
import type { Predictions } from '../onnx/model.ts';
import type { RequestRecord } from '../protocol/serving.ts';
import type { ParsedRows } from './parseRows.ts';

/** The answer to one row: a number or class, an anomaly's label and scores, or a class with its probabilities. */
export type RowAnswer =
	| number
	| string
	| { label: number; score: number | null; anomaly_score: number | null }
	| { label: number | string; proba: Record<string, number> }
	| { forecast: Record<string, number | null> }
	| null;

/** One answer a row of the request, in order; null for rows that the model could not take. */
export function rowAnswers({ rows, origin }: ParsedRows, predictions: Predictions): RowAnswer[] {
	const rejected = new Set(predictions.rejected.map(({ row }) => row));
	const answer = answerOf(predictions);
	if (origin === null && rejected.size === 0) return Array.from({ length: rows }, (_, row) => answer(row));
	const answers = new Array<RowAnswer>(rows).fill(null);
	for (let row = 0; row < predictions.rows; row++) {
		if (!rejected.has(row)) answers[origin?.[row] ?? row] = answer(row);
	}
	return answers;
}

/** The bare list of labels (−1 and 1, or the predictions of a model without labels) that older systems answered. */
export function bareLabels(answers: readonly RowAnswer[]): (number | string | null)[] {
	return answers.map((answer) =>
		typeof answer !== 'object' || answer === null ? answer : 'label' in answer ? answer.label : null,
	);
}

function answerOf({
	label,
	score,
	anomaly_score: anomaly,
	prediction,
	proba,
	forecast,
}: Predictions): (row: number) => RowAnswer {
	if (label !== undefined) {
		return (row) => ({
			label: label[row] as number,
			score: finite(score?.[row]),
			anomaly_score: finite(anomaly?.[row]),
		});
	}
	if (forecast !== undefined) {
		const values = (row: number) => forecast.names.map((name, index) => [name, finite(forecast.values[index]?.[row])]);
		return (row) => ({ forecast: Object.fromEntries(values(row)) });
	}
	const predicted = (row: number): number | string | null => {
		const value = prediction?.[row];
		return typeof value === 'string' ? value : finite(value);
	};
	if (proba === undefined) return predicted;
	return (row) => {
		const value = predicted(row);
		const shares = proba.classes.map((name, index) => [name, proba.values[index]?.[row] ?? 0] as const);
		return value === null ? null : { label: value, proba: Object.fromEntries(shares) };
	};
}

function finite(value: number | undefined): number | null {
	return value !== undefined && Number.isFinite(value) ? value : null;
}

type LoggedColumns = NonNullable<RequestRecord['inputs']>;

/** The inputs of a request for its line in the log: columns as the model saw them. */
export function loggedInputs({ columns }: Table): LoggedColumns {
	return Object.fromEntries(columns.map((column) => [column.name, loggedColumn(column)]));
}

function loggedColumn(column: Column): (number | string | null)[] {
	return column.kind === 'number'
		? Array.from(column.values, finite)
		: Array.from(column.codes, (code) => wellFormed(column.dictionary[code] ?? null));
}

/** Halves of surrogate pairs, which JSON of other programs refuses, become the replacement character. */
function wellFormed(text: string | null): string | null {
	return text !== null && /[\ud800-\udfff]/.test(text) ? Buffer.from(text).toString() : text;
}

/** The outputs of a request for its line in the log. */
export function loggedOutputs({
	label,
	score,
	anomaly_score: anomaly,
	prediction,
	proba,
	forecast,
}: Predictions): LoggedColumns {
	const columns: [string, ArrayLike<number | string> | undefined][] = [
		['label', label],
		['score', score],
		['anomaly_score', anomaly],
		['prediction', prediction],
		...(proba?.classes.map((name, index): [string, Float64Array | undefined] => [
			`proba_${name}`,
			proba.values[index],
		]) ?? []),
		...(forecast?.names.map((name, index): [string, Float64Array | undefined] => [
			`prediction_${name}`,
			forecast.values[index],
		]) ?? []),
	];
	return Object.fromEntries(
		columns.flatMap(([name, values]) =>
			values === undefined
				? []
				: [[name, Array.from(values, (value) => (typeof value === 'string' ? value : finite(value)))]],
		),
	);
}
