import type { Readable, Writable } from 'node:stream';
import { type Message, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { type ConnectOptions, reach, readToken } from './connect.ts';
import { limitFrames, longestMessage } from './frameLimit.ts';
import { messageReader } from './messageReader.ts';

/**
 * Joins a client on stdin and stdout to its folder's one daemon, which is started where it is missing. The client
 * needs no token: `initialize` gets it on the way. Resolves when either side ends, with the exit code: 0 when the
 * client did, 1 when the daemon went away or the client sent what is no message.
 */
export async function bridge(
	options: Omit<ConnectOptions, 'client'>,
	stdin: Readable,
	stdout: Writable,
	complain: (text: string) => void,
): Promise<number> {
	const socket = await reach(options);
	const token = readToken(options.root);
	const writer = new StreamMessageWriter(socket);
	return new Promise((resolve) => {
		let ended = false;
		const end = (code: number, complaint?: string) => {
			if (ended) return;
			ended = true;
			if (complaint !== undefined) complain(complaint);
			socket.end();
			resolve(code);
		};
		socket.pipe(stdout);
		socket.on('close', () => end(1, 'The daemon closed the connection.'));
		stdout.on('error', () => end(0));
		const frames = stdin.pipe(limitFrames(longestMessage));
		const reader = messageReader(frames);
		reader.onError((error) => end(1, `What came on stdin is no JSON-RPC message: ${error.message}`));
		// One message waits for the one before it, so that nothing is sent after the end of input before the last is out.
		let sent: Promise<void> = Promise.resolve();
		reader.listen((message) => {
			sent = sent.then(() => writer.write(withToken(message, token))).catch(() => undefined);
		});
		frames.on('end', () => setImmediate(() => void sent.then(() => end(0))));
	});
}

/** `initialize` with the token put in; every other message as it is. */
function withToken(message: Message, token: string): Message {
	const { method, params } = message as Message & { method?: string; params?: object };
	return method === 'initialize' ? ({ ...message, params: { ...params, token } } as Message) : message;
}
