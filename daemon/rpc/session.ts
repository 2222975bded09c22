import { finished, type Readable, type Writable } from 'node:stream';
import type { Logger } from 'pino';
import {
	type CancellationToken,
	createMessageConnection,
	ErrorCodes,
	Message,
	type MessageWriter,
	type ResponseMessage,
	StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { limitFrames, longestMessage } from '../client/frameLimit.ts';
import { messageReader } from '../client/messageReader.ts';
import { equalInConstantTime } from '../http/secret.ts';
import type { Request } from '../pipeline/daemon.ts';
import { protocolVersion } from '../protocol/core.ts';
import { PerchError } from '../protocol/errors.ts';
import { methodNamed, methods, type Result } from '../protocol/methods.ts';
import type { NotificationName, NotificationParams } from '../protocol/notifications.ts';
import { parse } from '../protocol/parse.ts';
import { dispatch, type HandlerTable, toWire } from './dispatch.ts';

/** What all sessions of a daemon share. */
export interface Host {
	readonly handlers: HandlerTable;
	readonly token: string;
	readonly readOnly: boolean;
	readonly log: Logger;
	/** What `initialize` answers. */
	readonly identity: Result<'initialize'>;
}

/** One client's connection. */
export interface Session {
	/** Null until the handshake. */
	readonly client: Request['client'] | null;
	/** How many requests are being answered. */
	readonly pending: number;
	/** Tells the client, unless it has not shaken hands or takes nothing off the line; resolves when it is written. */
	notify<N extends NotificationName>(name: N, params: NotificationParams<N>): Promise<void>;
	/** Aborts what the client asked for. */
	abort(): void;
	/** Ends the connection; resolves when what was written before is out. */
	close(): Promise<void>;
}

type State = { kind: 'new' } | { kind: 'open' | 'only_stop'; client: Request['client'] };

/** How long a connection may stay without a handshake. */
const longestSilence = 10_000;
const requestsAtOnce = 256;
/** A client that leaves this many bytes unread is dropped instead of filling the daemon's memory. */
const mostUnread = 64 * 1024 * 1024;

/**
 * Serves one connection over any pair of streams: handshake first, then requests with checked params and results.
 * Whatever the other side sends, errors stay within the session; `onEnd` is called once when it is over.
 */
export function openSession(input: Readable, output: Writable, host: Host, onEnd: () => void): Session {
	const log = host.log;
	const aborts = new Set<AbortController>();
	let state: State = { kind: 'new' };
	let ended = false;

	const frames = input.pipe(limitFrames(longestMessage));
	const reader = messageReader(frames);
	const writer = inOrder(new StreamMessageWriter(output));
	const connection = createMessageConnection(reader, writer, undefined, {
		maxParallelism: requestsAtOnce,
		messageStrategy: {
			handleMessage(message, next) {
				if (Message.isRequest(message) || Message.isNotification(message) || Message.isResponse(message)) {
					return next(message);
				}
				return refuse(ErrorCodes.InvalidRequest, 'This is no JSON-RPC request; batches are not taken.');
			},
		},
	});

	const refuse = (code: number, message: string) => {
		const body = new PerchError('invalid_arguments', message).toBody();
		// The type knows no answer without a result, which JSON-RPC asks for here.
		const answer = { jsonrpc: '2.0', id: null, error: { code, message, data: body } } as ResponseMessage;
		return writer.write(answer).catch(() => undefined);
	};
	const end = () => {
		if (ended) return;
		ended = true;
		clearTimeout(timer);
		for (const abort of aborts) abort.abort();
		connection.dispose();
		frames.destroy();
		output.destroy();
		onEnd();
	};
	const close = async () => {
		await writer.settled();
		if (!ended) output.end();
		setTimeout(end, 1000).unref();
	};
	const timer = setTimeout(() => {
		if (state.kind === 'new') end();
	}, longestSilence);
	timer.unref();

	reader.onError((error) => {
		log.warn({ error: error.message }, 'a client sent what is no message');
		void refuse(ErrorCodes.ParseError, `This is no message: ${error.message.slice(0, 200)}`).then(() => {
			// After broken framing the next message cannot be found; after broken JSON it can.
			if (frames.errored !== null) void close();
		});
	});
	connection.onError(() => undefined);
	connection.onClose(() => {
		if (frames.errored === null) end();
	});
	input.on('end', end);
	input.on('error', end);
	finished(output, { readable: false }, end);

	const shakeHands = (params: unknown): Result<'initialize'> => {
		const { client, token, protocolVersion: spoken } = parse(methods.initialize.params, params);
		if (state.kind === 'open') throw new PerchError('invalid_arguments', 'This connection is initialized already.');
		if (!equalInConstantTime(token ?? '', host.token)) {
			log.warn({ client }, 'a client came with a wrong token');
			setImmediate(() => void close());
			throw new PerchError('unauthorized', 'The token is wrong or missing.', {
				field: 'token',
				hint: 'Send the content of `.perch/token`, or speak over `perchd --stdio`, which needs none.',
			});
		}
		if (spoken !== protocolVersion) {
			state = { kind: 'only_stop', client };
			throw new PerchError(
				'incompatible_protocol',
				`This daemon (Perch ${host.identity.server.version}) speaks version ${protocolVersion} of the protocol, the client version ${spoken}.`,
				{ field: 'protocolVersion', hint: 'Run `perch daemon stop`: the next call starts the other version.' },
			);
		}
		state = { kind: 'open', client };
		log.info({ client }, 'a client came');
		return host.identity;
	};

	const answer = async (method: string, params: unknown, token: CancellationToken): Promise<unknown> => {
		const name = methodNamed(method);
		if (name === 'initialize') return shakeHands(params);
		if (state.kind === 'new' || (state.kind === 'only_stop' && name !== 'daemon/stop')) {
			throw new PerchError('not_initialized', `${name} came before a successful initialize.`, {
				hint: 'Send initialize first, with the protocol version, the client’s name and the token.',
			});
		}
		const abort = new AbortController();
		const cancelled = token.onCancellationRequested(() => abort.abort());
		if (token.isCancellationRequested) abort.abort();
		aborts.add(abort);
		try {
			const request = makeRequest(state.client, abort.signal, tokenOf(params));
			return await dispatch(host.handlers, name, params, request, host.readOnly);
		} catch (error) {
			// Whatever an interrupted handler throws, the caller asked for just that.
			if (abort.signal.aborted) throw new PerchError('cancelled', `${name} was cancelled.`, { cause: error });
			throw error;
		} finally {
			aborts.delete(abort);
			cancelled.dispose();
		}
	};
	const makeRequest = (
		client: Request['client'],
		signal: AbortSignal,
		progressToken: string | number | undefined,
	): Request => ({
		client,
		signal,
		progress(message, share, figures) {
			if (progressToken === undefined) return;
			const value = {
				message,
				...(share !== undefined && { share: Math.min(1, Math.max(0, share)) }),
				...(figures !== undefined && { figures: [...figures] }),
			};
			void notify('$/progress', { token: progressToken, value });
		},
		author: (reason) => ({ actor: client.name, reason }),
	});
	const notify: Session['notify'] = async (name, params) => {
		if (ended || state.kind !== 'open') return;
		if (output.writableLength > mostUnread) {
			log.warn({ client: state.client }, 'a client that reads nothing was dropped');
			end();
			return;
		}
		await connection.sendNotification(name, params).catch(() => undefined);
	};

	connection.onRequest(async (method, params, token) => {
		try {
			return await answer(method, params, token);
		} catch (error) {
			const wire = toWire(error);
			if (wire.data?.code === 'internal') log.error({ method, err: error }, 'a request failed unforeseen');
			return wire;
		}
	});
	connection.onNotification(() => undefined);
	connection.listen();

	return {
		get client() {
			return state.kind === 'open' ? state.client : null;
		},
		get pending() {
			return aborts.size;
		},
		notify,
		abort: () => {
			for (const abort of aborts) abort.abort();
		},
		close,
	};
}

/** A writer that knows when all that it was given is written: writes come one after the other. */
function inOrder(writer: MessageWriter): MessageWriter & { settled(): Promise<unknown> } {
	let last: Promise<unknown> = Promise.resolve();
	return {
		onError: writer.onError,
		onClose: writer.onClose,
		write(message) {
			const written = writer.write(message);
			last = written.catch(() => undefined);
			return written;
		},
		end: () => writer.end(),
		dispose: () => writer.dispose(),
		settled: () => last,
	};
}

function tokenOf(params: unknown): string | number | undefined {
	const token = (params as { progressToken?: unknown } | null | undefined)?.progressToken;
	return typeof token === 'string' || typeof token === 'number' ? token : undefined;
}
