/** Bytes that are no text in the encoding of their file: where the first of them stand, and what they may be instead. */
import { isUtf8 } from 'node:buffer';
import { PerchError } from '../../protocol/errors.ts';
import { likelyEncoding } from './likelyEncoding.ts';

interface BadBytes {
	/** Of the first such byte in the text, from 0. */
	offset: number;
	line: number;
	byte: number;
	/** The text around it. */
	around: Buffer;
}

/** The error about the first bytes of a text that are none in `encoding`; null where all of them are. */
export async function badBytes(
	path: string,
	encoding: string,
	parts: AsyncIterable<Buffer>,
): Promise<PerchError | null> {
	const found = await findBadBytes(encoding, parts);
	if (found === null) return null;
	const { offset, line, byte, around } = found;
	const unzipped = /\.(gz|zst)$/i.test(path) ? ' of the unzipped text' : '';
	const name = encoding === 'utf-8' ? 'UTF-8' : encoding;
	const { likely, mixed } = likelyEncoding(around);
	const hint =
		encoding !== 'utf-8'
			? 'Name the encoding that the file was written in: `encoding:` in data, or --encoding.'
			: mixed
				? `Other places near it are UTF-8, so the file mixes encodings; the byte may be ${likely}. Correct it, or set such rows aside with on_bad: quarantine (--on-bad quarantine).`
				: `It may be ${likely}: say encoding: ${likely} in data (--encoding ${likely}), or save the file as UTF-8.`;
	return new PerchError(
		'invalid_data',
		`${path}, line ${line}: the byte 0x${byte.toString(16).toUpperCase().padStart(2, '0')} at offset ${offset}${unzipped} is not ${name}.`,
		{ file: path, line, hint },
	);
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

async function findBadBytes(encoding: string, parts: AsyncIterable<Buffer>): Promise<BadBytes | null> {
	const firstBad = encoding.startsWith('utf-16')
		? unpairedSurrogate(encoding.endsWith('be'))
		: firstUndecodable(encoding);
	const cut = encoding.startsWith('utf-16') ? (bytes: Buffer) => bytes.length - (bytes.length % 4) : afterSafeByte;
	let carried: Buffer = Buffer.alloc(0);
	let offset = 0;
	const lines = lineCounter(encoding);
	const look = (bytes: Buffer): BadBytes | null => {
		const at = firstBad(bytes);
		if (at === null) {
			offset += bytes.length;
			lines.pass(bytes);
			return null;
		}
		lines.pass(bytes.subarray(0, at));
		return { offset: offset + at, line: lines.line(), byte: bytes[at] as number, around: bytes };
	};
	for await (const part of parts) {
		const bytes = carried.length === 0 ? part : Buffer.concat([carried, part]);
		const end = cut(bytes);
		const found = look(bytes.subarray(0, end));
		if (found !== null) return found;
		carried = bytes.subarray(end);
	}
	return look(carried);
}

/** Behind the last byte that stands for itself in every encoding that knows ASCII: control characters, blanks, commas. */
function afterSafeByte(bytes: Buffer): number {
	for (let at = bytes.length; at > 0; at--) if ((bytes[at - 1] as number) < 0x30) return at;
	return 0;
}

/** Where the first sequence begins that `encoding` does not know. */
function firstUndecodable(encoding: string): (bytes: Buffer) => number | null {
	const isSound = (bytes: Buffer): boolean => {
		if (encoding === 'utf-8') return isUtf8(bytes);
		try {
			new TextDecoder(encoding, { fatal: true }).decode(bytes);
			return true;
		} catch {
			return false;
		}
	};
	return (bytes) => {
		if (isSound(bytes)) return null;
		const decoder = new TextDecoder(encoding, { fatal: true });
		let begun = 0;
		for (let at = 0; at < bytes.length; at++) {
			try {
				const complete = decoder.decode(bytes.subarray(at, at + 1), { stream: true }) !== '';
				if (complete) begun = at + 1;
			} catch {
				return begun;
			}
		}
		return begun;
	};
}

/** The same of UTF-16: half of a pair without the other, or half a unit at the end. */
function unpairedSurrogate(bigEndian: boolean): (bytes: Buffer) => number | null {
	const unit = (bytes: Buffer, at: number) =>
		at + 1 < bytes.length ? (bigEndian ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at)) : 0;
	return (bytes) => {
		for (let at = 0; at < bytes.length; at += 2) {
			if (at + 1 === bytes.length) return at;
			const high = unit(bytes, at) & 0xfc00;
			if (high === 0xdc00) return at;
			if (high !== 0xd800) continue;
			if ((unit(bytes, at + 2) & 0xfc00) !== 0xdc00) return at;
			at += 2;
		}
		return null;
	};
}

/** Counts lines as an editor does: `\n`, `\r\n` and `\r` end one. */
function lineCounter(encoding: string): { pass(bytes: Buffer): void; line(): number } {
	const width = encoding.startsWith('utf-16') ? 2 : 1;
	const low = encoding === 'utf-16be' ? 1 : 0;
	let line = 1;
	let afterReturn = false;
	return {
		pass(bytes) {
			for (let at = low; at < bytes.length; at += width) {
				const sign = width === 2 && bytes[at + 1 - 2 * low] !== 0 ? -1 : (bytes[at] as number);
				if (sign === carriageReturn || (sign === lineFeed && !afterReturn)) line += 1;
				afterReturn = sign === carriageReturn;
			}
		},
		line: () => line,
	};
}
