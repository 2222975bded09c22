/** The bytes of text files as UTF-8: unzipped where their name says so, and transcoded from the encoding they are in. */
import { createReadStream } from 'node:fs';
import * as zlib from 'node:zlib';
import { PerchError } from '../../protocol/errors.ts';
import { badBytes } from './badBytes.ts';

/** A file of text. */
export interface TextFile {
	path: string;
	/** As the Encoding Standard names it, such as `utf-8` or `windows-1252`. */
	encoding: string;
	/** Bytes that mean nothing in the encoding become U+FFFD; without it they are an error. */
	lenient: boolean;
}

/** The bytes of a file, unzipped. */
export async function* rawBytes(path: string): AsyncGenerator<Buffer> {
	const file = createReadStream(path, { highWaterMark: 1 << 18 });
	const unzip = unzipFor(path);
	const stream = unzip === null ? file : file.pipe(unzip);
	file.once('error', (error) => stream.destroy(error));
	try {
		yield* stream as AsyncIterable<Buffer>;
	} finally {
		file.destroy();
		stream.destroy();
	}
}

function unzipFor(path: string) {
	const name = path.toLowerCase();
	if (name.endsWith('.gz')) return zlib.createGunzip();
	if (!name.endsWith('.zst')) return null;
	if ('createZstdDecompress' in zlib) return zlib.createZstdDecompress();
	throw new PerchError('unsupported_format', `${path} is compressed with zstd, which Node ${process.version} lacks.`, {
		file: path,
		hint: 'Use Node 22.15 or newer, or compress the file with gzip.',
	});
}

/**
 * The text of a file as bytes of UTF-8. Those of a file in UTF-8 are its own, be they right or wrong; of another one the
 * first bytes that mean nothing in its encoding throw `invalid_data` with their offset and line, unless it is lenient.
 */
export async function* bytesOf({ path, encoding, lenient }: TextFile): AsyncGenerator<Buffer> {
	if (encoding === 'utf-8') return yield* rawBytes(path);
	const decoder = new TextDecoder(encoding, { fatal: !lenient });
	const asUtf8 = (text: string) => Buffer.from(encoding === 'windows-1252' ? withoutControls(text) : text);
	try {
		for await (const part of rawBytes(path)) yield asUtf8(decoder.decode(part, { stream: true }));
		yield asUtf8(decoder.decode());
	} catch (error) {
		if (!(error instanceof TypeError)) throw error;
		throw (await badBytes(path, encoding, rawBytes(path))) ?? error;
	}
}

/** The lines of a text as UTF-8, without the line feeds that end them. */
export async function* linesOf(file: TextFile): AsyncGenerator<Buffer> {
	let carried: Buffer[] = [];
	for await (const part of bytesOf(file)) {
		let start = 0;
		for (let end = part.indexOf(0x0a); end >= 0; end = part.indexOf(0x0a, start)) {
			yield Buffer.concat([...carried, part.subarray(start, end)]);
			carried = [];
			start = end + 1;
		}
		carried.push(part.subarray(start));
	}
	yield Buffer.concat(carried);
}

/** What the bytes 0x80 to 0x9F are in windows-1252; some releases of Node decode them as Latin-1's control characters. */
const c1 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function withoutControls(text: string): string {
	return text.replaceAll(/[\x80-\x9f]/g, (sign) => c1[sign.charCodeAt(0) - 0x80] as string);
}

/** The first bytes of a text, at least so many where it has them. */
export async function startOf(file: TextFile, length: number): Promise<Buffer> {
	return await startOfParts(bytesOf(file), length);
}

/** The same of any bytes. */
export async function startOfParts(parts: AsyncIterable<Buffer>, length: number): Promise<Buffer> {
	const kept: Buffer[] = [];
	let size = 0;
	for await (const part of parts) {
		kept.push(part);
		size += part.length;
		if (size >= length) break;
	}
	return Buffer.concat(kept);
}
