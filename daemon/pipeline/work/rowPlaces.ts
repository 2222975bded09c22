/** Where the rows of a table stand in the files that they were read from. */
import type { Family } from '../../data/family.ts';
import { linesOfRows, numbersOfRows } from '../../data/rowLines.ts';

/** The files of a table, in the order of its rows. */
export type Origin = Pick<Family, 'files'>;

export interface RowPlace {
	/** Null for rows that no file holds. */
	file: string | null;
	/** In its file, from 0; rows that were set aside are counted. */
	row: number;
	/** From 1; null in Parquet. */
	line: number | null;
}

/** The places of these rows, given by their 0-based numbers in the table. */
export async function placesOfRows(rows: readonly number[], { files }: Origin): Promise<Map<number, RowPlace>> {
	const places = new Map<number, RowPlace>(rows.map((row) => [row, { file: null, row, line: null }]));
	let start = 0;
	for (const { path, rows: count, origin } of files) {
		const first = start;
		const here = rows.filter((row) => row >= first && row < first + count).map((row) => row - first);
		const lines = await linesOfRows(origin, here);
		for (const [row, number] of numbersOfRows(origin, here)) {
			places.set(first + row, { file: path, row: number - 1, line: lines.get(row) ?? null });
		}
		start += count;
	}
	return places;
}
