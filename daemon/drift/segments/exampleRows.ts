/** Rows of the current data that show how a column changed. */
import { type Cell, type Column, cellOf, type Table } from '../../data/table.ts';
import type { DriftExamples } from '../../protocol/driftSegments.ts';
import { shortened } from '../report/wording.ts';
import type { MeasuredColumn } from './findSegments.ts';

const mostExamples = 5;
const mostColumns = 12;
const longestCell = 80;

/** Rows by their places in the table given; the caller knows where they lie in a file. */
export type Examples = Omit<DriftExamples, 'rows'> & { rows: { at: number; cells: Cell[] }[] };

/**
 * Up to five rows with the value (or of the range) of the measured column whose share grew most, spread evenly over them;
 * null where none grew. Cells are of that column first, then of `shown`, twelve in all.
 */
export function exampleRows(
	current: Table,
	{ name, parts }: MeasuredColumn,
	shown: readonly string[],
): Examples | null {
	const [before, after] = [sharesOf(parts.reference, parts.labels), sharesOf(parts.current, parts.labels)];
	const growth = after.map((share, part) => share - (before[part] as number));
	const gained = growth.reduce((best, one, part) => (one > (growth[best] as number) ? part : best), 0);
	if (!((growth[gained] ?? 0) > 0)) return null;
	const byName = new Map(current.columns.map((column) => [column.name, column]));
	const columns = [name, ...shown.filter((one) => one !== name)]
		.flatMap((one) => byName.get(one) ?? [])
		.slice(0, mostColumns);
	return {
		gained: parts.labels[gained] as string,
		shares: { reference: before[gained] as number, current: after[gained] as number },
		columns: columns.map((column) => column.name),
		rows: spread(parts.current, gained).map((at) => ({
			at,
			cells: columns.map((column) => shownCell(column, at)),
		})),
	};
}

function sharesOf(codes: Int16Array, labels: readonly string[]): number[] {
	const counts = labels.map(() => 0);
	let values = 0;
	for (const code of codes) {
		if (code < 0) continue;
		counts[code] = (counts[code] as number) + 1;
		values += 1;
	}
	return counts.map((count) => (values === 0 ? 0 : count / values));
}

/** The middle one of each fifth of the rows with that code. */
function spread(codes: Int16Array, code: number): number[] {
	const rows: number[] = [];
	for (let row = 0; row < codes.length; row++) if (codes[row] === code) rows.push(row);
	const wanted = Math.min(rows.length, mostExamples);
	return Array.from({ length: wanted }, (_, at) => rows[Math.floor(((at + 0.5) * rows.length) / wanted)] as number);
}

function shownCell(column: Column, row: number): Cell {
	const found = cellOf(column, row);
	return typeof found === 'string' ? shortened(found, longestCell) : found;
}
