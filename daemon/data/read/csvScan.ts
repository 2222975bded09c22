/** The records of CSV text, told apart byte by byte. */
import { isUtf8 } from 'node:buffer';

/** A record of a file: where its first line lies, and its values as bytes of the file without their quotes. */
export interface CsvRecord {
	line: number;
	values: string[];
	/** What is wrong with the record itself. */
	fault: 'open_quote' | 'after_quote' | 'not_text' | null;
	/** The value that the fault lies in. */
	faultAt: number;
	/** The record as it stands in the file, without the end of its last line. */
	raw: Buffer;
}

/** Bytes that are looked at for a header, and kept of a value or record whose quote is never closed. */
export const longestValue = 4_194_304;
const quote = 0x22;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/**
 * A state machine over the bytes of a file; it hands records to `take` until that returns false. Records that begin in
 * the lines `openQuotes` end with that line: their quote is known to close nowhere, or in another record.
 */
export function createScan(
	delimiter: string,
	take: (record: CsvRecord) => boolean,
	openQuotes: ReadonlySet<number> = new Set(),
) {
	const separator = delimiter.charCodeAt(0);
	let value: number[] = [];
	let raw: number[] = [];
	let record = recordAt(1);
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
		if (!isUtf8(bytes)) note('not_text');
		record.values.push(bytes.toString());
		value = [];
		state = 'start';
	}

	function endRecord(): boolean {
		endValue();
		const done = record;
		done.raw = Buffer.from(raw);
		raw = [];
		record = recordAt(line);
		aboveHeader &&= done.values.length === 1 && done.values[0] === '';
		return aboveHeader || take(done);
	}

	/** Returns true when the byte ended a record. */
	function step(byte: number): boolean {
		const newLine = byte === carriageReturn || (byte === lineFeed && !lastReturn);
		const secondHalf = byte === lineFeed && lastReturn;
		lastReturn = byte === carriageReturn;
		if (newLine) line++;
		if (state === 'quoted') return stepInQuotes(byte, newLine);
		if (secondHalf) return false;
		if (newLine) return true;
		keep(byte);
		if (byte === separator) endValue();
		else if (state === 'start' && byte === quote) state = 'quoted';
		else if (state === 'closed' && byte === quote) {
			value.push(quote);
			state = 'quoted';
		} else {
			if (state === 'closed') note('after_quote');
			state = 'plain';
			value.push(byte);
		}
		return false;
	}

	function stepInQuotes(byte: number, newLine: boolean): boolean {
		if (newLine && openQuotes.has(record.line)) {
			note('open_quote');
			return true;
		}
		keep(byte);
		if (byte === quote) state = 'closed';
		else if (value.length < longestValue) value.push(byte);
		return false;
	}

	function keep(byte: number): void {
		if (raw.length < longestValue) raw.push(byte);
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

function recordAt(line: number): CsvRecord {
	return { line, values: [], fault: null, faultAt: 0, raw: Buffer.alloc(0) };
}
