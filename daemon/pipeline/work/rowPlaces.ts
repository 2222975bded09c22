/** Where the rows of a table stand in the files that they were read from. */
import { basename } from 'node:path';
import type { Family } from '../../data/read/family.ts';
import { linesOfRows, numbersOfRows } from '../../data/rowLines.ts';
import type { StringColumn } from '../../data/table.ts';

/** The files of a table, in the order of its rows. */
export interface Origin extends Pick<Family, 'files'> {
	/** The row of the files for each row of the table, where rows were left out. */
	kept?: Uint32Array | null;
}

export interface RowPlace {
	/** Null for rows that no file holds. */
	file: string | null;
	/** In its file, from 0; rows that were set aside are counted. */
	row: number;
	/** From 1; null in Parquet. */
	line: number | null;
}

/** The places of these rows, given by their 0-based numbers in the table. */
export async function placesOfRows(rows: readonly number[], { files, kept }: Origin): Promise<Map<number, RowPlace>> {
	const found = rows.map((row) => ({ row, read: kept?.[row] ?? row }));
	const places = new Map<number, RowPlace>(found.map(({ row, read }) => [row, { file: null, row: read, line: null }]));
	let start = 0;
	for (const { path, rows: count, origin } of files) {
		const first = start;
		const here = found.filter(({ read }) => read >= first && read < first + count);
		const inFile = here.map(({ read }) => read - first);
		const lines = await linesOfRows(origin, inFile);
		const numbers = numbersOfRows(origin, inFile);
		for (const { row, read } of here) {
			const at = (numbers.get(read - first) ?? 1 + read - first) - 1;
			places.set(row, { file: path, row: at, line: lines.get(read - first) ?? null });
		}
		start += count;
	}
	return places;
}

/** The name of each row's file without its folder, as a column; null for rows that no file holds. */
export function fileNames(rows: number, { files }: Pick<Origin, 'files'>): StringColumn {
	const codes = new Int32Array(rows).fill(-1);
	let start = 0;
	files.forEach(({ rows: count }, index) => {
		codes.fill(index, start, start + count);
		start += count;
	});
	const dictionary = files.map(({ path }) => basename(path));
	return { kind: 'string', name: 'filename', type: 'string', codes, dictionary };
}
