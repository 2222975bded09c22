/** Records of text that are no rows, set aside, and a copy of the others. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { throwIfDiskFull } from '../duckdb.ts';
import { bytesOf, type TextFile } from '../encoding/textBytes.ts';
import { type CsvRecord, createScan } from '../read/csvScan.ts';
import { type CsvDialect, faultOf } from '../read/csvText.ts';

/** A row that was left out. */
export interface BadRow {
	/** Where it begins in the file, from 1; null in Parquet. */
	line: number | null;
	/** Its number, from 1 without the header. */
	row: number;
	/** The column that is at fault; null for the row as a whole. */
	column: string | null;
	reason: string;
	/** The row as it stands in the file, U+FFFD for bytes that are no text; rows of Parquet and of JSON lists as a JSON object. */
	text: string;
}

/** How the records of a text that are rows are told from those that are not. */
export interface Sound {
	/** Lines of CSV in which a record begins whose quote closes nowhere: it ends with the line. */
	openQuotes: ReadonlySet<number>;
}

/** DuckDB takes no longer record. */
const longestRecord = 2_000_000;
/** Quotes that are never closed; each costs a look at the whole file. */
const mostOpenQuotes = 50;

/** Copies the records of CSV that have a value for each column, and returns the others. */
export async function setAsideRecords(
	file: TextFile,
	dialect: CsvDialect,
	copy: string,
): Promise<{ bad: BadRow[]; sound: Sound }> {
	const openQuotes = new Set<number>();
	for (;;) {
		const bad: BadRow[] = [];
		let open: CsvRecord | null = null;
		const sound: Sound = { openQuotes };
		await writeSound(
			soundRecords(file, dialect, sound, (record, row, reason) => {
				if (record.fault === 'open_quote' && !openQuotes.has(record.line)) open = record;
				bad.push({ line: record.line, row, column: columnOf(record, dialect), reason, text: record.raw.toString() });
			}),
			copy,
		);
		if (open === null) return { bad, sound };
		const { line } = open as CsvRecord;
		if (openQuotes.size === mostOpenQuotes) throw await faultOf(file, open, dialect.names);
		openQuotes.add(line);
	}
}

function columnOf({ fault, faultAt }: CsvRecord, { names }: CsvDialect): string | null {
	return fault === null ? null : (names[faultAt] ?? null);
}

async function* soundRecords(
	file: TextFile,
	dialect: CsvDialect,
	sound: Sound,
	setAside: (record: CsvRecord, row: number, reason: string) => void,
): AsyncGenerator<string> {
	let lines: string[] = [];
	let row = 0;
	const scan = scanSound(file, dialect, sound, {
		row({ values }) {
			row += 1;
			return lines.push(lineOf(values, dialect.delimiter)) > 0;
		},
		bad(record, reason) {
			row += 1;
			setAside(record, row, reason);
		},
	});
	yield lineOf(dialect.names, dialect.delimiter);
	for await (const part of bytesOf(file)) {
		scan.push(part);
		yield lines.join('');
		lines = [];
	}
	scan.end();
	yield lines.join('');
}

/** Tells the records of a CSV file apart: the rows, and those that are none with the reason; blank lines are neither. */
export function scanSound(
	{ encoding }: TextFile,
	{ delimiter, names }: CsvDialect,
	{ openQuotes }: Sound,
	take: { row(record: CsvRecord): boolean; bad?(record: CsvRecord, reason: string): void },
) {
	let header = true;
	return createScan(
		delimiter,
		(record) => {
			if (header) {
				header = false;
				return true;
			}
			const { values } = record;
			if (names.length > 1 && values.length === 1 && values[0] === '' && record.fault === null) return true;
			const reason = reasonOf(record, names.length, encoding);
			if (reason === null) return take.row(record);
			take.bad?.(record, reason);
			return true;
		},
		openQuotes,
	);
}

function reasonOf(record: CsvRecord, width: number, encoding: string): string | null {
	const { fault, values, raw } = record;
	// Another encoding was transcoded, with U+FFFD in place of bytes that mean nothing in it.
	const lost = encoding === 'utf-8' ? -1 : values.findIndex((value) => value.includes('\ufffd'));
	if (lost >= 0 && fault === null) {
		record.fault = 'not_text';
		record.faultAt = lost;
	}
	if (record.fault === 'not_text') return `its bytes are not ${encoding === 'utf-8' ? 'UTF-8' : encoding}`;
	if (fault === 'open_quote') return 'a quote opens and is never closed';
	if (fault === 'after_quote') return 'text follows a closing quote';
	if (values.length !== width) {
		return `it has ${values.length} ${values.length === 1 ? 'value' : 'values'} where the header names ${width} ${width === 1 ? 'column' : 'columns'}`;
	}
	return raw.length >= longestRecord ? `it is longer than ${longestRecord} bytes` : null;
}

function lineOf(values: readonly string[], delimiter: string): string {
	const cells = values.map((value) =>
		value.includes(delimiter) || /["\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value,
	);
	return `${cells.join(delimiter)}\n`;
}

/** Writes a copy in place of a file, for DuckDB to read. */
export async function writeSound(parts: AsyncGenerator<Buffer | string>, copy: string): Promise<void> {
	try {
		await pipeline(parts, createWriteStream(copy));
	} catch (error) {
		throwIfDiskFull(error, copy);
		throw error;
	}
}
