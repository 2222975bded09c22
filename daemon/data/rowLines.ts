/** On which line of its file a row begins, also below quoted line ends. */
import type { Reading } from '../protocol/reading.ts';
import { type CsvDialect, readDialect } from './csvText.ts';
import { formatOf, type Source, textOf } from './source.ts';
import { bytesOf } from './textBytes.ts';

/**
 * The 1-based lines of rows, given by their 0-based numbers, of a CSV or JSON file; rows of Parquet have none. Reads the
 * file up to the last of them.
 */
export async function linesOfRows(
	{ text, dialect }: Pick<Source, 'text' | 'dialect'>,
	rows: Iterable<number>,
): Promise<Map<number, number>> {
	const wanted = [...new Set(rows)].sort((a, b) => a - b);
	const lines = new Map<number, number>();
	if (wanted.length === 0 || text === null) return lines;
	let next = 0;
	const take = (row: number, line: number): boolean => {
		if (row === wanted[next]) {
			lines.set(row, line);
			next += 1;
		}
		return next < wanted.length;
	};
	const scan = dialect === null ? scanJson(take) : scanCsv(dialect, take);
	for await (const part of bytesOf(text)) if (!scan(part)) break;
	return lines;
}

/** The same for a file that is not open. */
export async function linesIn(
	path: string,
	rows: Iterable<number>,
	{ encoding }: Reading,
): Promise<Map<number, number>> {
	const format = formatOf(path);
	if (format === 'parquet') return new Map();
	const text = await textOf(path, encoding);
	return await linesOfRows({ text, dialect: format === 'csv' ? await readDialect(text) : null }, rows);
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
