/** Where the rows of a table stand in the files that they were read from. */
import type { Family } from '../../data/family.ts';
import { linesIn } from '../../data/rowLines.ts';
import type { Reading } from '../../protocol/reading.ts';

/** The files of a table, in the order of its rows, and how they were read. */
export interface Origin extends Pick<Family, 'files'> {
	reading: Reading;
}

export interface RowPlace {
	/** Null for rows that no file holds. */
	file: string | null;
	/** In its file, from 0. */
	row: number;
	/** From 1; null in Parquet. */
	line: number | null;
}

/** The places of these rows, given by their 0-based numbers in the table. */
export async function placesOfRows(
	rows: readonly number[],
	{ files, reading }: Origin,
): Promise<Map<number, RowPlace>> {
	const places = new Map<number, RowPlace>(rows.map((row) => [row, { file: null, row, line: null }]));
	let start = 0;
	for (const { path, rows: count } of files) {
		const first = start;
		const here = rows.filter((row) => row >= first && row < first + count).map((row) => row - first);
		const lines = await linesIn(path, here, reading);
		for (const row of here) places.set(first + row, { file: path, row, line: lines.get(row) ?? null });
		start += count;
	}
	return places;
}
