/** The reading end of the request log for the daemon: goes on from where it had read to. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { RequestRecord } from '../protocol/serving.ts';
import { compareSegments, type LogFile, listSegments } from './segments.ts';

/** How far a log was read: all segments before this one, and this one up to the byte. */
export interface LogPosition {
	segment: string;
	offset: number;
}

export interface LogPiece {
	records: RequestRecord[];
	/** Where to go on; null while nothing was ever logged. */
	position: LogPosition | null;
	/** Whether the reading stopped at its limit, with more to read at once. */
	more: boolean;
	/** Lines that could not be read, such as one that a crash cut off. */
	unreadable: number;
}

/**
 * Reads what was logged after a position (null: from the beginning of what is there), at most `bytes` of it, by default
 * 1 MiB. A last line without its end is left for the next time, unless a newer segment shows that it will never come.
 */
export function readRequests(folder: string, position: LogPosition | null, bytes = 1024 * 1024): LogPiece {
	const segments = listSegments(folder).filter(
		({ segment }) => position === null || compareSegments(segment, position.segment) >= 0,
	);
	const piece: LogPiece = { records: [], position, more: false, unreadable: 0 };
	let left = bytes;
	for (const [index, segment] of segments.entries()) {
		const from = segment.segment === position?.segment ? position.offset : 0;
		const text = readLines(segment, from, left);
		for (const line of text.lines) {
			const record = parseRecord(line);
			if (record === null) piece.unreadable++;
			else piece.records.push(record);
		}
		piece.position = { segment: segment.segment, offset: from + text.bytes };
		left -= text.bytes;
		if (text.more) return { ...piece, more: true };
		if (text.torn && index < segments.length - 1) piece.unreadable++;
	}
	return piece;
}

/** Where the log ends now, for a reader whom the past does not concern; a line being written counts as future. */
export function endOfLog(folder: string): LogPosition | null {
	const last = listSegments(folder).at(-1);
	if (last === undefined) return null;
	let offset = 0;
	for (;;) {
		const { bytes, more } = readLines(last, offset, 8 * 1024 * 1024);
		offset += bytes;
		if (!more) return { segment: last.segment, offset };
	}
}

/** One line as a record; null when it is cut off or not ours. */
export function parseRecord(line: string): RequestRecord | null {
	try {
		const record = JSON.parse(line) as Partial<RequestRecord> | null;
		return typeof record?.ts === 'number' && typeof record.id === 'string' ? (record as RequestRecord) : null;
	} catch {
		return null;
	}
}

interface Lines {
	lines: string[];
	/** Bytes of these lines with their ends. */
	bytes: number;
	/** Whether complete lines follow. */
	more: boolean;
	/** Whether the file ends in the middle of a line. */
	torn: boolean;
}

/** Complete lines from an offset on, up to a number of bytes but at least one line. */
function readLines({ path }: LogFile, offset: number, limit: number): Lines {
	const file = openIfThere(path);
	if (file === null) return { lines: [], bytes: 0, more: false, torn: false };
	try {
		let buffer = Buffer.allocUnsafe(Math.max(1, Math.min(limit, 1024 * 1024)));
		let filled = 0;
		for (;;) {
			const read = readSync(file, buffer, filled, buffer.length - filled, offset + filled);
			filled += read;
			if (read > 0 && filled < buffer.length) continue;
			const end = buffer.subarray(0, filled).lastIndexOf(10) + 1;
			const atEnd = read === 0;
			if (atEnd || (end > 0 && filled >= limit)) {
				const text = buffer.toString('utf8', 0, end);
				return { lines: text.split('\n').slice(0, -1), bytes: end, more: !atEnd, torn: atEnd && end < filled };
			}
			const larger = Buffer.allocUnsafe(
				end === 0 ? buffer.length * 2 : Math.min(buffer.length * 2, Math.max(limit, buffer.length + 1)),
			);
			buffer.copy(larger, 0, 0, filled);
			buffer = larger;
		}
	} finally {
		closeSync(file);
	}
}

function openIfThere(path: string): number | null {
	try {
		return openSync(path, 'r');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
}
