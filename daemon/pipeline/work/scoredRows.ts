/** What a model, or a column of the data, says of the rows of one sample. */
import { type Column, numberColumn, stringColumn, type Table } from '../../data/table.ts';
import type { ScoredRows } from '../../drift/performance/outcomes.ts';
import { type SampledTable, sampleRows } from '../../drift/segments/sampleRows.ts';
import type { Model, Predictions } from '../../onnx/model.ts';
import type { ProjectRows } from './projectRows.ts';
import { rowsForModel } from './windowed.ts';

/** Rows as they were read. */
export type ReadRows = Pick<ProjectRows, 'table' | 'origin'>;

export type Side = 'reference' | 'current';

/** One sample with its predictions. */
export interface ScoredSide {
	sample: SampledTable;
	/** The columns that the predictions are judged by. */
	said: Column[];
	rows: ScoredRows;
}

/** Scores the rows of a table, or a sample of many; a model of windows takes those of the whole series. */
export async function scoreWithModel(
	model: Model,
	{ table, origin }: ReadRows,
	side: Side,
	target: string | null,
): Promise<ScoredSide> {
	const kept = model.description.window === null || marksWindows(named(table, target)) ? target : null;
	const sample = sampleRows(await rowsForModel(table, model.description, origin, kept), side);
	const predictions = await model.infer(sample.table);
	const { label, anomaly_score: score, proba } = predictions;
	const rejected = new Set(predictions.rejected.map(({ row }) => row));
	const labels = label && Float64Array.from(label, (value, row) => (rejected.has(row) ? Number.NaN : value));
	const labelColumn = labels && numberColumn('label', labels, 'integer');
	const prediction = predictionOf(predictions);
	const likely = proba?.classes.length === 2 ? proba.values[1] : undefined;
	const columns = [
		labelColumn,
		score && numberColumn('anomaly_score', score),
		prediction,
		likely && numberColumn(`proba_${proba?.classes[1]}`, likely),
	];
	return {
		sample,
		said: columns.filter((column) => column !== undefined),
		rows: {
			table: sample.table,
			target: named(sample.table, target),
			prediction: prediction ?? labelColumn ?? null,
			anomalyScore: score ?? null,
			proba: proba ?? null,
		},
	};
}

/** Whether a window can be labelled by its rows: 1 where one of them is above 0. */
function marksWindows(target: Column | null): boolean {
	return target?.kind === 'number' && !target.values.some((value) => value < 0);
}

function predictionOf({ prediction }: Predictions): Column | undefined {
	if (prediction === undefined) return undefined;
	if (prediction instanceof Float64Array) return numberColumn('prediction', prediction);
	return stringColumn(
		'prediction',
		prediction.map((value) => (value === '' ? null : value)),
	);
}

/**
 * Predictions that lie in the data, with what `perch predict` writes beside them: `anomaly_score`, and `proba_<class>` of
 * every class.
 */
export function scoreFromColumn(table: Table, side: Side, name: string, target: string | null): ScoredSide {
	const sample = sampleRows(table, side);
	const score = named(sample.table, 'anomaly_score');
	const prefix = 'proba_';
	const proba = sample.table.columns.flatMap((column) =>
		column.kind === 'number' && column.name.startsWith(prefix) ? [column] : [],
	);
	const prediction = named(sample.table, name);
	const whole = named(table, name);
	return {
		sample,
		said: whole === null ? [] : [whole],
		rows: {
			table: sample.table,
			target: named(sample.table, target),
			prediction,
			anomalyScore: score?.kind === 'number' ? score.values : null,
			proba:
				proba.length < 2
					? null
					: {
							classes: proba.map((column) => column.name.slice(prefix.length)),
							values: proba.map(({ values }) => values),
						},
		},
	};
}

function named({ columns }: Table, name: string | null): Column | null {
	return columns.find((column) => column.name === name) ?? null;
}
