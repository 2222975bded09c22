/** The rows of a project as its training side takes them: read, and parsed. */
import type { Family } from '../../data/family.ts';
import { type Misfit, parseTable } from '../../data/parseColumns.ts';
import { linesIn } from '../../data/rowLines.ts';
import { knownColumns, type Table } from '../../data/table.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { DataSection } from '../../protocol/project/data.ts';
import { type PrepareSection, parseSteps } from '../../protocol/project/prepare.ts';
import type { RowRules } from '../rowRules.ts';
import { readRows, sourceName } from './rows.ts';

/** The raw rows of a source, the same parsed, and its files. */
export interface ProjectRows extends Pick<Family, 'files' | 'notes'> {
	raw: Table;
	table: Table;
}

/** Reads the rows of a source and applies the rules to them. Throws as reading does, and `invalid_data` for cells that no step takes. */
export async function readProjectRows(source: DataSection['source'], rules: RowRules): Promise<ProjectRows> {
	const { table: raw, files, notes } = await readRows(source);
	requireParsed(raw, rules.prepare);
	const { table, misfits } = parseTable(raw, parseSteps(rules.prepare), rules.keep);
	if (misfits.length > 0) throw await misfitRefusal(misfits, files, sourceName(source));
	return { raw, table, files, notes };
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
export async function misfitRefusal(
	misfits: readonly Misfit[],
	files: Family['files'],
	name: string,
): Promise<PerchError> {
	const placed = await placesOf(misfits.slice(0, namedCells), files);
	const [first, ...others] = placed;
	const words = ({ file, line, row, misfit: { column, text, reason } }: Placed) =>
		`${file ?? name}${line === null ? ` row ${row + 1}` : `:${line}`}: ${JSON.stringify(column)} is ${shownCell(text)}: ${reason}`;
	const more = misfits.length - 1;
	const hidden = misfits.length - placed.length;
	return new PerchError(
		'invalid_data',
		`${first === undefined ? name : words(first)}${more > 0 ? ` (and ${more} more ${more === 1 ? 'cell' : 'cells'})` : ''}.`,
		{
			...(first?.file != null && { file: first.file }),
			...(first?.line != null && { line: first.line }),
			...(first !== undefined && { field: first.misfit.column }),
			hint: [
				'Correct the cell, or add a parse step that takes it.',
				...others.map((one) => `${words(one)}.`),
				...(hidden > 0 ? [`And ${hidden} more.`] : []),
			].join(' '),
		},
	);
}

interface Placed {
	misfit: Misfit;
	file: string | null;
	/** In its file, from 0. */
	row: number;
	line: number | null;
}

/** Where the cells stand in the files that the rows came from, one below another. */
async function placesOf(misfits: readonly Misfit[], files: Family['files']): Promise<Placed[]> {
	const placed: Placed[] = [];
	let start = 0;
	for (const { path, rows } of files) {
		const end = start + rows;
		const here = misfits.filter(({ row }) => row >= start && row < end);
		const lines = await linesIn(
			path,
			here.map(({ row }) => row - start),
		);
		for (const misfit of here) {
			const row = misfit.row - start;
			placed.push({ misfit, file: path, row, line: lines.get(row) ?? null });
		}
		start = end;
	}
	return files.length > 0 ? placed : misfits.map((misfit) => ({ misfit, file: null, row: misfit.row, line: null }));
}

/** A cell as messages quote it. */
export function shownCell(text: string): string {
	return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
