/** The text of CSV files: their delimiter and header, and where exactly a broken one breaks. */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { PerchError } from '../protocol/errors.ts';

/** How a file is written. Quotes are `"`, doubled inside quoted values. */
export interface CsvDialect {
	delimiter: string;
	/** Distinct names: a repeated one gets `_1`, `_2`, …, an empty one is `column` with its 0-based position. */
	names: string[];
	/** Empty lines above the header. */
	skip: number;
}

/** A record of a file: where its first line lies, and its values as bytes of the file without their quotes. */
interface CsvRecord {
	line: number;
	values: string[];
	/** What is wrong with the record itself. */
	fault: 'open_quote' | 'after_quote' | 'not_utf8' | null;
	/** The value that the fault lies in. */
	faultAt: number;
}

/** Bytes that are looked at for a header, and kept of a value whose quote is never closed. */
const longestValue = 4_194_304;
const quote = 0x22;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/**
 * Finds delimiter and header. Throws `empty_data` for a file without a header and `invalid_data` for one that is not
 * UTF-8 text, or whose header alone exceeds 4 MiB.
 */
export async function readDialect(path: string): Promise<CsvDialect> {
	const start = await readStart(path);
	refuseUtf16(path, start);
	const delimiter = /\.tsv(\.gz)?$/i.test(path) ? '\t' : chooseDelimiter(start);
	const [header] = recordsOf(start, delimiter, 1);
	if (header === undefined || (header.values.length === 1 && header.values[0] === '')) {
		throw new PerchError('empty_data', `${path} is empty.`, {
			file: path,
			hint: 'It needs a header and at least one row.',
		});
	}
	if (header.fault !== null) throw faultOf(path, header, header.values);
	return { delimiter, names: distinctNames(header.values), skip: header.line - 1 };
}

function refuseUtf16(path: string, start: Buffer): void {
	const mark = start.subarray(0, 2).toString('hex');
	// Without its mark too: every second byte of Latin letters and digits is 0 in UTF-16.
	const halves = [0, 1].map((odd) => start.subarray(0, 64).filter((_, at) => at % 2 === odd));
	const unmarked = start.length > 3 && halves.some((half) => half.every((byte) => byte === 0));
	if (mark === 'fffe' || mark === 'feff' || unmarked) {
		throw new PerchError('invalid_data', `${path} is UTF-16 text.`, { file: path, line: 1, hint: 'Save it as UTF-8.' });
	}
}

async function readStart(path: string): Promise<Buffer> {
	const parts: Buffer[] = [];
	let size = 0;
	for await (const part of bytesOf(path)) {
		parts.push(part);
		size += part.length;
		if (size >= longestValue) break;
	}
	return Buffer.concat(parts);
}

/** The bytes of a file, unzipped where its name says so. */
export async function* bytesOf(path: string): AsyncGenerator<Buffer> {
	const file = createReadStream(path, { highWaterMark: 1 << 18 });
	const stream = path.toLowerCase().endsWith('.gz') ? file.pipe(createGunzip()) : file;
	file.once('error', (error) => stream.destroy(error));
	try {
		yield* stream as AsyncIterable<Buffer>;
	} finally {
		file.destroy();
		stream.destroy();
	}
}

/**
 * The delimiter by which the first ten records have the same number of values, the largest such number; where none
 * fits, the one that divides the header most.
 */
function chooseDelimiter(start: Buffer): string {
	let chosen = { delimiter: ',', even: false, width: 1 };
	for (const delimiter of [',', ';', '\t', '|']) {
		const widths = recordsOf(start, delimiter, 10).map((record) => record.values.length);
		const width = widths[0] ?? 1;
		const even = widths.every((other) => other === width);
		if (width > 1 && (even ? !chosen.even || width > chosen.width : !chosen.even && width > chosen.width)) {
			chosen = { delimiter, even, width };
		}
	}
	return chosen.delimiter;
}

function recordsOf(bytes: Buffer, delimiter: string, limit: number): CsvRecord[] {
	const records: CsvRecord[] = [];
	const scan = createScan(delimiter, (record) => records.push(record) < limit);
	if (scan.push(bytes)) scan.end();
	return records;
}

function distinctNames(header: readonly string[]): string[] {
	const taken = new Set(header);
	const used = new Set<string>();
	return header.map((given, position) => {
		const name = given === '' ? `column${position}` : given;
		if (!used.has(name) && (given !== '' || !taken.has(name))) {
			used.add(name);
			return name;
		}
		let count = 1;
		while (used.has(`${name}_${count}`) || taken.has(`${name}_${count}`)) count++;
		used.add(`${name}_${count}`);
		return `${name}_${count}`;
	});
}

/**
 * Looks through a file that DuckDB refused for the first record that does not fit its header, and returns the error that
 * names line and column; null where every record fits.
 */
export async function findFault(path: string, dialect: CsvDialect): Promise<PerchError | null> {
	let found: PerchError | null = null;
	const scan = createScan(dialect.delimiter, (record) => {
		const blank = record.values.length === 1 && record.values[0] === '';
		if (record.fault !== null || (record.values.length !== dialect.names.length && !blank)) {
			found = faultOf(path, record, dialect.names);
		}
		return found === null;
	});
	for await (const part of bytesOf(path)) {
		if (!scan.push(part)) return found;
	}
	scan.end();
	return found;
}

function faultOf(path: string, record: CsvRecord, names: readonly string[]): PerchError {
	const { line, values, fault } = record;
	const name = names[record.faultAt];
	const where = { file: path, line, ...(fault !== null && name !== undefined && { field: name }) };
	const inColumn = name === undefined ? '' : ` in column ${JSON.stringify(name)}`;
	if (fault === 'open_quote') {
		return new PerchError('invalid_data', `${path}, line ${line}: a quote that opens${inColumn} is never closed.`, {
			...where,
			hint: 'Close the quote, or double it where it belongs to the text.',
		});
	}
	if (fault === 'after_quote') {
		return new PerchError('invalid_data', `${path}, line ${line}: text follows the closing quote${inColumn}.`, {
			...where,
			hint: 'Double the quotes that belong to the text.',
		});
	}
	if (fault === 'not_utf8') {
		return new PerchError('invalid_data', `${path}, line ${line}: the text${inColumn} is not UTF-8.`, {
			...where,
			hint: 'Save the file as UTF-8.',
		});
	}
	const text = values.join(' | ');
	const found = `${values.length} ${values.length === 1 ? 'value' : 'values'}`;
	const named = `${names.length} ${names.length === 1 ? 'column' : 'columns'}`;
	return new PerchError(
		'invalid_data',
		`${path}, line ${line} has ${found} where the header names ${named}: ${text.length > 80 ? `${text.slice(0, 77)}...` : text}`,
		{
			...where,
			hint:
				names.length === 1 && values.length > 1
					? 'The first line must name the columns: remove what stands above it.'
					: 'Give every row one value a column, or remove the line.',
		},
	);
}

/** A state machine over the bytes of a file; it hands records to `take` until that returns false. */
function createScan(delimiter: string, take: (record: CsvRecord) => boolean) {
	const separator = delimiter.charCodeAt(0);
	let value: number[] = [];
	let record: CsvRecord = { line: 1, values: [], fault: null, faultAt: 0 };
	let line = 1;
	let state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
	let lastReturn = false;
	let aboveHeader = true;

	function note(fault: CsvRecord['fault']): void {
		if (record.fault !== null) return;
		record.fault = fault;
		record.faultAt = record.values.length;
	}

	function endValue(): void {
		const bytes = Buffer.from(value);
		if (!isUtf8(bytes)) note('not_utf8');
		record.values.push(bytes.toString());
		value = [];
		state = 'start';
	}

	function endRecord(): boolean {
		endValue();
		const done = record;
		record = { line, values: [], fault: null, faultAt: 0 };
		aboveHeader &&= done.values.length === 1 && done.values[0] === '';
		return aboveHeader || take(done);
	}

	/** Returns true when the byte ended a record. */
	function step(byte: number): boolean {
		const newLine = byte === carriageReturn || (byte === lineFeed && !lastReturn);
		const secondHalf = byte === lineFeed && lastReturn;
		lastReturn = byte === carriageReturn;
		if (newLine) line++;
		if (state === 'quoted') {
			if (byte === quote) state = 'closed';
			else if (value.length < longestValue) value.push(byte);
			return false;
		}
		if (secondHalf) return false;
		if (newLine) return true;
		if (byte === separator) endValue();
		else if (state === 'start' && byte === quote) state = 'quoted';
		else if (state === 'closed' && byte === quote) {
			value.push(quote);
			state = 'quoted';
		} else {
			if (state === 'closed') note('after_quote');
			else state = 'plain';
			value.push(byte);
		}
		return false;
	}

	let first = true;
	return {
		/** Returns false when no more bytes are wanted. */
		push(bytes: Buffer): boolean {
			const start = first && bytes.subarray(0, 3).toString('hex') === 'efbbbf' ? 3 : 0;
			first = false;
			for (let at = start; at < bytes.length; at++) {
				if (step(bytes[at] as number) && !endRecord()) return false;
			}
			return true;
		},
		end(): void {
			if (state === 'quoted') note('open_quote');
			if (state !== 'start' || record.values.length > 0) endRecord();
		},
	};
}
