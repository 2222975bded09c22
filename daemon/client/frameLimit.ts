import { Transform } from 'node:stream';

const blank = Buffer.alloc(0);
const longestHeader = 4096;

/** The longest message, in bytes, that a client may send to a daemon. */
export const longestMessage = 16 * 1024 * 1024;

/**
 * Passes a stream of `Content-Length` frames on unchanged, and ends it with an error at the first header that is
 * malformed, over 4 kB, or announces a message of more than `maxBytes`: vscode-jsonrpc itself would buffer without end.
 */
export function limitFrames(maxBytes: number): Transform {
	let header: Buffer = blank;
	let bodyLeft = 0;
	const follow = (chunk: Buffer): void => {
		let at = 0;
		while (at < chunk.length) {
			if (bodyLeft > 0) {
				const taken = Math.min(bodyLeft, chunk.length - at);
				bodyLeft -= taken;
				at += taken;
				continue;
			}
			const rest = header.length === 0 ? chunk.subarray(at) : Buffer.concat([header, chunk.subarray(at)]);
			const end = rest.indexOf('\r\n\r\n');
			if (end > longestHeader || (end === -1 && rest.length > longestHeader)) {
				throw new Error(`a header of more than ${longestHeader} bytes`);
			}
			if (end === -1) {
				header = rest;
				return;
			}
			bodyLeft = announcedLength(rest.toString('latin1', 0, end), maxBytes);
			at += end + 4 - header.length;
			header = blank;
		}
	};
	return new Transform({
		transform(chunk: Buffer, _encoding, done) {
			try {
				follow(chunk);
				done(null, chunk);
			} catch (error) {
				done(error instanceof Error ? error : new Error(String(error)));
			}
		},
	});
}

function announcedLength(header: string, maxBytes: number): number {
	const lengths = header.split('\r\n').filter((line) => /^content-length\s*:/i.test(line));
	const digits = /:\s*(\d{1,12})\s*$/.exec(lengths[0] ?? '')?.[1];
	if (lengths.length !== 1 || digits === undefined) throw new Error('a header without one numeric Content-Length');
	const length = Number(digits);
	if (length > maxBytes) throw new Error(`a message of ${length} bytes; at most ${maxBytes} are taken`);
	return length;
}
