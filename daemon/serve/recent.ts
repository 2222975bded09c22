/** The newest requests of the log, for `/logs`: read backwards, from what is not yet compacted. */
import { type FileHandle, open } from 'node:fs/promises';
import type { RequestRecord } from '../protocol/serving.ts';
import { compareSegments, listCompacted, listSegments } from './segments.ts';
import { parseRecord } from './tail.ts';

export interface RecentRequests {
	/** Newest first. */
	requests: RequestRecord[];
	/** Where older ones begin: `<segment>:<byte>`; null when there are none. */
	next: string | null;
	/** Whether the older ones are compacted, where only a job reads them. */
	compacted: boolean;
}

/** Bytes read at a time, from the end towards the beginning. */
const step = 64 * 1024;

/** At most `limit` requests before a place in the log (null: its end). Lines that a crash cut off are passed over. */
export async function recentRequests(folder: string, before: string | null, limit: number): Promise<RecentRequests> {
	const [segment, byte] = before?.split(':') ?? [];
	const segments = listSegments(folder)
		.filter((file) => segment === undefined || compareSegments(file.segment, segment) <= 0)
		.reverse();
	const requests: RequestRecord[] = [];
	for (const file of segments) {
		const end = file.segment === segment ? Number(byte) : Number.POSITIVE_INFINITY;
		const stopped = await collectBackwards(file.path, end, limit, requests);
		if (stopped > 0) return { requests, next: `${file.segment}:${stopped}`, compacted: false };
	}
	const oldest = segments.at(-1)?.segment;
	const older = listCompacted(folder).findLast((file) =>
		oldest !== undefined
			? compareSegments(file.segment, oldest) < 0
			: segment === undefined || compareSegments(file.segment, segment) <= 0,
	);
	return { requests, next: older === undefined ? null : `${older.segment}:0`, compacted: older !== undefined };
}

/** Adds the lines before a byte, last one first, until `into` holds `limit`; answers the byte where the rest ends, 0 for no rest. */
async function collectBackwards(path: string, before: number, limit: number, into: RequestRecord[]): Promise<number> {
	const file = await openIfThere(path);
	if (file === null) return 0;
	try {
		let start = Math.min(before, (await file.stat()).size);
		let rest = Buffer.alloc(0);
		while (start > 0 && into.length < limit) {
			const from = Math.max(0, start - step);
			const { buffer } = await file.read(Buffer.alloc(start - from), 0, start - from, from);
			let bytes = Buffer.concat([buffer, rest]);
			start = from;
			while (into.length < limit) {
				const lineStart = bytes.lastIndexOf(10, bytes.length - 2) + 1;
				if (lineStart === 0 && start > 0) break;
				const record = parseRecord(bytes.toString('utf8', lineStart));
				if (record !== null) into.push(record);
				bytes = bytes.subarray(0, lineStart);
				if (lineStart === 0) return 0;
			}
			if (into.length >= limit) return start + bytes.length;
			rest = bytes;
		}
		return start + rest.length;
	} finally {
		await file.close();
	}
}

async function openIfThere(path: string): Promise<FileHandle | null> {
	try {
		return await open(path, 'r');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
}
