/** The writing end of the request log: appends in memory, and puts lines on the disk beside the answering of requests. */
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import type { RequestRecord } from '../protocol/serving.ts';
import { dayOf, listCompacted, listSegments, segmentPath } from './segments.ts';

/** A request as it is kept until it is written: the rows are turned into JSON only then. */
export interface LoggedRequest extends Omit<RequestRecord, 'inputs' | 'outputs'> {
	inputs: (() => RequestRecord['inputs']) | null;
	outputs: (() => RequestRecord['outputs']) | null;
}

export interface RequestLogOptions {
	/** Milliseconds between two writes. */
	flushEvery?: number;
	/** A segment ends when it has so many bytes, or so many milliseconds after it was begun. */
	segmentBytes?: number;
	segmentAge?: number;
	/** Rows that wait for the disk at most; requests beyond are dropped and counted. */
	waitingRows?: number;
	/** Hears how many requests were just written. */
	onWritten?: (requests: number) => void;
	/** Hears how many requests were lost, and why. */
	onDropped?: (requests: number, reason: string) => void;
	now?: () => number;
}

export interface RequestLog {
	/** Takes a request; returns at once. */
	append(request: LoggedRequest): void;
	/** Writes everything taken until now. */
	flush(): Promise<void>;
	/** Writes what waits and ends the segment. */
	close(): Promise<void>;
}

/** Requests turned into text in one go: about a millisecond of the event loop. */
const chunk = 256;

/** Opens the log of a deployment in its folder; a segment is begun with the first request. */
export function openRequestLog(folder: string, options: RequestLogOptions = {}): RequestLog {
	const {
		flushEvery = 1000,
		segmentBytes = 64 * 1024 * 1024,
		segmentAge = 3_600_000,
		waitingRows = 1_000_000,
	} = options;
	const now = options.now ?? Date.now;
	let waiting: LoggedRequest[] = [];
	let rowsWaiting = 0;
	let writing = Promise.resolve();
	let current: { handle: FileHandle; bytes: number; start: number } | null = null;

	const timer = setInterval(() => void flush(), flushEvery);
	timer.unref();

	function append(request: LoggedRequest): void {
		if (rowsWaiting + request.rows > waitingRows && waiting.length > 0) {
			options.onDropped?.(1, 'the disk is slower than the requests');
			return;
		}
		waiting.push(request);
		rowsWaiting += request.rows;
	}

	function flush(): Promise<void> {
		writing = writing.then(writeWaiting);
		return writing;
	}

	async function writeWaiting(): Promise<void> {
		while (waiting.length > 0) {
			const taken = waiting.slice(0, chunk);
			waiting = waiting.slice(chunk);
			try {
				const lines = Buffer.from(taken.map(lineOf).join(''));
				const segment = await segmentFor(lines.length);
				await segment.handle.appendFile(lines);
				segment.bytes += lines.length;
				options.onWritten?.(taken.length);
			} catch (error) {
				await endSegment().catch(() => undefined);
				options.onDropped?.(taken.length, error instanceof Error ? error.message : String(error));
			}
			rowsWaiting -= taken.reduce((sum, { rows }) => sum + rows, 0);
			await new Promise(setImmediate);
		}
	}

	async function segmentFor(bytes: number): Promise<NonNullable<typeof current>> {
		const time = now();
		const full = (open: NonNullable<typeof current>) =>
			open.bytes + bytes > segmentBytes || time - open.start >= segmentAge || dayOf(time) !== dayOf(open.start);
		if (current !== null && full(current)) await endSegment();
		current ??= await beginSegment(time);
		return current;
	}

	/** Begins a segment that sorts behind all others, even when the clock was put back. */
	async function beginSegment(time: number): Promise<NonNullable<typeof current>> {
		await mkdir(folder, { recursive: true, mode: 0o700 });
		const last = [...listCompacted(folder), ...listSegments(folder)].reduce(
			(latest, { start }) => Math.max(latest, start),
			0,
		);
		const start = time > last ? time : last + 1;
		for (let number = 0; ; number++) {
			try {
				return { handle: await open(segmentPath(folder, `${start}-${number}`), 'ax', 0o600), bytes: 0, start };
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
			}
		}
	}

	async function endSegment(): Promise<void> {
		const ended = current;
		current = null;
		await ended?.handle.close();
	}

	return {
		append,
		flush,
		async close() {
			clearInterval(timer);
			await flush();
			await endSegment();
		},
	};
}

function lineOf({ inputs, outputs, ...request }: LoggedRequest): string {
	return `${JSON.stringify({ ...request, inputs: inputs?.() ?? null, outputs: outputs?.() ?? null })}\n`;
}
