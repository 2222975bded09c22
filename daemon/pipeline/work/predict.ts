import { existsSync, realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { rawColumns } from '../../data/parse/parseColumns.ts';
import { filesOf } from '../../data/read/family.ts';
import { type RowBlocks, withBlocks } from '../../data/rowBlocks.ts';
import { type Column, columnOf, knownColumns, numberColumn, type Table } from '../../data/table.ts';
import { type BlockWriter, openBlockWriter } from '../../data/writeBlocks.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import { inputColumns, type ModelDescription } from '../../onnx/description.ts';
import { type Model, openModel } from '../../onnx/model.ts';
import { persistentLabels } from '../../onnx/persist.ts';
import type { ColumnType } from '../../protocol/columnType.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { Result } from '../../protocol/methods.ts';
import type { Reading } from '../../protocol/reading.ts';
import { inFile } from '../inFile.ts';
import { answersOf } from './answers.ts';
import { withDerived } from './derivedBlocks.ts';
import { blockModel, isInOrder, type Refused } from './modelBlocks.ts';
import { placesOfRows } from './rowPlaces.ts';
import { type RowAside, rowAsJson, setRowsAside } from './rowsAside.ts';

export interface PredictInput {
	/** Path of the .onnx file, and how the caller named it. */
	file: string;
	model: string;
	input: string;
	output: string;
	/** Columns that are carried through; null for what the model knows its rows by. */
	keys: readonly string[] | null;
	reading: Reading;
}

/** Rows that are named in the result. */
const namedReasons = 100;

/** Scores a file of any size: one line out for one row in, in order, a block of rows in memory at a time. */
export async function predictWork(
	{ file, model, input, output, keys, reading }: PredictInput,
	{ dir, progress }: JobContext,
): Promise<Result<'predict'>> {
	const inputs = filesOf(input).filter((one) => existsSync(one));
	if (existsSync(output) && inputs.some((one) => realpathSync(one) === realpathSync(output))) {
		throw new PerchError('invalid_arguments', `${output} holds the rows to score, and would be replaced.`, {
			file: output,
			hint: 'Name another file for the answers.',
		});
	}
	progress('Opening the model', 0);
	const opened = await openModel(file, { threads: availableParallelism(), batch: true });
	try {
		const types = textTypes(opened.description);
		progress('Reading the data', 0);
		return await withBlocks(input, { ...reading, types }, async (raw) => {
			const source = await withDerived(raw, opened.derive, rawNeeds(opened.description), input);
			const carried = carriedKeys(source, opened.description, keys, input);
			const writer = await openBlockWriter(output, dir);
			try {
				const setAside = reading.on_bad === 'quarantine';
				const bad = createRefusals(setAside);
				await scoreBlocks(opened, source, { input, carried, writer, bad, progress, setAside });
				const quarantined = await setRowsAside(bad.aside, source.files, source.quarantined);
				await writer.finish();
				const reasons = await bad.reasons(source);
				return { model, rows: source.rows, rejected: bad.count(), output, quarantined, reasons };
			} finally {
				await writer.close();
			}
		});
	} finally {
		await opened.close();
	}
}

/** The columns that a model may take of a file, before text is parsed. */
function rawNeeds({ inputs, columns, parse, key, time }: ModelDescription): string[] {
	const names = [...inputs.flatMap(inputColumns), ...columns];
	return [...names, ...rawColumns(names, parse), ...[key, time].filter((name) => name !== null)];
}

/** What a model takes as text is text, whatever most cells look like. */
function textTypes({ inputs, key, parse }: ModelDescription): Record<string, ColumnType> {
	const taken = inputs.filter(({ type }) => type === 'string').map(({ name }) => name);
	const texts = [...taken, ...parse.map(({ column }) => column), ...(key === null ? [] : [key])];
	return Object.fromEntries(texts.map((name) => [name, 'string']));
}

/** The columns that say which row an answer is about; none for its number. */
function carriedKeys(
	{ names }: RowBlocks,
	{ key, outputs, classes }: ModelDescription,
	asked: readonly string[] | null,
	input: string,
): readonly string[] {
	const keys = asked ?? (key !== null && names.includes(key) ? [key] : []);
	const unknown = keys.find((name) => !names.includes(name));
	if (unknown !== undefined) {
		throw new PerchError('unknown_column', `${input} has no column ${JSON.stringify(unknown)} to carry through.`, {
			file: input,
			field: unknown,
			hint: knownColumns(names),
		});
	}
	const answers = [...Object.keys(outputs), 'anomaly_score', ...classes.map((name) => `proba_${name}`)];
	const taken = keys.find((name) => answers.includes(name));
	if (taken === undefined) return keys;
	throw new PerchError('invalid_arguments', `The answers have a column ${JSON.stringify(taken)} of their own.`, {
		field: 'key',
		hint: 'Carry other columns through: --key COLUMN,...',
	});
}

interface Scoring {
	input: string;
	carried: readonly string[];
	writer: BlockWriter;
	bad: ReturnType<typeof createRefusals>;
	progress: JobContext['progress'];
	/** Whether rows that no parse step takes are set aside. */
	setAside: boolean;
}

/** Cells of a block. */
const cellsAtOnce = 2_000_000;
const mostRowsAtOnce = 65_536;

async function scoreBlocks(
	model: Model,
	source: RowBlocks,
	{ input, carried, writer, bad, progress, setAside }: Scoring,
): Promise<void> {
	const { description } = model;
	const rows = blockModel(description, source, input, setAside);
	const names = [...new Set([...rows.needs, ...carried])];
	const { window, columns } = description;
	const perColumn = window === null ? 0 : window.features === 'raw' ? window.size : window.features.length;
	const cells = Math.max(1, names.length, perColumn * columns.length);
	const fitting = Math.min(mostRowsAtOnce, Math.ceil(cellsAtOnce / cells));
	const { ordered } = rows;
	// Rows that lie out of their order are put into it as a whole.
	const whole = source.rows > fitting && ordered !== null && !(await isInOrder(source, ordered.key, ordered.time));
	const numbers = rowNumbers(source);
	const persist = persistentLabels(description);
	let done = 0;
	for await (const block of source.read(names, whole ? source.rows : fitting)) {
		progress('Scoring', done / source.rows);
		const naming = (error: unknown) => {
			throw inFile(error, input);
		};
		const taken = await rows.take(block).catch(naming);
		const predictions = persist(await model.infer(taken.rows).catch(naming), taken.rows);
		for (const { row, reason } of predictions.rejected) {
			taken.refused.set(taken.places?.[row] ?? row, { reason, column: null, bad: true });
		}
		bad.add(taken.refused, block, done);
		const first = carried.length > 0 ? carried.map((name) => columnOf(block, name)) : [numbers.next(block.rows)];
		await writer.write(answersOf(block.rows, first, description, predictions, taken));
		done += block.rows;
	}
	progress('Writing', 1);
}

/** Collects why rows have no answer: the first of them for the result, all bad ones where they are set aside. */
function createRefusals(setAside: boolean) {
	let count = 0;
	const named: { row: number; reason: string }[] = [];
	const aside: RowAside[] = [];
	return {
		aside,
		count: () => count,
		add(refused: ReadonlyMap<number, Refused>, block: Table, before: number): void {
			count += refused.size;
			if (refused.size === 0 || (!setAside && named.length >= namedReasons)) return;
			for (const row of [...refused.keys()].sort((a, b) => a - b)) {
				const { reason, column, bad } = refused.get(row) as Refused;
				if (named.length < namedReasons) named.push({ row: before + row, reason });
				if (setAside && bad) aside.push({ row: before + row, column, reason, json: rowAsJson(block, row) });
			}
		},
		/** The first refusals, by the numbers and lines of their rows. */
		async reasons({ files }: RowBlocks): Promise<Result<'predict'>['reasons']> {
			const places = await placesOfRows(
				named.map(({ row }) => row),
				{ files },
			);
			const before = rowsBefore(files);
			return named.map(({ row, reason }) => {
				const { file, row: inFile, line } = places.get(row) ?? { file: null, row, line: null };
				return { row: (before.get(file ?? '') ?? 0) + inFile + 1, line, reason };
			});
		},
	};
}

/** How many rows stand in the files above each, those that were set aside among them. */
function rowsBefore(files: RowBlocks['files']): Map<string, number> {
	const before = new Map<string, number>();
	let sum = 0;
	for (const { path, rows, origin } of files) {
		before.set(path, sum);
		sum += rows + origin.missing.length;
	}
	return before;
}

/** The numbers of rows in their files, from 1 and through all files; those that were set aside have theirs too. */
function rowNumbers({ files }: RowBlocks): { next(count: number): Column } {
	const parts = files.map(({ rows, origin }) => ({ rows, missing: origin.missing }));
	let [part, inPart, passed, before] = [0, 0, 0, 0];
	return {
		next(count) {
			const numbers = new Float64Array(count);
			for (let at = 0; at < count; at++) {
				while (inPart === parts[part]?.rows) {
					before += inPart + (parts[part]?.missing.length ?? 0);
					[part, inPart, passed] = [part + 1, 0, 0];
				}
				const missing = parts[part]?.missing ?? [];
				while (passed < missing.length && (missing[passed] as number) <= inPart + passed) passed += 1;
				numbers[at] = before + inPart + passed + 1;
				inPart += 1;
			}
			return numberColumn('row', numbers, 'integer');
		},
	};
}
