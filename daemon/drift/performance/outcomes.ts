/** What is known of the rows of one sample: the truth, and what a model said. */
import { type Column, lengthOf, type Table } from '../../data/table.ts';
import type { PerformanceTask } from '../../protocol/driftPerformance.ts';
import { PerchError } from '../../protocol/errors.ts';

/** Columns of equal length, in the order of the rows of `table`. */
export interface ScoredRows {
	/** The features by which figures are parted. */
	table: Table;
	/** null: the labels are not known. */
	target: Column | null;
	/** null: nothing was predicted. */
	prediction: Column | null;
	/** Higher is more abnormal (anomalies). */
	anomalyScore: Float64Array | null;
	proba: { classes: readonly string[]; values: readonly Float64Array[] } | null;
}

export interface BothSamples<T> {
	reference: T;
	current: T;
}

const mostWholeClasses = 10;

/**
 * What the columns show: text and booleans are classes; predictions of −1 and 1 beside labels of −1, 0 and 1 are anomalies;
 * whole numbers with up to 10 different labels are classes where the predictions are whole too, and where two labels meet
 * predictions from 0 to 1, which are then the probability of the larger one; all else are numbers.
 */
export function guessTask(samples: BothSamples<ScoredRows>): PerformanceTask {
	const targets = [samples.reference.target, samples.current.target].filter((column) => column !== null);
	const predictions = [samples.reference.prediction, samples.current.prediction].filter((column) => column !== null);
	const all = [...targets, ...predictions];
	if (all.some((column) => column.kind === 'string' || column.type === 'boolean')) return 'classification';
	const [labels, answers] = [distinctOf(targets), distinctOf(predictions)];
	const within = (values: Set<number> | null, allowed: readonly number[]) =>
		values !== null && [...values].every((value) => allowed.includes(value));
	if (answers?.has(-1) && within(answers, [-1, 1]) && within(labels, [-1, 0, 1])) return 'anomaly';
	if (labels === null || labels.size > mostWholeClasses || ![...labels].every(Number.isInteger)) return 'regression';
	const whole = answers !== null && [...answers].every(Number.isInteger);
	return whole || (labels.size <= 2 && predictions.every(isProbability)) ? 'classification' : 'regression';
}

/** Whether numbers are all of 0 to 1, and not all whole. */
export function isProbability(column: Column): boolean {
	if (column.kind === 'string') return false;
	const { values } = column;
	return (
		values.every((value) => Number.isNaN(value) || (value >= 0 && value <= 1)) &&
		values.some((value) => value > 0 && value < 1)
	);
}

const mostDistinct = 1000;

/** The different numbers; null for many. */
function distinctOf(columns: readonly Column[]): Set<number> | null {
	const found = new Set<number>();
	for (const column of columns) {
		if (column.kind === 'string') continue;
		for (const value of column.values) {
			if (!Number.isNaN(value)) found.add(value);
			if (found.size > mostDistinct) return null;
		}
	}
	return found;
}

/** Numbers of a column; throws `invalid_data` for text. */
export function numbersOf(column: Column, what: string): Float64Array {
	if (column.kind === 'number') return column.values;
	throw new PerchError(
		'invalid_data',
		`The ${what} ${JSON.stringify(column.name)} holds text: there is no error of text.`,
		{
			field: column.name,
			hint: 'Name a column of numbers, or judge it as classes with --task classification.',
		},
	);
}

/** Rows where both are known, ascending. */
export function rowsWithBoth(
	truth: ArrayLike<number>,
	predicted: ArrayLike<number>,
	known: (value: number) => boolean,
): Uint32Array {
	const rows: number[] = [];
	for (let row = 0; row < truth.length; row++) {
		if (known(truth[row] as number) && known(predicted[row] as number)) rows.push(row);
	}
	return Uint32Array.from(rows);
}

/** How many rows a sample has. */
export function rowsOf({ table, target, prediction }: ScoredRows): number {
	const column = target ?? prediction;
	return column === null ? table.rows : lengthOf(column);
}
