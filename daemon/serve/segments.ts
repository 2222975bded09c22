/**
 * Where the request log lies. A deployment has a folder with append-only segments `<startMs>-<n>.jsonl` (the last one is
 * being written) and, for those that were compacted, `day=YYYY-MM-DD/<startMs>-<n>.parquet`. A segment never crosses
 * midnight UTC, so that each becomes exactly one file.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** One file of the log: a segment of lines, or what was made of it. */
export interface LogFile {
	/** `<startMs>-<n>`, in which the log is ordered. */
	segment: string;
	/** Milliseconds since 1970 before which it holds nothing. */
	start: number;
	path: string;
}

/** The folder of a deployment's log inside `.perch/requests`. */
export function logFolder(requests: string, deployment: string): string {
	return join(requests, fileName(deployment));
}

/** The name of a deployment as that of a file. */
export function fileName(deployment: string): string {
	return encodeURIComponent(deployment).replace(/\.$/, '%2E');
}

export function segmentPath(folder: string, segment: string): string {
	return join(folder, `${segment}.jsonl`);
}

/** Where the Parquet file of a segment belongs. */
export function compactedPath(folder: string, segment: string): string {
	return join(folder, `day=${dayOf(startOf(segment))}`, `${segment}.parquet`);
}

/** Milliseconds since 1970 at which a segment was begun. */
export function startOf(segment: string): number {
	return Number.parseInt(segment, 10);
}

/** The UTC day of a moment, as `2026-01-31`. */
export function dayOf(ms: number): string {
	return new Date(ms).toISOString().slice(0, 10);
}

/** Segments in the order in which they were written. */
export function compareSegments(a: string, b: string): number {
	const [startA = 0, numberA = 0] = a.split('-').map(Number);
	const [startB = 0, numberB = 0] = b.split('-').map(Number);
	return startA - startB || numberA - numberB;
}

const segmentName = /^(\d+-\d+)\.(jsonl|parquet)$/;

/** The segments of a folder that are not compacted, oldest first; none when there is no folder. */
export function listSegments(folder: string): LogFile[] {
	return filesIn(folder, 'jsonl').filter(({ segment }) => !isCompacted(folder, segment));
}

/** Segments that a crash left behind after their compacted files were made. */
export function listLeftovers(folder: string): LogFile[] {
	return filesIn(folder, 'jsonl').filter(({ segment }) => isCompacted(folder, segment));
}

function isCompacted(folder: string, segment: string): boolean {
	return existsSync(compactedPath(folder, segment));
}

/** The compacted files of a folder, oldest first. */
export function listCompacted(folder: string): LogFile[] {
	return namesIn(folder)
		.filter((name) => name.startsWith('day='))
		.flatMap((name) => filesIn(join(folder, name), 'parquet'))
		.sort((a, b) => compareSegments(a.segment, b.segment));
}

function filesIn(folder: string, extension: 'jsonl' | 'parquet'): LogFile[] {
	return namesIn(folder)
		.flatMap((name) => {
			const [, segment, found] = segmentName.exec(name) ?? [];
			return segment === undefined || found !== extension
				? []
				: [{ segment, start: startOf(segment), path: join(folder, name) }];
		})
		.sort((a, b) => compareSegments(a.segment, b.segment));
}

function namesIn(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		throw error;
	}
}
