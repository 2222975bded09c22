/** Rows as a model takes them: as they are, or as the features of windows. */
import { parseTable } from '../../data/parse/parseColumns.ts';
import { type Column, columnOf, type Table, takeColumn } from '../../data/table.ts';
import { cutWindows, type WindowedTable } from '../../data/window.ts';
import { inputColumns, type ModelDescription } from '../../onnx/description.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { WindowSection } from '../../protocol/project/data.ts';
import { misfitRefusal } from './projectRows.ts';
import type { Origin } from './rowPlaces.ts';

/** What tells how a table is cut: the window, the raw columns, and the columns that order, part and label it. */
export interface Cut {
	window: WindowSection;
	columns: readonly string[];
	key?: string | null | undefined;
	time?: string | null | undefined;
	label?: string | null | undefined;
}

/** The numeric columns that windows are cut from: those named, else all that neither order, part nor label the rows. */
export function windowColumns(
	table: Table,
	data: {
		columns?: readonly string[] | undefined;
		exclude: readonly string[];
		target?: string | null | undefined;
		time?: string | null | undefined;
		key?: string | null | undefined;
	},
): string[] {
	const apart = new Set([...data.exclude, data.target, data.time, data.key]);
	const names =
		data.columns ??
		table.columns
			.filter(
				(column) =>
					column.kind === 'number' && !apart.has(column.name) && column.type !== 'timestamp' && column.type !== 'date',
			)
			.map((column) => column.name);
	const text = names.find((name) => columnOf(table, name).kind !== 'number');
	if (text !== undefined) {
		throw new PerchError(
			'invalid_data',
			`The column ${JSON.stringify(text)} holds text; windows are cut from numbers.`,
			{
				field: 'data.columns',
				hint: 'Leave it out of data.columns, or name it in data.exclude.',
			},
		);
	}
	if (names.length === 0) {
		throw new PerchError('invalid_data', 'No numeric column is left to cut windows from.', { field: 'data.window' });
	}
	return [...names];
}

/** The training windows of a table, refused when the series are shorter than one window. */
export function trainingWindows(table: Table, { window, columns, key, time, label }: Cut): Table {
	const cut = cutWindows(table, window, {
		columns: [...columns],
		...(key ? { key } : {}),
		...(time ? { time } : {}),
		...(label ? { label } : {}),
	});
	if (cut.rows === 0) {
		throw new PerchError('empty_data', `No series has ${window.size} rows, the size of a window.`, {
			field: 'data.window.size',
			hint: `The longest has fewer; there are ${table.rows} rows in all.`,
		});
	}
	return time ? withTime(cut, columnOf(table, time)) : cut;
}

/** Windows with the time at which each ends. */
function withTime(cut: WindowedTable, time: Column): Table {
	return { rows: cut.rows, columns: [...cut.columns, takeColumn(time, cut.lastRow)] };
}

/** Whether a table holds every one of these columns. */
export function holdsColumns(table: Table, names: readonly string[]): boolean {
	const present = new Set(table.columns.map((column: Column) => column.name));
	return names.every((name) => present.has(name));
}

/**
 * Raw rows as a model takes them, parsed and cut into its windows where it takes such; ready rows as they are. `label` is
 * kept beside them. Throws `invalid_data` for cells that cannot be parsed.
 */
export async function rowsForModel(
	raw: Table,
	description: ModelDescription,
	origin: Origin,
	label: string | null = null,
): Promise<Table> {
	const { window, inputs, columns, key, time } = description;
	if (window !== null && holdsInputs(raw, inputs)) return raw;
	const { table, misfits } = parseTable(raw, description.parse, [key, time, label]);
	if (misfits.length > 0) throw await misfitRefusal(misfits, origin, 'The data');
	if (window === null) return table;
	const [keyName, timeName] = [presentName(table, key), presentName(table, time)];
	return trainingWindows(table, { window, columns, key: keyName, time: timeName, label: presentName(table, label) });
}

/**
 * The same as rows that are compared with those of other times: a model that takes windows as they are has no features, so
 * that its rows are the raw ones.
 */
export async function rowsToCompare(raw: Table, description: ModelDescription, origin: Origin): Promise<Table> {
	return rowsForModel(raw, takesSeries(description) ? { ...description, window: null } : description, origin);
}

/** Whether the inputs are windows of the raw columns, which have their names. */
export function takesSeries({ window, inputs }: Pick<ModelDescription, 'window' | 'inputs'>): boolean {
	return window !== null && inputs.some(({ width }) => width !== 1);
}

/** Whether a table holds what the graph takes, as it takes it. */
export function holdsInputs(table: Table, inputs: ModelDescription['inputs']): boolean {
	return holdsColumns(table, inputs.flatMap(inputColumns));
}

/** The name of a column that a table may lack; null where it does. */
export function presentName(table: Table, name: string | null): string | null {
	return name !== null && holdsColumns(table, [name]) ? name : null;
}
