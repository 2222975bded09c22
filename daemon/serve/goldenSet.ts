/** Rows whose answers are known: taken when a version is made, asked again whenever one is loaded. */
import { cellOf, columnOf, type Table } from '../data/table.ts';
import { spreadRows } from '../learn/preparation/featureMatrix.ts';
import type { GoldenAnswer, GoldenSet } from '../onnx/golden.ts';
import type { Model } from '../onnx/model.ts';
import { isPerchError, PerchError } from '../protocol/errors.ts';
import { type RowAnswer, rowAnswers } from './answers.ts';
import { type Field, parseRows, type RowForm, rowForm } from './parseRows.ts';

/** Rows of a plain table, and rows of a series from the first full window on. */
const goldenRows = 16;
/** A runtime on another processor may differ by so much of the greatest of 1, the value and the deviation of all values. */
const relative = 1e-5;

/**
 * Asks a model about a few of the raw rows that it was made of, by the way that requests go. Rows that no request could
 * send are passed over; null where the table lacks what callers send (its columns were parsed elsewhere).
 */
export async function makeGolden(model: Model, raw: Table): Promise<GoldenSet | null> {
	const { description } = model;
	const form = rowForm(description);
	const fields = form.series?.columns ?? form.inputs;
	if (form.openInput !== null || !fields.every(({ name }) => raw.columns.some((column) => column.name === name))) {
		return null;
	}
	const places =
		form.series === null
			? spreadRows(raw.rows, goldenRows)
			: firstSeries(raw, description.key, form.series.window.size + goldenRows - 1);
	const rows = Array.from(places, (place) => rowAt(raw, fields, place)).filter((row) => isTaken(row, form));
	return rows.length === 0 ? null : { rows, answers: await answersTo(model, form, rows) };
}

/** Asks again; throws `model_mismatch` naming the first row that is answered otherwise. */
export async function checkGolden(model: Model, { rows, answers }: GoldenSet, name: string): Promise<void> {
	if (rows.length === 0) return;
	const given = await answersTo(model, rowForm(model.description), rows).catch((error: unknown) => {
		if (!isPerchError(error)) throw error;
		throw mismatch(name, `cannot be asked about the rows that travel with it: ${error.message}`, error);
	});
	const tolerance = toleranceOf(answers.flatMap(numbersOf));
	answers.forEach((expected, row) => {
		if (isSame(expected, given[row] ?? null, tolerance, model.description.threshold)) return;
		const [was, is] = [JSON.stringify(expected), JSON.stringify(given[row])];
		throw mismatch(name, `says ${is} of row ${row + 1} of the rows that travel with it, and said ${was}`);
	});
}

function rowAt(raw: Table, fields: readonly Field[], place: number): GoldenSet['rows'][number] {
	const cells = fields.map(({ name }) => [name, cellOf(columnOf(raw, name), place)] as const);
	return Object.fromEntries(cells);
}

function isTaken(row: GoldenSet['rows'][number], form: RowForm): boolean {
	try {
		parseRows([row], form);
		return true;
	} catch (error) {
		if (isPerchError(error)) return false;
		throw error;
	}
}

/** The first rows of the series that the first row is of. */
function firstSeries(raw: Table, key: string | null, limit: number): number[] {
	const column = raw.columns.find(({ name }) => name === key);
	const of = column === undefined ? () => null : (row: number) => cellOf(column, row);
	const places: number[] = [];
	for (let row = 0; row < raw.rows && places.length < limit; row++) if (of(row) === of(0)) places.push(row);
	return places;
}

async function answersTo(model: Model, form: RowForm, rows: GoldenSet['rows']): Promise<GoldenAnswer[]> {
	// As JSON, for what cannot be sent (an infinite number) is null there.
	const parsed = parseRows(JSON.parse(JSON.stringify(rows)), form);
	return rowAnswers(parsed, await model.infer(parsed.table));
}

function numbersOf(answer: RowAnswer): number[] {
	if (typeof answer === 'number') return [answer];
	if (typeof answer !== 'object' || answer === null) return [];
	if ('proba' in answer) return Object.values(answer.proba);
	if ('forecast' in answer) return Object.values(answer.forecast).filter((value) => value !== null);
	return [answer.score, answer.anomaly_score].filter((value) => value !== null);
}

function toleranceOf(values: readonly number[]): (value: number) => number {
	const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
	const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
	return (value) => relative * Math.max(1, Math.abs(value), deviation);
}

/** Labels count where the numbers are not so near to the border that the tolerance decides them. */
function isSame(
	expected: GoldenAnswer,
	given: RowAnswer,
	tolerance: (value: number) => number,
	threshold: number | null,
): boolean {
	const [before, now] = [numbersOf(expected), numbersOf(given)];
	if (before.length !== now.length || typeof expected !== typeof given) return false;
	const isNear = (a: number, b: number) => Math.abs(a - b) <= tolerance(a);
	if (!before.every((value, index) => isNear(value, now[index] as number))) return false;
	if (typeof expected === 'string') return expected === given;
	if (typeof expected !== 'object' || expected === null) return (expected === null) === (given === null);
	if ('forecast' in expected) return true;
	const [first = 0, second = 0] = [...before].sort((a, b) => b - a);
	const isClose = 'proba' in expected ? isNear(first, second) : isNear(expected.score ?? 0, threshold ?? Number.NaN);
	return isClose || expected.label === (given as { label: number | string }).label;
}

function mismatch(name: string, what: string, cause?: unknown): PerchError {
	return new PerchError('model_mismatch', `${name} ${what}.`, {
		hint: 'Its graph was changed since it was made, or this runtime computes otherwise: train the model again.',
		cause,
	});
}
