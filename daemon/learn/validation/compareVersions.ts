/** Two versions measured with the same rows, and how sure their difference is. */
import type { Table } from '../../data/table.ts';
import { openModel, type Predictions } from '../../onnx/model.ts';
import { persistentLabels } from '../../onnx/persist.ts';
import { PerchError } from '../../protocol/errors.ts';
import { blockLength, bootstrapInterval } from '../../stats/pairedBootstrap.ts';
import { readLabels } from '../labels.ts';
import { anomalyMetrics, holdsBoth, type Labels, rankingMetrics } from '../metrics/anomalyMetrics.ts';
import { measure } from '../metrics/measure.ts';
import { readTarget, type Target } from '../target.ts';

/** A metric of both versions on the same rows. */
export interface VersionsCompared {
	/** Rows that both versions answered. */
	rows: number;
	value: number;
	other: number;
	/** `value − other`, and its 95 % interval by paired bootstrap. */
	difference: number;
	low: number;
	high: number;
}

const measuredTasks = ['regression', 'classification', 'anomaly'] as const;
type MeasuredTask = (typeof measuredTasks)[number];

/** Whether rows with a target say how good a model of this task is. */
export function isMeasuredTask(task: string): task is MeasuredTask {
	return (measuredTasks as readonly string[]).includes(task);
}

/** What one version is worth on rows that are known by their place among those compared. */
export interface Measurer {
	/** Metrics of some of them, drawn with replacement. */
	metrics(drawn: Uint32Array): Record<string, number>;
	/** How far off it is in one. */
	loss(at: number): number;
}

/**
 * Scores the rows with both files and compares the metrics that are asked for, by name; one that these rows do not give
 * is left out. `weight` names the column that says how much each row counts. Throws what the other model says where it cannot take the rows.
 */
export async function compareVersions(
	rows: Table,
	target: string,
	task: MeasuredTask,
	own: string | Uint8Array,
	other: string,
	metrics: readonly string[],
	weight: string | null = null,
): Promise<Record<string, VersionsCompared>> {
	const [first, second] = [await answersOf(own, rows), await answersOf(other, rows)];
	const rejected = new Set([...first.rejected, ...second.rejected].map(({ row }) => row));
	const truth = truthOf(rows, target, task, weight);
	const kept = truth.rows.filter((row) => !rejected.has(row));
	return compareMeasured(kept.length, metrics, [truth.measurer(kept, first), truth.measurer(kept, second)]);
}

/** Holds two versions against each other on so many rows that both answered, each row drawn for both. */
export function compareMeasured(
	rows: number,
	metrics: readonly string[],
	[own, other]: readonly [Measurer, Measurer],
): Record<string, VersionsCompared> {
	if (rows < 2) {
		throw new PerchError('empty_data', 'Both versions answer fewer than two rows that have a target.');
	}
	const everyRow = Uint32Array.from({ length: rows }, (_, row) => row);
	const [mine, theirs] = [own.metrics(everyRow), other.metrics(everyRow)];
	// Errors of neighbours in time resemble one another: as many rows say less than if each stood for itself.
	const block = blockLength(Float64Array.from(everyRow, (at) => own.loss(at) - other.loss(at)));
	const compared = metrics.flatMap((metric): [string, VersionsCompared][] => {
		const name = metric.replace(/^test_/, '');
		const [value, against] = [mine[name], theirs[name]];
		if (value === undefined || against === undefined) return [];
		const difference = (drawn: Uint32Array) =>
			(own.metrics(drawn)[name] ?? Number.NaN) - (other.metrics(drawn)[name] ?? Number.NaN);
		const interval = bootstrapInterval(rows, 7, difference, block);
		return [[metric, { rows, value, other: against, difference: value - against, ...interval }]];
	});
	return Object.fromEntries(compared);
}

async function answersOf(source: string | Uint8Array, rows: Table): Promise<Predictions> {
	const model = await openModel(source);
	try {
		return persistentLabels(model.description)(await model.infer(rows), rows);
	} finally {
		await model.close();
	}
}

interface Truth {
	/** The rows that have a target. */
	rows: Uint32Array;
	measurer(rows: Uint32Array, said: Predictions): Measurer;
}

function truthOf(table: Table, name: string, task: MeasuredTask, weight: string | null): Truth {
	if (task !== 'anomaly') {
		const target = readTarget(table, name, task, weight);
		return { rows: target.rows, measurer: (rows, said) => predictionMeasurer(target, rows, said) };
	}
	const labels = readLabels(table, name);
	return {
		rows: Uint32Array.from(labels.keys()).filter((row) => (labels[row] as number) >= 0),
		measurer: (rows, said) => anomalyMeasurer(rows, labels, rows, said),
	};
}

/** `places` are those of the answers to `rows`. */
export function anomalyMeasurer(
	rows: Uint32Array,
	labels: Labels,
	places: Uint32Array,
	{ anomaly_score: scores, label }: Predictions,
): Measurer {
	if (scores === undefined || label === undefined) throw otherTask('anomaly');
	return {
		metrics(drawn) {
			const known = Int8Array.from(drawn, (at) => labels[rows[at] as number] as number);
			if (!holdsBoth(known)) return {};
			const pick = (values: ArrayLike<number>, sign: 1 | -1) =>
				Float64Array.from(drawn, (at) => sign * (values[places[at] as number] as number));
			return {
				...anomalyMetrics(pick(label, 1), known, 0, 'path'),
				...rankingMetrics(pick(scores, -1), known),
			};
		},
		loss: (at) => ((scores[places[at] as number] as number) - (labels[rows[at] as number] as number)) ** 2,
	};
}

function predictionMeasurer(target: Target, rows: Uint32Array, said: Predictions): Measurer {
	const [width, answers] = target.task === 'regression' ? [1, numbersOf(said)] : classAnswers(target.classes, said);
	return {
		metrics(drawn) {
			const taken = new Float64Array(drawn.length * width);
			for (let at = 0; at < drawn.length; at++) {
				const from = (rows[drawn[at] as number] as number) * width;
				for (let one = 0; one < width; one++) taken[at * width + one] = answers[from + one] as number;
			}
			return measure(
				target,
				drawn.map((at) => rows[at] as number),
				taken,
			);
		},
		loss(at) {
			const row = rows[at] as number;
			return target.task === 'regression'
				? ((answers[row] as number) - (target.values[row] as number)) ** 2
				: 1 - (answers[row * width + (target.codes[row] as number)] as number);
		},
	};
}

function numbersOf({ prediction }: Predictions): Float64Array {
	if (prediction instanceof Float64Array) return prediction;
	throw otherTask('regression');
}

/** Probabilities of these classes, row by row; a class that the model does not know is never said. */
function classAnswers(classes: readonly string[], { rows, proba, prediction }: Predictions): [number, Float64Array] {
	const width = classes.length;
	const answers = new Float64Array(rows * width);
	if (proba === undefined && !Array.isArray(prediction)) throw otherTask('classification');
	for (const [place, one] of classes.entries()) {
		const shares = proba?.values[proba.classes.indexOf(one)];
		for (let row = 0; row < rows; row++) {
			answers[row * width + place] = proba === undefined ? +(prediction?.[row] === one) : (shares?.[row] ?? 0);
		}
	}
	return [width, answers];
}

export function otherTask(task: string): PerchError {
	return new PerchError('invalid_model', `The other version does no ${task}.`);
}
