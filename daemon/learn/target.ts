/** The target column of a model that predicts: numbers or classes, and the rows that have one. */
import { type Column, columnOf, type Table } from '../data/table.ts';
import { greatestFloat } from '../onnx/description.ts';
import { textOf } from '../onnx/feeds.ts';
import { PerchError } from '../protocol/errors.ts';
import { readWeights } from './weights/sampleWeights.ts';

interface WeighedRows {
	readonly rows: Uint32Array;
	/** How much each row counts, in training and in what is measured; all alike where there are none. */
	readonly weights?: Float64Array | undefined;
}

/** By row of the table; rows without a target hold NaN or code 0, and are not among `rows`, nor are those of weight 0. */
export type Target =
	| (WeighedRows & { readonly task: 'regression'; readonly values: Float64Array })
	| (WeighedRows & {
			readonly task: 'classification';
			readonly codes: Uint16Array;
			/** In their order: numbers by value, text by its code units. */
			readonly classes: readonly string[];
	  });

const mostClasses = 100;

/**
 * Reads the target. The task is that which was asked for, else classification for text, booleans and whole numbers of up
 * to 20 values, and regression for other numbers. `weight` names the column that says how much each row counts.
 * Throws `invalid_data` for a target that the task cannot take, and for weights that are none.
 */
export function readTarget(
	table: Table,
	name: string,
	asked: 'regression' | 'classification' | undefined,
	weight: string | null = null,
): Target {
	const column = columnOf(table, name);
	const task = asked ?? likelyTask(column);
	const weights = weight === null ? undefined : readWeights(table, weight);
	const counts = (row: number) => weights === undefined || (weights[row] as number) > 0;
	const target = task === 'regression' ? readNumbers(column, counts) : readClasses(column, counts);
	return weights === undefined ? target : { ...target, weights };
}

function likelyTask(column: Column): Target['task'] {
	if (column.kind === 'string' || column.type === 'boolean') return 'classification';
	if (column.type !== 'integer') return 'regression';
	const seen = new Set<number>();
	for (const value of column.values) {
		if (!Number.isNaN(value)) seen.add(value);
		if (seen.size > 20) return 'regression';
	}
	return 'classification';
}

function readNumbers(column: Column, counts: (row: number) => boolean): Target {
	if (column.kind === 'string' || column.type === 'date' || column.type === 'timestamp') {
		throw unfit(column, `holds ${column.kind === 'string' ? 'text' : 'times'}, and regression takes numbers`);
	}
	const { values } = column;
	const rows = presentRows(values.length, (row) => Number.isFinite(values[row]) && counts(row));
	if (rows.length === 0) throw unfit(column, 'is empty in every row');
	const far = rows.find((row) => Math.abs(values[row] as number) > greatestFloat);
	if (far !== undefined) {
		const hint = 'Divide it in data.derive, and name that column in data.target.';
		throw unfit(column, `holds ${values[far]}, and models answer with numbers of up to 3.4e38`, hint);
	}
	return { task: 'regression', values, rows };
}

function readClasses(column: Column, counts: (row: number) => boolean): Target {
	if (column.type === 'date' || column.type === 'timestamp') throw unfit(column, 'holds times, which are no classes');
	const byValue = column.kind === 'number' && column.type !== 'boolean';
	const { length } = column.kind === 'string' ? column.codes : column.values;
	const isThere =
		column.kind === 'string'
			? (row: number) => (column.codes[row] as number) >= 0
			: (row: number) => !Number.isNaN(column.values[row]);
	const rows = presentRows(length, (row) => isThere(row) && counts(row));
	const word = textOf(column);
	const names = new Set<string>();
	for (const row of rows) {
		names.add(word(row));
		if (names.size > mostClasses) throw unfit(column, `has over ${mostClasses} classes`);
	}
	if (names.size < 2)
		throw unfit(
			column,
			names.size === 0 ? 'is empty in every row' : `is ${JSON.stringify([...names][0])} in every row`,
		);
	const classes = [...names].sort(byValue ? (a, b) => Number(a) - Number(b) : undefined);
	const places = new Map(classes.map((one, place) => [one, place]));
	const codes = new Uint16Array(length);
	for (const row of rows) codes[row] = places.get(word(row)) as number;
	return { task: 'classification', codes, classes, rows };
}

function presentRows(length: number, isThere: (row: number) => boolean): Uint32Array {
	const rows = new Uint32Array(length);
	let count = 0;
	for (let row = 0; row < length; row++) if (isThere(row)) rows[count++] = row;
	return rows.subarray(0, count);
}

const nameAnother = 'Name the column to predict in data.target, and regression or classification in model.task.';

function unfit({ name }: Column, why: string, hint = nameAnother): PerchError {
	return new PerchError('invalid_data', `The target ${JSON.stringify(name)} ${why}.`, { field: 'data.target', hint });
}
