/** A copy of a CSV file whose records all end alike: DuckDB divides records by one kind of line end. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { throwIfDiskFull } from '../duckdb.ts';
import { bytesOf, type TextFile } from '../encoding/textBytes.ts';

const [lineFeed, carriageReturn, quote] = [0x0a, 0x0d, 0x22];

/**
 * Copies the file, unzipped and as UTF-8, with a line feed at the end of each record, without a byte order mark and blank lines above
 * the header. Line ends within quotes stay as they are.
 */
export async function copyUniformly(file: TextFile, delimiter: string, copy: string): Promise<void> {
	await write(uniform(bytesOf(file), delimiter.charCodeAt(0)), copy);
}

/** Copies a text as it stands, unzipped and as UTF-8. */
export async function copyAsUtf8(file: TextFile, copy: string): Promise<void> {
	await write(bytesOf(file), copy);
}

async function write(parts: AsyncGenerator<Buffer>, copy: string): Promise<void> {
	try {
		await pipeline(parts, createWriteStream(copy));
	} catch (error) {
		throwIfDiskFull(error, copy);
		throw error;
	}
}

/** Within a value: a quote opens at its start alone, and behind a quote that closed, where it stood for itself. */
type State = 'start' | 'plain' | 'quoted' | 'closed';

function next(state: State, byte: number, separator: number): State {
	if (state === 'quoted') return byte === quote ? 'closed' : 'quoted';
	if (byte === lineFeed || byte === separator) return 'start';
	return byte === quote && state !== 'plain' ? 'quoted' : 'plain';
}

async function* uniform(parts: AsyncIterable<Buffer>, separator: number): AsyncGenerator<Buffer> {
	let state: State = 'start';
	let afterReturn = false;
	let begun = false;
	let first = true;
	for await (const part of parts) {
		const bytes = first && part.subarray(0, 3).toString('hex') === 'efbbbf' ? part.subarray(3) : part;
		first = false;
		const out = Buffer.allocUnsafe(bytes.length);
		let size = 0;
		for (const given of bytes) {
			const secondHalf = given === lineFeed && afterReturn && state !== 'quoted';
			afterReturn = given === carriageReturn && state !== 'quoted';
			const byte = afterReturn ? lineFeed : given;
			begun ||= byte !== lineFeed;
			if (secondHalf || !begun) continue;
			out[size++] = byte;
			state = next(state, byte, separator);
		}
		yield out.subarray(0, size);
	}
}
