/** What a model, or a column of the data, says of the rows of one sample. */
import { type ColumnSource, readWhole } from '../../data/columnSource.ts';
import { type Column, numberColumn, stringColumn, type Table, takeColumn } from '../../data/table.ts';
import type { ScoredRows } from '../../drift/performance/outcomes.ts';
import { type SampledTable, sampledRows, sampleRows } from '../../drift/segments/sampleRows.ts';
import { inputColumns } from '../../onnx/description.ts';
import type { Model, Predictions } from '../../onnx/model.ts';
import type { Origin } from './rowPlaces.ts';
import { rowsForModel } from './windowed.ts';

/** A side as it was read, before its rows became those of a model. */
export interface ReadSide {
	source: ColumnSource;
	origin: Origin;
	/** Rows of all its columns; null while they are not at hand. */
	sample: SampledTable | null;
}

export type Side = 'reference' | 'current';

/** One sample with its predictions. */
export interface ScoredSide {
	sample: SampledTable;
	/** The columns that the predictions are judged by. */
	said: Column[];
	rows: ScoredRows;
}

/** Rows of all columns of a side: those at hand, else read a few columns at a time. */
export async function sampleOf(read: ReadSide, side: Side): Promise<SampledTable> {
	read.sample ??= await readSample(read.source, side);
	return read.sample;
}

async function readSample(source: ColumnSource, side: Side): Promise<SampledTable> {
	const rows = sampledRows(source.rows, side);
	const table: Table = { rows: rows?.length ?? source.rows, columns: [] };
	for (const name of source.names) {
		const columns = await source.read([name]);
		table.columns.push(...(rows === null ? columns : columns.map((column) => takeColumn(column, rows))));
	}
	return { table, rows };
}

/** Scores the rows of a side, or a sample of many; a model of windows takes those of the whole series. */
export async function scoreWithModel(
	model: Model,
	read: ReadSide,
	side: Side,
	target: string | null,
): Promise<ScoredSide> {
	const sample = await rowsToScore(model.description, read, side, target);
	const predictions = await model.infer(sample.table);
	const { label, anomaly_score: score, proba } = predictions;
	const rejected = new Set(predictions.rejected.map(({ row }) => row));
	const labels = label && Float64Array.from(label, (value, row) => (rejected.has(row) ? Number.NaN : value));
	const labelColumn = labels && numberColumn('label', labels, 'integer');
	const prediction = predictionOf(predictions);
	const likely = proba?.classes.length === 2 ? proba.values[1] : undefined;
	const columns = [
		...(predictions.forecast?.names.map((name, index) => {
			return numberColumn(`prediction_${name}`, predictions.forecast?.values[index] as Float64Array);
		}) ?? []),
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

async function rowsToScore(
	description: Model['description'],
	read: ReadSide,
	side: Side,
	target: string | null,
): Promise<SampledTable> {
	const { source, origin } = read;
	if (
		description.window !== null &&
		!description.inputs.flatMap(inputColumns).every((name) => source.names.includes(name))
	) {
		const whole = await readWhole(source);
		const label = marksWindows(named(whole, target)) ? target : null;
		return sampleRows(await rowsForModel(whole, description, origin, label), side);
	}
	const { table, rows } = await sampleOf(read, side);
	const kept = rows?.map((row) => origin.kept?.[row] ?? row) ?? origin.kept ?? null;
	return { table: await rowsForModel(table, description, { ...origin, kept }, target), rows };
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

const probaPrefix = 'proba_';

/** Whether a column is what `perch predict` writes beside predictions. */
export function isBesidePredictions(name: string): boolean {
	return name === 'anomaly_score' || name.startsWith(probaPrefix);
}

/**
 * Predictions that lie in the data, with what `perch predict` writes beside them: `anomaly_score`, and `proba_<class>` of
 * every class.
 */
export async function scoreFromColumn(
	read: ReadSide,
	side: Side,
	name: string,
	target: string | null,
): Promise<ScoredSide> {
	const sample = await sampleOf(read, side);
	const score = named(sample.table, 'anomaly_score');
	const proba = sample.table.columns.flatMap((column) =>
		column.kind === 'number' && column.name.startsWith(probaPrefix) ? [column] : [],
	);
	const prediction = named(sample.table, name);
	return {
		sample,
		said: [prediction, score, proba.length === 2 ? (proba[1] ?? null) : null].filter((column) => column !== null),
		rows: {
			table: sample.table,
			target: named(sample.table, target),
			prediction,
			anomalyScore: score?.kind === 'number' ? score.values : null,
			proba:
				proba.length < 2
					? null
					: {
							classes: proba.map((column) => column.name.slice(probaPrefix.length)),
							values: proba.map(({ values }) => values),
						},
		},
	};
}

function named({ columns }: Table, name: string | null): Column | null {
	return columns.find((column) => column.name === name) ?? null;
}
