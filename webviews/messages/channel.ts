import * as z from 'zod/mini';
import { PerchError, toPerchError } from '../../daemon/protocol/errors.ts';
import { parse } from '../../daemon/protocol/parse.ts';
import '../../daemon/protocol/schema.ts';
import { type Envelope, envelope, type NotificationType, type RequestType } from './message.ts';

type Schema = z.core.$ZodType;

/** One end of the wire between a panel and the extension; both ends use this. */
export interface Channel {
	/** Takes what the wire delivered. Anything that is not an envelope of ours is ignored. */
	receive(message: unknown): void;
	notify<P extends Schema>(type: NotificationType<P>, params: z.input<P>): void;
	/** Rejects with a PerchError: the other end's, `invalid_arguments` for an unfit answer, `cancelled` when closed. */
	request<P extends Schema, R extends Schema>(type: RequestType<P, R>, params: z.input<P>): Promise<z.output<R>>;
	/** One handler a message; a notification that does not fit its schema is handed to `onInvalid`. */
	onNotification<P extends Schema>(type: NotificationType<P>, handler: (params: z.output<P>) => void): void;
	/** What the handler throws travels back as an error body. */
	onRequest<P extends Schema, R extends Schema>(
		type: RequestType<P, R>,
		handler: (params: z.output<P>) => Promise<z.input<R>> | z.input<R>,
	): void;
	/** Ends every open request as cancelled; nothing is sent from then on. */
	close(): void;
}

interface Pending {
	readonly result: Schema;
	readonly resolve: (value: unknown) => void;
	readonly reject: (error: PerchError) => void;
}

/**
 * Opens one end. `post` puts a message on the wire; whoever opens it calls `receive` with what comes back:
 * in the extension `webview.postMessage` and `onDidReceiveMessage`, in the page `acquireVsCodeApi().postMessage` and `message` events.
 */
export function openChannel(
	post: (message: Envelope) => void,
	onInvalid: (error: PerchError) => void = () => {},
): Channel {
	const notifications = new Map<string, (params: unknown) => void>();
	const requests = new Map<string, (params: unknown) => Promise<unknown>>();
	const pending = new Map<number, Pending>();
	let lastId = 0;
	let closed = false;

	function send(message: Envelope): void {
		if (!closed) post(message);
	}

	async function answer(id: number, name: string, params: unknown): Promise<void> {
		try {
			const handler = requests.get(name);
			if (handler === undefined) throw new PerchError('invalid_arguments', `No request is called ${name} here.`);
			send({ kind: 'result', id, result: await handler(params) });
		} catch (error) {
			send({ kind: 'error', id, error: toPerchError(error).toBody() });
		}
	}

	function settle(id: number, end: (waiting: Pending) => void): void {
		const waiting = pending.get(id);
		if (waiting === undefined) return;
		pending.delete(id);
		try {
			end(waiting);
		} catch (error) {
			waiting.reject(toPerchError(error));
		}
	}

	return {
		receive(raw) {
			const parsed = z.safeParse(envelope, raw);
			if (!parsed.success || closed) return;
			const message = parsed.data;
			switch (message.kind) {
				case 'notification':
					try {
						notifications.get(message.name)?.(message.params);
					} catch (error) {
						onInvalid(toPerchError(error));
					}
					return;
				case 'request':
					void answer(message.id, message.name, message.params);
					return;
				case 'result':
					settle(message.id, ({ result, resolve }) => resolve(parse(result, message.result)));
					return;
				case 'error':
					settle(message.id, ({ reject }) => reject(PerchError.fromBody(message.error)));
			}
		},
		notify(type, params) {
			send({ kind: 'notification', name: type.name, params });
		},
		request<P extends Schema, R extends Schema>(type: RequestType<P, R>, params: z.input<P>): Promise<z.output<R>> {
			return new Promise((resolve, reject) => {
				if (closed) return reject(new PerchError('cancelled', 'The panel is closed.'));
				lastId += 1;
				pending.set(lastId, { result: type.result, resolve: resolve as (value: unknown) => void, reject });
				send({ kind: 'request', id: lastId, name: type.name, params });
			});
		},
		onNotification(type, handler) {
			notifications.set(type.name, (params) => handler(parse(type.params, params)));
		},
		onRequest(type, handler) {
			requests.set(type.name, async (params) => handler(parse(type.params, params)));
		},
		close() {
			closed = true;
			for (const { reject } of pending.values()) reject(new PerchError('cancelled', 'The panel was closed.'));
			pending.clear();
		},
	};
}
