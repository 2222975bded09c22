/** Rows with a cell that no parse step takes, left out and set aside. */
import type { Misfit } from '../../data/parse/parseColumns.ts';
import { type Table, takeRows } from '../../data/table.ts';
import { PerchError } from '../../protocol/errors.ts';
import type { Quarantined } from '../../protocol/reading.ts';
import type { Origin } from './rowPlaces.ts';
import { rowAsJson, setRowsAside } from './rowsAside.ts';

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
	const read = (row: number) => origin.kept?.[row] ?? row;
	const bad = [...reasons.values()].map(({ row, column, text, reason }) => ({
		...{ row: read(row), column, reason: `${JSON.stringify(text)}: ${reason}` },
		json: rowAsJson(unparsed, row),
	}));
	const aside = await setRowsAside(bad, origin.files, quarantined);
	const left = Uint32Array.from({ length: table.rows }, (_, row) => row).filter((row) => !reasons.has(row));
	if (left.length === 0) {
		throw new PerchError('empty_data', 'No row is left in which the parse steps take every cell.', {
			hint: `${aside[0]?.quarantine ?? 'The quarantine'} says why.`,
		});
	}
	return {
		table: takeRows(table, left),
		unparsed: takeRows(unparsed, left),
		origin: { files: origin.files, kept: left.map(read) },
		quarantined: aside,
	};
}
