/** The rows of a project as its training side takes them: read, completed, filtered and parsed. */
import { checkDerivation, type Derivation, deriveTable } from '../../data/derive/derive.ts';
import { type Misfit, parseTable } from '../../data/parse/parseColumns.ts';
import type { ColumnNote } from '../../data/read/unifyColumns.ts';
import { knownColumns, type Table } from '../../data/table.ts';
import { unfitWeights } from '../../learn/weights/sampleWeights.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { DataSection } from '../../protocol/project/data.ts';
import { type PrepareSection, parseSteps } from '../../protocol/project/prepare.ts';
import type { Quarantined, Reading } from '../../protocol/reading.ts';
import type { RowRules } from '../rowRules.ts';
import { type DatasetClaim, type IdentifiedRows, readIdentified } from './identify.ts';
import { fileNames, type Origin, placesOfRows } from './rowPlaces.ts';
import { requireColumn, sourceName } from './rows.ts';
import { setUnparsedAside } from './unparsedAside.ts';

/** The rows of a source as its project wants them, and what they are. */
export interface ProjectRows extends Pick<IdentifiedRows, 'identity'> {
	table: Table;
	/** The same before text was parsed, as callers of a model send them. */
	unparsed: Table;
	origin: Origin;
	/** Rows that `data.filter` left out. */
	filtered: number;
	/** How the columns of a family differ, and which were derived anew. */
	notes: ColumnNote[];
	quarantined: Quarantined;
}

/**
 * Reads the rows of a source and applies the rules of its project. Throws as reading does, as `deriveTable` does,
 * `unknown_column` for a column to parse that is not there, and `invalid_data` for cells that no step takes;
 * with `on_bad: quarantine` their rows are set aside. So it is with cells of the column `weight` that are no weights.
 */
export async function readProjectRows(
	source: DataSection['source'],
	claim: DatasetClaim,
	reading: Reading,
	rules: RowRules,
	weight: string | null = null,
): Promise<ProjectRows> {
	await checkDerivation(rules);
	const { table: raw, files, notes, quarantined, identity } = await readIdentified(source, claim, reading);
	const { table: derived, origin, ...told } = await deriveRows(raw, { files }, rules);
	requireParsed(derived, rules.prepare);
	const parsed = parseTable(derived, parseSteps(rules.prepare), rules.keep);
	const { table } = parsed;
	if (weight !== null) requireColumn(table, weight, 'data.weight');
	const misfits = weight === null ? parsed.misfits : [...parsed.misfits, ...unfitWeights(table, weight)];
	const rest = { identity, filtered: told.filtered, notes: [...notes, ...told.notes] };
	const rows = { table, unparsed: derived, origin, quarantined };
	if (misfits.length === 0) return { ...rows, ...rest };
	if (reading.on_bad !== 'quarantine' || files.length === 0) {
		throw await misfitRefusal(misfits, origin, sourceName(source));
	}
	return { ...(await setUnparsedAside(misfits, rows)), ...rest };
}

/** Rows that were read, with the derived columns and without those that the filter leaves out. */
export async function deriveRows(
	raw: Table,
	{ files }: Origin,
	derivation: Derivation,
): Promise<Pick<ProjectRows, 'table' | 'origin' | 'filtered' | 'notes'>> {
	const { table, kept, replaced } = await deriveTable(raw, derivation, {
		fileOf: () => fileNames(raw.rows, { files }),
	});
	return {
		table,
		origin: { files, kept },
		filtered: raw.rows - table.rows,
		notes: replaced.map((column) => ({
			column,
			text: `Column ${JSON.stringify(column)} is computed anew by data.derive; that of the file is not used.`,
		})),
	};
}

/** How many rows a filter left out, as a sentence; null where there are none. */
export function filteredNote(
	name: string,
	{ table, filtered }: Pick<ProjectRows, 'table' | 'filtered'>,
): string | null {
	if (filtered === 0) return null;
	return `data.filter leaves out ${filtered} of the ${table.rows + filtered} rows of ${name}.`;
}

function requireParsed(table: Table, prepare: PrepareSection): void {
	const names = table.columns.map(({ name }) => name);
	prepare.forEach((step, index) => {
		if (!('parse' in step) || names.includes(step.parse.column)) return;
		const field = `prepare[${index}].parse.column`;
		throw new PerchError('unknown_column', `${field}: there is no column ${JSON.stringify(step.parse.column)}.`, {
			field,
			hint: knownColumns(names),
		});
	});
}

/** Cells that a refusal names. */
const namedCells = 10;

/** The error for cells that no step takes: the first with its file and line, others in the hint. */
export async function misfitRefusal(misfits: readonly Misfit[], origin: Origin, name: string): Promise<PerchError> {
	const [first, ...others] = misfits.slice(0, namedCells);
	if (first === undefined) return new PerchError('internal', 'There is no cell to refuse.');
	const places = await placesOfRows(
		[first, ...others].map(({ row }) => row),
		origin,
	);
	const words = ({ row, column, text, reason }: Misfit) => {
		const place = places.get(row);
		const line = place?.line ?? null;
		const where = `${place?.file ?? name}${line === null ? ` row ${(place?.row ?? row) + 1}` : `:${line}`}`;
		return `${where}: ${JSON.stringify(column)} is ${shownCell(text)}: ${reason}`;
	};
	const { file, line } = places.get(first.row) ?? {};
	const more = misfits.length - 1;
	const unnamed = more - others.length;
	return new PerchError(
		'invalid_data',
		`${words(first)}${more > 0 ? ` (and ${more} more ${more === 1 ? 'cell' : 'cells'})` : ''}.`,
		{
			...(file != null && { file }),
			...(line != null && { line }),
			field: first.column,
			hint: [
				'Correct the cell, or add a parse step that takes it.',
				...others.map((one) => `${words(one)}.`),
				...(unnamed > 0 ? [`And ${unnamed} more.`] : []),
			].join(' '),
		},
	);
}

/** A cell as messages quote it. */
export function shownCell(text: string): string {
	return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
