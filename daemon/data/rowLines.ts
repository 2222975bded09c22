/** On which line of its file a row begins, also below quoted line ends. */

import { bytesOf, linesOf, type TextFile } from './encoding/textBytes.ts';
import { lineReader } from './quarantine/jsonRecords.ts';
import { scanSound } from './quarantine/setAside.ts';
import type { CsvDialect } from './read/csvText.ts';
import type { Source } from './rowSource.ts';

/** Where the rows of a table come from. */
export type RowOrigin = Pick<Source, 'text' | 'dialect' | 'sound' | 'skipped' | 'missing'>;

/** Where the rows of an open file come from. */
export function originOf({ text, dialect, sound, skipped, missing }: Source): RowOrigin {
	return { text, dialect, sound, skipped, missing };
}

/**
 * The 1-based lines of rows, given by their 0-based numbers, of a CSV or JSON file; rows of Parquet have none. Reads the
 * file up to the last of them.
 */
export async function linesOfRows(origin: RowOrigin, rows: Iterable<number>): Promise<Map<number, number>> {
	const { text, dialect, sound, skipped } = origin;
	const wanted = [...new Set(rows)].sort((a, b) => a - b);
	const lines = new Map<number, number>();
	if (wanted.length === 0 || text === null) return lines;
	const places = placesOf(wanted, skipped);
	if (sound !== null) {
		const records = await recordsOfRows(origin, places);
		for (const [index, place] of places.entries()) lines.set(wanted[index] as number, records.get(place)?.line ?? 0);
		return lines;
	}
	let next = 0;
	const take = (row: number, line: number): boolean => {
		if (row === places[next]) lines.set(wanted[next++] as number, line);
		return next < places.length;
	};
	const scan = dialect === null ? scanJson(take) : scanCsv(dialect, take);
	for await (const part of bytesOf(text)) if (!scan(part)) break;
	return lines;
}

/** The numbers, from 1, that rows of a table, by their 0-based numbers in it, have in their file. */
export function numbersOfRows({ missing }: Pick<RowOrigin, 'missing'>, rows: Iterable<number>): Map<number, number> {
	const wanted = [...new Set(rows)].sort((a, b) => a - b);
	const places = placesOf(wanted, missing);
	return new Map(wanted.map((row, index) => [row, 1 + (places[index] as number)]));
}

/** The 0-based numbers that rows have among those that were read and those that were skipped; all lists in order. */
export function placesOf(rows: readonly number[], skipped: readonly number[]): number[] {
	let passed = 0;
	return rows.map((row) => {
		while (passed < skipped.length && (skipped[passed] as number) <= row + passed) passed += 1;
		return row + passed;
	});
}

/** A row as it stands in the file. */
interface RowRecord {
	line: number;
	/** Absent of rows of a JSON list. */
	text?: string;
}

/** The same with the text of the rows, by their numbers among all rows of the file. */
export async function recordsOfRows(
	origin: Omit<RowOrigin, 'skipped' | 'missing'>,
	rows: readonly number[],
): Promise<Map<number, RowRecord>> {
	const { text, dialect, sound } = origin;
	if (text === null || rows.length === 0) return new Map();
	if (dialect !== null) return await csvRecords(text, dialect, sound?.openQuotes ?? new Set(), rows);
	if (sound !== null) return await jsonLines(text, rows);
	const lines = await linesOfRows({ ...origin, skipped: [], missing: [] }, rows);
	return new Map([...lines].map(([row, line]) => [row, { line }]));
}

async function csvRecords(
	text: TextFile,
	dialect: CsvDialect,
	openQuotes: ReadonlySet<number>,
	rows: readonly number[],
): Promise<Map<number, RowRecord>> {
	const records = new Map<number, RowRecord>();
	let [row, next] = [0, 0];
	const scan = scanSound(
		text,
		dialect,
		{ openQuotes },
		{
			row({ line, raw }) {
				if (row === rows[next]) {
					records.set(row, { line, text: raw.toString() });
					next += 1;
				}
				row += 1;
				return next < rows.length;
			},
		},
	);
	let more = true;
	for await (const part of bytesOf(text)) {
		more = scan.push(part);
		if (!more) break;
	}
	if (more) scan.end();
	return records;
}

async function jsonLines(text: TextFile, rows: readonly number[]): Promise<Map<number, RowRecord>> {
	const records = new Map<number, RowRecord>();
	const read = lineReader(text);
	let [line, row, next] = [0, 0, 0];
	for await (const bytes of linesOf(text)) {
		line += 1;
		const { record, fault } = read(bytes);
		if (record === '' || fault !== null) continue;
		if (row === rows[next]) {
			records.set(row, { line, text: bytes.toString() });
			next += 1;
		}
		row += 1;
		if (next === rows.length) break;
	}
	return records;
}

/** Takes a row and its line; returns whether more are wanted. */
type Take = (row: number, line: number) => boolean;
type Scan = (bytes: Buffer) => boolean;

const [lineFeed, carriageReturn, quote] = [0x0a, 0x0d, 0x22];

/** Lines without a character are no rows, above the header and below it; in a file of one column they are below. */
function scanCsv({ delimiter, names }: CsvDialect, take: Take): Scan {
	const separator = delimiter.charCodeAt(0);
	let line = 1;
	let row = -1;
	let state: 'line' | 'value' | 'plain' | 'quoted' | 'closed' = 'line';
	let afterReturn = false;
	let first = true;

	function endLine(): boolean {
		const blank = state === 'line' && names.length === 1 && row >= 0;
		const more = !blank || take(row++, line);
		line += 1;
		if (state !== 'quoted') state = 'line';
		return more;
	}

	function step(byte: number): boolean {
		let more = true;
		if (state === 'line') {
			more = row < 0 || take(row, line);
			row += 1;
			state = 'value';
		}
		if (state === 'quoted') {
			if (byte === quote) state = 'closed';
		} else if (byte === separator) state = 'value';
		else state = byte === quote && state !== 'plain' ? 'quoted' : 'plain';
		return more;
	}

	return (bytes) => {
		const start = first && bytes.subarray(0, 3).toString('hex') === 'efbbbf' ? 3 : 0;
		first = false;
		for (let at = start; at < bytes.length; at++) {
			const byte = bytes[at] as number;
			const secondHalf = byte === lineFeed && afterReturn;
			afterReturn = byte === carriageReturn;
			if (secondHalf) continue;
			if (!(byte === lineFeed || byte === carriageReturn ? endLine() : step(byte))) return false;
		}
		return true;
	};
}

const [backslash, openList, closeList, openObject, closeObject] = [0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/** Rows are the objects of a list, or those at the top. */
function scanJson(take: Take): Scan {
	let line = 1;
	let row = 0;
	let depth = 0;
	/** How deep rows lie; the first bracket tells. */
	let base = -1;
	let text = false;
	let escaped = false;

	function stepInText(byte: number): void {
		if (escaped) escaped = false;
		else if (byte === backslash) escaped = true;
		else if (byte === quote) text = false;
	}

	function open(byte: number): boolean {
		if (base < 0) base = byte === openList ? 1 : 0;
		const more = depth !== base || take(row++, line);
		depth += 1;
		return more;
	}

	return (bytes) => {
		for (const byte of bytes) {
			if (byte === lineFeed) line += 1;
			if (text) stepInText(byte);
			else if (byte === quote) text = true;
			else if (byte === openObject || byte === openList) {
				if (!open(byte)) return false;
			} else if (byte === closeObject || byte === closeList) depth -= 1;
		}
		return true;
	};
}
