/** The records of CSV text, told apart byte by byte. */
import { isUtf8 } from 'node:buffer';

/** A record of a file: where its first line lies, and its values as bytes of the file without their quotes. */
export interface CsvRecord {
	line: number;
	values: string[];
	/** What is wrong with the record itself. */
	fault: 'open_quote' | 'after_quote' | 'not_utf8' | null;
	/** The value that the fault lies in. */
	faultAt: number;
}

/** Bytes that are looked at for a header, and kept of a value whose quote is never closed. */
export const longestValue = 4_194_304;
const quote = 0x22;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/** A state machine over the bytes of a file; it hands records to `take` until that returns false. */
export function createScan(delimiter: string, take: (record: CsvRecord) => boolean) {
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
