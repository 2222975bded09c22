import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseTable } from '../../data/parse/parseColumns.ts';
import { type FamilyFile, filesOf, readFamily } from '../../data/read/family.ts';
import { placesOf } from '../../data/rowLines.ts';
import { type Column, columnOf, numberColumn, stringColumn, type Table } from '../../data/table.ts';
import { cutWindows } from '../../data/window.ts';
import { writeTable } from '../../data/write.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import type { ModelDescription } from '../../onnx/description.ts';
import { openModel, type Predictions } from '../../onnx/model.ts';
import type { ColumnType } from '../../protocol/columnType.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { Reading } from '../../protocol/reading.ts';
import { inFile } from '../inFile.ts';
import { misfitRefusal, shownCell } from './projectRows.ts';
import { type Origin, placesOfRows } from './rowPlaces.ts';
import { holdsColumns, holdsInputs, presentName } from './windowed.ts';

export interface PredictInput {
	/** Path of the .onnx file, and how the caller named it. */
	file: string;
	model: string;
	input: string;
	output: string;
	reading: Reading;
}

/** Scores a file: one line out for one row in, in order. */
export async function predictWork({ file, model, input, output, reading }: PredictInput, { progress }: JobContext) {
	const inputs = filesOf(input).filter((one) => existsSync(one));
	if (existsSync(output) && inputs.some((one) => realpathSync(one) === realpathSync(output))) {
		throw new PerchError('invalid_arguments', `${output} holds the rows to score, and would be replaced.`, {
			file: output,
			hint: 'Name another file for the answers.',
		});
	}
	progress('Opening the model', 0);
	const opened = await openModel(file, { threads: 2 });
	try {
		progress('Reading the data', 0.1);
		const types = textInputs(opened.description);
		const { table, files, quarantined } = await readFamily(input, { ...reading, types });
		const naming = (error: unknown) => {
			throw inFile(error, input);
		};
		const { rows, places, rejected } = await modelRows(table, opened.description, input, { files }).catch(naming);
		progress('Scoring', 0.4);
		const predictions = await opened.infer(rows).catch(naming);
		for (const { row, reason } of predictions.rejected) rejected.set(places?.[row] ?? row, reason);
		progress('Writing', 0.9);
		mkdirSync(dirname(output), { recursive: true });
		const numbers = rowNumbers(files);
		await writeTable(outputTable(table, numbers, opened.description, predictions, places, rejected), output);
		const named = [...rejected].slice(0, 100);
		const at = await placesOfRows(
			named.map(([row]) => row),
			{ files },
		);
		const reasons = named.map(([row, reason]) => ({
			row: numbers[row] as number,
			line: at.get(row)?.line ?? null,
			reason,
		}));
		return { model, rows: table.rows, rejected: rejected.size, output, quarantined, reasons };
	} finally {
		await opened.close();
	}
}

/** What a model takes as text is text, whatever most cells look like. */
function textInputs({ inputs, key, parse }: ModelDescription): Record<string, ColumnType> {
	const taken = inputs.filter(({ type }) => type === 'string').map(({ name }) => name);
	const texts = [...taken, ...parse.map(({ column }) => column)];
	return Object.fromEntries([...texts, ...(key === null ? [] : [key])].map((name) => [name, 'string']));
}

interface ModelRows {
	/** What the graph takes. */
	rows: Table;
	/** The row of the input that each of them answers; null where they are the same. */
	places: Uint32Array | null;
	/** Why rows of the input cannot be told, by their index. */
	rejected: Map<number, string>;
}

async function modelRows(raw: Table, description: ModelDescription, file: string, origin: Origin): Promise<ModelRows> {
	const { window, columns, key, time, inputs, parse } = description;
	if (window !== null && holdsInputs(raw, inputs)) return { rows: raw, places: null, rejected: new Map() };
	const { table, misfits } = parseTable(raw, parse, [key, time]);
	if (window === null) {
		const rejected = new Map(
			misfits.map((misfit) => [misfit.row, `${misfit.column} is ${shownCell(misfit.text)}: ${misfit.reason}`]),
		);
		return { rows: table, places: null, rejected };
	}
	// A window would take such a cell for an empty one.
	if (misfits.length > 0) throw await misfitRefusal(misfits, origin, file);
	const missing = columns.find((name) => !holdsColumns(table, [name]));
	if (missing !== undefined) {
		throw new PerchError(
			'unknown_column',
			`${file} has no column ${JSON.stringify(missing)}, of which the model takes windows.`,
			{
				file,
				field: missing,
				hint: `Give the raw columns ${columns.join(', ')}, or the features ${inputs
					.slice(0, 3)
					.map(({ name }) => name)
					.join(', ')}, ...`,
			},
		);
	}
	const cut = cutWindows(table, window, {
		columns,
		key: presentName(table, key),
		time: presentName(table, time),
		step: 1,
	});
	const reason = `fewer than ${window.size} rows of its series end here`;
	const rejected = new Map(Array.from({ length: table.rows }, (_, row) => [row, reason]));
	for (const row of cut.lastRow) rejected.delete(row);
	return { rows: cut, places: cut.lastRow, rejected };
}

function outputTable(
	input: Table,
	numbers: Float64Array,
	description: ModelDescription,
	predictions: Predictions,
	places: Uint32Array | null,
	rejected: Map<number, string>,
): Table {
	const { key } = description;
	const first: Column =
		key !== null && holdsColumns(input, [key]) ? columnOf(input, key) : numberColumn('row', numbers, 'integer');
	const inPlace = (values: ArrayLike<number>): Float64Array => {
		const placed = new Float64Array(input.rows).fill(Number.NaN);
		for (let index = 0; index < values.length; index++) {
			const row = places === null ? index : (places[index] as number);
			if (!rejected.has(row)) placed[row] = values[index] as number;
		}
		return placed;
	};
	const { label, score, anomaly_score: anomalyScore, prediction, proba, forecast } = predictions;
	const columns: (Column | undefined)[] = [
		first,
		prediction === undefined
			? undefined
			: prediction instanceof Float64Array
				? numberColumn('prediction', inPlace(prediction))
				: stringColumn(
						'prediction',
						prediction.map((value, row) => (rejected.has(row) ? null : value)),
					),
		label && numberColumn('label', inPlace(label), 'integer'),
		score && numberColumn('score', inPlace(score)),
		anomalyScore && numberColumn('anomaly_score', inPlace(anomalyScore)),
		...(forecast?.names.map((name, index) =>
			numberColumn(`prediction_${name}`, inPlace(forecast.values[index] as Float64Array)),
		) ?? []),
		...(proba?.classes.map((name, index) =>
			numberColumn(`proba_${name}`, inPlace(proba.values[index] as Float64Array)),
		) ?? []),
	];
	return { rows: input.rows, columns: columns.filter((column) => column !== undefined) };
}

/** The numbers of the rows in their files, from 1 and through all files; those that were set aside have theirs too. */
function rowNumbers(files: readonly FamilyFile[]): Float64Array {
	const numbers = new Float64Array(files.reduce((sum, { rows }) => sum + rows, 0));
	let [at, before] = [0, 0];
	for (const { rows, origin } of files) {
		const places = placesOf(
			Array.from({ length: rows }, (_, row) => row),
			origin.missing,
		);
		for (const place of places) numbers[at++] = before + place + 1;
		before += rows + origin.missing.length;
	}
	return numbers;
}
