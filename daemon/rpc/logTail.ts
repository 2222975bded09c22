import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const mostBytes = 4 * 1024 * 1024;

/** The last lines of a file, without reading more than 4 MB of it; none when it does not exist. */
export function lastLines(file: string, count: number): string[] {
	let handle: number;
	try {
		handle = openSync(file, 'r');
	} catch {
		return [];
	}
	try {
		const size = fstatSync(handle).size;
		const start = Math.max(0, size - mostBytes);
		const buffer = Buffer.alloc(size - start);
		const text = buffer.toString('utf8', 0, readSync(handle, buffer, 0, buffer.length, start));
		const lines = text.split('\n');
		if (lines.at(-1) === '') lines.pop();
		return lines.slice(-count);
	} finally {
		closeSync(handle);
	}
}
