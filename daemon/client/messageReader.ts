import type { Readable } from 'node:stream';
import { StreamMessageReader } from 'vscode-jsonrpc/node';

/**
 * Reads the messages of a stream. The library's reader sets a timer for the rest of a message that has begun to come,
 * and sets it again for ever: one whose connection ended in the midst of a message would keep its process alive.
 */
export function messageReader(stream: Readable): StreamMessageReader {
	const reader = new StreamMessageReader(stream);
	reader.partialMessageTimeout = 0;
	return reader;
}
