import { randomUUID } from 'node:crypto';
import { CancellationTokenSource, ErrorCodes, type MessageConnection, ResponseError } from 'vscode-jsonrpc/node';
import * as z from 'zod/mini';
import type { Progress } from '../protocol/core.ts';
import { errorBody, PerchError, toPerchError } from '../protocol/errors.ts';
import { type MethodName, methods, type Params, type Result } from '../protocol/methods.ts';
import { type NotificationName, type NotificationParams, notifications } from '../protocol/notifications.ts';
import { parse } from '../protocol/parse.ts';
import '../protocol/schema.ts';

export interface RequestOptions {
	/** Hears how far a long request has come; ignored for others. */
	onProgress?: ((progress: Progress) => void) | undefined;
	/** Cancels the request: it then ends with the error `cancelled`. */
	signal?: AbortSignal | undefined;
}

/** An open, initialized connection to a daemon. */
export interface Client {
	/** What the daemon said of itself in the handshake. */
	readonly server: Result<'initialize'>;
	/** Calls a method; the result is checked against its schema, and every error is a PerchError. */
	request<M extends MethodName>(method: M, params: Params<M>, options?: RequestOptions): Promise<Result<M>>;
	/** Hears a notification until the returned function is called. */
	onNotification<N extends Exclude<NotificationName, '$/progress'>>(
		name: N,
		listener: (params: NotificationParams<N>) => void,
	): () => void;
	/** Hears once that the connection ended, from either side; at once if it has already. */
	onClose(listener: () => void): void;
	close(): void;
}

/** Requests over a connection that listens already, before and after the handshake. */
export type Requests = Omit<Client, 'server'>;

/** Types, checks and errors over a raw connection; `end` closes what lies under it. */
export function createRequests(connection: MessageConnection, end: () => void): Requests {
	const progressListeners = new Map<string, (progress: Progress) => void>();
	const listeners = new Map<NotificationName, Set<(params: never) => void>>();
	const closeListeners = new Set<() => void>();
	let closed = false;

	const finish = () => {
		if (closed) return;
		closed = true;
		connection.dispose();
		end();
		for (const listener of closeListeners) listener();
	};
	connection.onClose(finish);
	connection.onError(() => undefined);
	connection.onNotification((name: string, params: unknown) => {
		if (!isNotification(name)) return;
		const parsed = z.safeParse(notifications[name].params, params);
		if (!parsed.success) return;
		for (const listener of listeners.get(name) ?? []) listener(parsed.data as never);
	});

	// The library keeps `$/progress` to itself.
	connection.onUnhandledProgress((params: unknown) => {
		const parsed = z.safeParse(notifications['$/progress'].params, params);
		if (parsed.success) progressListeners.get(String(parsed.data.token))?.(parsed.data.value);
	});

	return {
		async request(method, params, { onProgress, signal } = {}) {
			if (closed) throw connectionLost();
			if (signal?.aborted === true) throw new PerchError('cancelled', `${method} was cancelled.`);
			const cancellation = new CancellationTokenSource();
			const cancel = () => cancellation.cancel();
			signal?.addEventListener('abort', cancel, { once: true });
			const token = onProgress !== undefined && methods[method].long ? randomUUID() : undefined;
			if (token !== undefined && onProgress !== undefined) progressListeners.set(token, onProgress);
			try {
				const sent = token === undefined ? params : { ...params, progressToken: token };
				const result = await connection.sendRequest<unknown>(method, sent, cancellation.token);
				return parse(methods[method].result, result, 'incompatible_protocol', {
					hint: 'The daemon and this program are of different versions: restart the daemon.',
				}) as Result<typeof method>;
			} catch (error) {
				throw closed ? connectionLost() : fromWire(error);
			} finally {
				if (token !== undefined) progressListeners.delete(token);
				signal?.removeEventListener('abort', cancel);
				cancellation.dispose();
			}
		},
		onNotification(name, listener) {
			const set = listeners.get(name) ?? new Set();
			listeners.set(name, set.add(listener));
			return () => set.delete(listener);
		},
		onClose(listener) {
			if (closed) listener();
			else closeListeners.add(listener);
		},
		close: finish,
	};
}

function isNotification(name: string): name is NotificationName {
	return Object.hasOwn(notifications, name);
}

function connectionLost(): PerchError {
	return new PerchError('daemon_unavailable', 'The connection to the daemon ended.', {
		hint: 'Run the command again; `perch daemon logs` shows what happened.',
	});
}

/** The PerchError that travelled in the `data` of an error answer. */
function fromWire(error: unknown): PerchError {
	if (!(error instanceof ResponseError)) return toPerchError(error);
	if (error.code === ErrorCodes.MessageWriteError) return connectionLost();
	const body = z.safeParse(errorBody, error.data);
	if (body.success) return PerchError.fromBody(body.data);
	return new PerchError('incompatible_protocol', `The daemon answered: ${error.message}`, {
		hint: 'The daemon and this program may be of different versions: restart the daemon.',
	});
}
