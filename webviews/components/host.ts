import * as z from 'zod/mini';
import '../../daemon/protocol/schema.ts';
import { type Channel, openChannel } from '../messages/channel.ts';

interface VsCodeApi {
	postMessage(message: unknown): void;
	getState(): unknown;
	setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The extension, as a page sees it. */
export interface Host<S> {
	readonly channel: Channel;
	/** What the page kept before it was reloaded; undefined for nothing or for the state of another version. */
	readonly kept: S | undefined;
	/** Keeps ids and layout over a reload, never data. */
	keep(state: S): void;
}

/** Connects the page to the extension. To be called once; a message that does not fit its schema goes to `onInvalid`. */
export function connectHost<S extends z.core.$ZodType>(state: S, onInvalid: (error: Error) => void): Host<z.output<S>> {
	const api = acquireVsCodeApi();
	const channel = openChannel((message) => api.postMessage(message), onInvalid);
	window.addEventListener('message', (event) => channel.receive(event.data));
	const kept = z.safeParse(state, api.getState());
	return { channel, kept: kept.success ? kept.data : undefined, keep: (next) => api.setState(next) };
}
