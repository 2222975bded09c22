import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { filesOf, readFamily } from '../../data/family.ts';
import { parseTable } from '../../data/parseColumns.ts';
import { type Column, columnOf, numberColumn, stringColumn, type Table } from '../../data/table.ts';
import { cutWindows } from '../../data/window.ts';
import { writeTable } from '../../data/write.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import type { ModelDescription } from '../../onnx/description.ts';
import { openModel, type Predictions } from '../../onnx/model.ts';
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

/** Scores a file: one line out for one line in, in order. */
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
		const { table, files } = await readFamily(input, reading);
		const naming = (error: unknown) => {
			throw inFile(error, input);
		};
		const { rows, places, rejected } = await modelRows(table, opened.description, input, { files, reading }).catch(
			naming,
		);
		progress('Scoring', 0.4);
		const predictions = await opened.infer(rows).catch(naming);
		for (const { row, reason } of predictions.rejected) rejected.set(places?.[row] ?? row, reason);
		progress('Writing', 0.9);
		mkdirSync(dirname(output), { recursive: true });
		await writeTable(outputTable(table, opened.description, predictions, places, rejected), output);
		const named = [...rejected].slice(0, 100);
		const at = await placesOfRows(
			named.map(([row]) => row),
			{ files, reading },
		);
		const reasons = named.map(([row, reason]) => ({ row: row + 1, line: at.get(row)?.line ?? null, reason }));
		return { model, rows: table.rows, rejected: rejected.size, output, reasons };
	} finally {
		await opened.close();
	}
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
	description: ModelDescription,
	predictions: Predictions,
	places: Uint32Array | null,
	rejected: Map<number, string>,
): Table {
	const { key } = description;
	const first: Column =
		key !== null && holdsColumns(input, [key])
			? columnOf(input, key)
			: numberColumn('row', rowNumbers(input.rows), 'integer');
	const inPlace = (values: ArrayLike<number>): Float64Array => {
		const placed = new Float64Array(input.rows).fill(Number.NaN);
		for (let index = 0; index < values.length; index++) {
			const row = places === null ? index : (places[index] as number);
			if (!rejected.has(row)) placed[row] = values[index] as number;
		}
		return placed;
	};
	const { label, score, anomaly_score: anomalyScore, prediction, proba } = predictions;
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
		...(proba?.classes.map((name, index) =>
			numberColumn(`proba_${name}`, inPlace(proba.values[index] as Float64Array)),
		) ?? []),
	];
	return { rows: input.rows, columns: columns.filter((column) => column !== undefined) };
}

function rowNumbers(rows: number): Float64Array {
	return Float64Array.from({ length: rows }, (_, row) => row + 1);
}
