/** Rows with a cell that no parse step takes, set aside beside those that could not be read. */
import type { Misfit } from '../../data/parse/parseColumns.ts';
import { addToQuarantine } from '../../data/quarantine/quarantine.ts';
import type { BadRow } from '../../data/quarantine/setAside.ts';
import { numbersOfRows, placesOf, recordsOfRows } from '../../data/rowLines.ts';
import { cellOf, type Table, takeRows } from '../../data/table.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { Quarantined } from '../../protocol/reading.ts';
import type { Origin } from './rowPlaces.ts';

export interface KeptRows {
	table: Table;
	/** The same before it was parsed. */
	unparsed: Table;
	origin: Origin;
	quarantined: Quarantined;
}

/**
 * Leaves the rows with misfits out of what was parsed and adds them to the quarantine of their files, with the first
 * reason of each. Throws `empty_data` where no row is left.
 */
export async function setUnparsedAside(
	misfits: readonly Misfit[],
	{ table, unparsed, origin, quarantined }: KeptRows,
): Promise<KeptRows> {
	const reasons = new Map<number, Misfit>();
	for (const misfit of misfits) if (!reasons.has(misfit.row)) reasons.set(misfit.row, misfit);
	const aside: Quarantined = [];
	let start = 0;
	for (const { path, rows, origin: readFrom } of origin.files) {
		const before = quarantined.find(({ file }) => file === path);
		const first = start;
		start += rows;
		const here = [...reasons].flatMap(([row, misfit]) => {
			const read = (origin.kept?.[row] ?? row) - first;
			return read >= 0 && read < rows ? [{ row, read, misfit }] : [];
		});
		const reads = here.map(({ read }) => read);
		const places = placesOf(reads, readFrom.skipped);
		const records = await recordsOfRows(readFrom, places);
		const numbers = numbersOfRows(readFrom, reads);
		const bad = here.map(({ row, read, misfit }, index): BadRow => {
			const { line = null, text = jsonOf(unparsed, row) } = records.get(places[index] as number) ?? {};
			const reason = `${JSON.stringify(misfit.text)}: ${misfit.reason}`;
			return { line, row: numbers.get(read) as number, column: misfit.column, reason, text };
		});
		const written = bad.length === 0 ? before : await addToQuarantine(path, bad, before);
		if (written != null) aside.push(written);
	}
	const left = Uint32Array.from({ length: table.rows }, (_, row) => row).filter((row) => !reasons.has(row));
	if (left.length === 0) {
		throw new PerchError('empty_data', 'No row is left in which the parse steps take every cell.', {
			hint: `${aside[0]?.quarantine ?? 'The quarantine'} says why.`,
		});
	}
	return {
		table: takeRows(table, left),
		unparsed: takeRows(unparsed, left),
		origin: { files: origin.files, kept: left.map((row) => origin.kept?.[row] ?? row) },
		quarantined: aside,
	};
}

function jsonOf({ columns }: Table, row: number): string {
	return JSON.stringify(Object.fromEntries(columns.map((column) => [column.name, cellOf(column, row)])));
}
