/** Raw rows, a block at a time, as a model takes them: parsed, and cut into windows that reach back over blocks. */
import { type Misfit, parseTable, rawColumns } from '../../data/parse/parseColumns.ts';
import type { RowBlocks } from '../../data/rowBlocks.ts';
import { columnOf, concatTables, type NumberColumn, selectColumns, type Table, takeRows } from '../../data/table.ts';
import { cutWindows } from '../../data/window.ts';
import { inputColumns, type ModelDescription } from '../../onnx/description.ts';
import { PerchError } from '../../protocol/errors.ts';
import { misfitRefusal, shownCell } from './projectRows.ts';
import { holdsColumns, presentName } from './windowed.ts';

/** Why a row has no answer; the column where one is at fault. */
export interface Refused {
	reason: string;
	column: string | null;
	/** Rows above which too few others stand are no bad rows. */
	bad: boolean;
}

export interface ModelBlock {
	/** What the graph takes. */
	rows: Table;
	/** The row of the block that each of them answers; null where they are the same. */
	places: Uint32Array | null;
	/** Rows of the block that cannot be answered, by their index. */
	refused: Map<number, Refused>;
}

/** Takes the blocks of a source one after the other. */
export interface BlockModel {
	/** The columns that a block must have. */
	needs: string[];
	/** The order of the rows must be known before a block of theirs is taken as a part of the whole. */
	ordered: { key: string | null; time: string } | null;
	take(block: Table): Promise<ModelBlock>;
}

/** With `setAside` a cell that no parse step takes leaves its row out of all windows, else it stops the work. */
export function blockModel(
	description: ModelDescription,
	source: RowBlocks,
	file: string,
	setAside: boolean,
): BlockModel {
	const { window, inputs, parse, key, time, persistence } = description;
	const has = (name: string) => source.names.includes(name);
	const names = inputs.flatMap(inputColumns);
	if (window !== null && !names.every(has)) return windowsOfBlocks(description, source, file, setAside);
	const series = persistence === undefined ? [] : [key, time].filter((name) => name !== null);
	const used = [...names, ...rawColumns(names, parse), ...parse.map(({ column }) => column), ...series];
	// What is missing, or meant by its kind alone, is looked for among all columns.
	const known =
		inputs.every(({ width }) => width === 1) && names.every((name) => [name, ...rawColumns([name], parse)].some(has));
	return {
		needs: known ? [...new Set(used)].filter(has) : [...source.names],
		ordered:
			persistence !== undefined && time !== null && has(time)
				? { key: key !== null && has(key) ? key : null, time }
				: null,
		async take(block) {
			if (window !== null) return { rows: block, places: null, refused: new Map() };
			const { table, misfits } = parseTable(block, parse, [key, time]);
			return { rows: table, places: null, refused: refusalsOf(misfits) };
		},
	};
}

/** The first reason of each row. */
function refusalsOf(misfits: readonly Misfit[]): Map<number, Refused> {
	const refused = new Map<number, Refused>();
	for (const { row, column, text, reason } of misfits) {
		if (!refused.has(row))
			refused.set(row, { reason: `${column} is ${shownCell(text)}: ${reason}`, column, bad: true });
	}
	return refused;
}

function windowsOfBlocks(
	description: ModelDescription,
	source: RowBlocks,
	file: string,
	setAside: boolean,
): BlockModel {
	const { columns, parse } = description;
	const window = description.window as NonNullable<ModelDescription['window']>;
	const [key, time] = [description.key, description.time].map((name) =>
		name !== null && source.names.includes(name) ? name : null,
	) as [string | null, string | null];
	const raw = rawColumns(columns, parse);
	const needs = [...new Set([...raw, ...columns, key, time])].filter(
		(name): name is string => name !== null && source.names.includes(name),
	);
	const reason = `fewer than ${window.size} rows of its series end here`;
	let before: Table | null = null;
	let passed = 0;
	return {
		needs,
		ordered: time === null ? null : { key, time },
		async take(block) {
			const { table: whole, misfits } = parseTable(block, parse, [key, time]);
			// A window would take such a cell for an empty one.
			if (misfits.length > 0 && !setAside) {
				const moved = misfits.map((misfit) => ({ ...misfit, row: misfit.row + passed }));
				throw await misfitRefusal(moved, { files: source.files }, file);
			}
			const bad = refusalsOf(misfits);
			const left = Uint32Array.from({ length: block.rows }, (_, row) => row).filter((row) => !bad.has(row));
			const parsed = bad.size === 0 ? whole : takeRows(whole, left);
			const absent = columns.find((name) => !holdsColumns(parsed, [name]));
			if (absent !== undefined) throw withoutColumn(file, absent, description);
			const kept = selectColumns(
				parsed,
				[...new Set([...columns, key, time])].filter((name) => name !== null),
			);
			const table: Table = before === null ? kept : concatTables([before, kept]);
			const reach = before?.rows ?? 0;
			const cut = cutWindows(table, window, {
				columns,
				key: presentName(table, key),
				time: presentName(table, time),
				step: 1,
			});
			const refused = new Map<number, Refused>();
			for (let row = 0; row < block.rows; row++) refused.set(row, { reason, column: null, bad: false });
			const places = cut.lastRow.map((row) => left[row - reach] as number);
			for (const row of places) refused.delete(row);
			for (const [row, why] of bad) refused.set(row, why);
			before = lastRows(table, key, window.size - 1);
			passed += block.rows;
			return { rows: cut, places, refused };
		},
	};
}

function withoutColumn(file: string, name: string, { columns, inputs }: ModelDescription): PerchError {
	const features = inputs.flatMap(inputColumns).slice(0, 3);
	return new PerchError(
		'unknown_column',
		`${file} has no column ${JSON.stringify(name)}, of which the model takes windows.`,
		{
			file,
			field: name,
			hint: `Give the raw columns ${columns.join(', ')}, or the features ${features.join(', ')}, ...`,
		},
	);
}

/** The last rows of each series, in their order: no window of theirs is full, and the next ones begin in them. */
function lastRows(table: Table, key: string | null, most: number): Table {
	const column = key === null ? null : columnOf(table, key);
	const codes = column === null ? null : column.kind === 'string' ? column.codes : column.values;
	const seen = new Map<number, number>();
	const rows: number[] = [];
	for (let row = table.rows - 1; row >= 0; row--) {
		const series = codes === null ? 0 : (codes[row] as number);
		const count = seen.get(series) ?? 0;
		if (count >= most) continue;
		seen.set(series, count + 1);
		rows.push(row);
	}
	return takeRows(table, Uint32Array.from(rows.reverse()));
}

/** Whether no row of a series comes before one above it, as far as their times tell. */
export async function isInOrder(source: RowBlocks, key: string | null, time: string): Promise<boolean> {
	const last = new Map<number | string, number>();
	for await (const block of source.read(key === null || key === time ? [time] : [key, time], 65_536)) {
		const times = columnOf(block, time);
		const series = key === null ? null : columnOf(block, key);
		if (times.kind !== 'number') return true;
		for (let row = 0; row < block.rows; row++) {
			const of = series === null ? 0 : seriesAt(series, row);
			const at = (times as NumberColumn).values[row] as number;
			const now = Number.isNaN(at) ? Number.POSITIVE_INFINITY : at;
			if ((last.get(of) ?? Number.NEGATIVE_INFINITY) > now) return false;
			last.set(of, now);
		}
	}
	return true;
}

function seriesAt(column: ReturnType<typeof columnOf>, row: number): number | string {
	if (column.kind === 'number') return column.values[row] as number;
	return column.dictionary[column.codes[row] as number] ?? -1;
}
