/** What travels between a panel and the extension: constants as in the language server protocol, and their envelope. */

import * as z from 'zod/mini';
import { errorBody } from '../../daemon/protocol/errors.ts';
import '../../daemon/protocol/schema.ts';

type Schema = z.core.$ZodType;

/** A message without an answer. Whoever receives it checks it against `params`. */
export interface NotificationType<P extends Schema = Schema> {
	readonly name: string;
	readonly params: P;
}

/** A message that always ends in a result or an error. Each end checks what it receives. */
export interface RequestType<P extends Schema = Schema, R extends Schema = Schema> {
	readonly name: string;
	readonly params: P;
	readonly result: R;
}

export function notification<P extends Schema>(name: string, params: P): NotificationType<P> {
	return { name, params };
}

export function request<P extends Schema, R extends Schema>(name: string, params: P, result: R): RequestType<P, R> {
	return { name, params, result };
}

/** The result of a request that only has to succeed. */
export const done = z.object({});

/**
 * Webview to extension: the page listens now, or wants to try again after `failed`.
 * The extension answers each with `show` (or `failed`), so a reloaded page is filled again.
 */
export const ready = notification('ready', z.object({}));

/** Extension to webview: what the panel shows could not be fetched; the page offers to try again. */
export const failed = notification('failed', z.object({ error: errorBody }));

/** Fields that every `show` carries. Its payload is the whole picture, never a difference to the one before. */
export const shown = {
	/** The folder whose daemon answers; kept in the page's state, so that a reloaded window asks the same one. */
	root: z.string(),
	/** In Restricted Mode the page offers nothing that changes or starts anything. */
	readOnly: z.boolean(),
};

/** The shapes on the wire, in both directions. */
export const envelope = z.discriminatedUnion('kind', [
	z.object({ kind: z.literal('notification'), name: z.string(), params: z.unknown() }),
	z.object({ kind: z.literal('request'), id: z.int(), name: z.string(), params: z.unknown() }),
	z.object({ kind: z.literal('result'), id: z.int(), result: z.unknown() }),
	z.object({ kind: z.literal('error'), id: z.int(), error: errorBody }),
]);
export type Envelope = z.infer<typeof envelope>;
