/** Rows that are set aside after their files were read, beside those that could not be. */
import { addToQuarantine } from '../../data/quarantine/quarantine.ts';
import type { BadRow } from '../../data/quarantine/setAside.ts';
import type { FamilyFile } from '../../data/read/family.ts';
import { numbersOfRows, placesOf, recordsOfRows } from '../../data/rowLines.ts';
import { cellOf, type Table } from '../../data/table.ts';
import type { Quarantined } from '../../protocol/reading.ts';

export interface RowAside {
	/** Among the rows that were read, from 0. */
	row: number;
	column: string | null;
	reason: string;
	/** What stands for the row where its file has no text of it. */
	json: string;
}

/** Adds rows, in their order, to the quarantine of their files; returns what is set aside of all files now. */
export async function setRowsAside(
	rows: readonly RowAside[],
	files: readonly FamilyFile[],
	before: Quarantined,
): Promise<Quarantined> {
	const aside: Quarantined = [];
	let start = 0;
	let next = 0;
	for (const { path, rows: count, origin } of files) {
		const first = next;
		while (next < rows.length && (rows[next] as RowAside).row < start + count) next += 1;
		const here = rows.slice(first, next);
		const reads = here.map(({ row }) => row - start);
		start += count;
		const places = placesOf(reads, origin.skipped);
		const records = await recordsOfRows(origin, places);
		const numbers = numbersOfRows(origin, reads);
		const bad = here.map(({ column, reason, json }, index): BadRow => {
			const { line = null, text = json } = records.get(places[index] as number) ?? {};
			return { line, row: numbers.get(reads[index] as number) as number, column, reason, text };
		});
		const earlier = before.find(({ file }) => file === path);
		const written = bad.length === 0 ? earlier : await addToQuarantine(path, bad, earlier);
		if (written != null) aside.push(written);
	}
	return aside;
}

/** A row as a JSON object. */
export function rowAsJson({ columns }: Table, row: number): string {
	return JSON.stringify(Object.fromEntries(columns.map((column) => [column.name, cellOf(column, row)])));
}
