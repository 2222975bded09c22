/** The one owner of a connection to the daemon of a root: opens it, keeps it, and starts the daemon again within bounds. */
import type { Client, RequestOptions } from '../../daemon/client/connect.ts';
import { isPerchError, PerchError, toPerchError } from '../../daemon/protocol/errors.ts';
import type { MethodName, Params, Result } from '../../daemon/protocol/methods.ts';
import { type NotificationName, notifications } from '../../daemon/protocol/notifications.ts';
import { createRestartPolicy, type RestartPolicy } from './restartPolicy.ts';
import { createSignal, type Signal } from './signal.ts';

export type ConnectionState =
	| { kind: 'idle' }
	| { kind: 'starting' }
	| { kind: 'ready'; readOnly: boolean }
	| { kind: 'stopped' }
	| { kind: 'failed'; error: PerchError };

/** A notification of the daemon, with params that the client has checked. */
export interface Told {
	readonly name: NotificationName;
	readonly params: Readonly<Record<string, unknown>>;
}

export interface ConnectionParts {
	readonly root: string;
	/** What trees and questions call this root. */
	readonly name: string;
	/** Attaches to the daemon of the root; where none runs, starts one if `start`, else rejects. */
	dial(start: boolean): Promise<Client>;
	/** Ends the daemon, of whatever version it is; null where none runs. */
	halt(): Promise<Result<'daemon/stop'> | null>;
	/** Whether the daemon that was just lost had been asked to end, so that nobody starts it again. */
	endedOnPurpose(): boolean;
	readonly log: Pick<Console, 'debug' | 'info' | 'warn' | 'error'>;
	readonly policy?: RestartPolicy;
}

export interface Connection {
	readonly root: string;
	readonly name: string;
	state(): ConnectionState;
	/** Attaches or starts, whatever was before: for what the user asked for. */
	open(): Promise<Client>;
	/** Attaches if a daemon runs; never starts one, and tells nobody when there is none. */
	attach(): Promise<void>;
	request<M extends MethodName>(method: M, params: Params<M>, options?: RequestOptions): Promise<Result<M>>;
	/** Ends the daemon for everybody and answers with what ended with it; null where none ran. */
	stop(): Promise<Result<'daemon/stop'> | null>;
	restart(): Promise<void>;
	readonly onState: Signal<ConnectionState>['on'];
	readonly onTold: Signal<Told>['on'];
	/** The daemon ended by itself and is not coming back. */
	readonly onGivenUp: Signal<PerchError>['on'];
	dispose(): void;
}

const settling = 100;

export function createConnection(parts: ConnectionParts): Connection {
	const { root, name, log, policy = createRestartPolicy() } = parts;
	const onState = createSignal<ConnectionState>();
	const onTold = createSignal<Told>();
	const onGivenUp = createSignal<PerchError>();
	let state: ConnectionState = { kind: 'idle' };
	let client: Client | undefined;
	let dialing: { starts: boolean; client: Promise<Client> } | undefined;
	let pause: NodeJS.Timeout | undefined;
	let disposed = false;

	function become(next: ConnectionState): void {
		state = next;
		if (!disposed) onState.fire(next);
	}

	function lost(which: Client): void {
		if (client !== which) return;
		client = undefined;
		if (disposed) return;
		become({ kind: 'starting' });
		// A daemon that ends in order takes its record with it, at about the time it closes the socket.
		pause = setTimeout(() => {
			if (!parts.endedOnPurpose()) return startAgain();
			log.info(`${name}: the daemon was stopped.`);
			become({ kind: 'stopped' });
		}, settling);
	}

	function startAgain(): void {
		const wait = policy.next(Date.now());
		if (wait === null) {
			const hint = 'Look into its log, then restart it.';
			giveUp(
				new PerchError('daemon_unavailable', `The daemon of ${name} ended five times in three minutes.`, { hint }),
			);
			return;
		}
		log.warn(`${name}: the daemon ended by itself; starting it again in ${wait} ms.`);
		pause = setTimeout(() => void open().catch((error: unknown) => giveUp(toPerchError(error))), wait);
	}

	function giveUp(error: PerchError): void {
		become({ kind: 'failed', error });
		onGivenUp.fire(error);
	}

	function adopt(opened: Client): Client {
		if (disposed) {
			opened.close();
			throw new PerchError('cancelled', 'The window is closing.');
		}
		client = opened;
		for (const told of Object.keys(notifications) as NotificationName[]) {
			if (told !== '$/progress') opened.onNotification(told, (params) => onTold.fire({ name: told, params }));
		}
		opened.onClose(() => lost(opened));
		log.info(`${name}: connected to the daemon ${opened.server.pid} of ${root}.`);
		become({ kind: 'ready', readOnly: opened.server.readOnly });
		return opened;
	}

	async function dial(starts: boolean): Promise<Client> {
		clearTimeout(pause);
		if (starts) become({ kind: 'starting' });
		try {
			return adopt(await parts.dial(starts));
		} catch (error) {
			const failure = toPerchError(error);
			if (starts) become({ kind: 'failed', error: failure });
			throw failure;
		} finally {
			dialing = undefined;
		}
	}

	async function open(): Promise<Client> {
		if (client !== undefined) return client;
		if (dialing?.starts === false) {
			await dialing.client.catch(() => undefined);
			return open();
		}
		dialing ??= { starts: true, client: dial(true) };
		return dialing.client;
	}

	async function attach(): Promise<void> {
		if (client !== undefined) return;
		dialing ??= { starts: false, client: dial(false) };
		await dialing.client.catch(() => undefined);
	}

	async function request<M extends MethodName>(
		method: M,
		params: Params<M>,
		options?: RequestOptions,
	): Promise<Result<M>> {
		const opened = await open();
		const from = performance.now();
		const ended = (how: string) => log.debug(`${name}: ${method} ${how} in ${Math.round(performance.now() - from)} ms`);
		try {
			const result = await opened.request(method, params, options);
			ended('answered');
			return result;
		} catch (error) {
			ended(`failed (${isPerchError(error) ? error.code : String(error)})`);
			throw toPerchError(error);
		}
	}

	async function stop(): Promise<Result<'daemon/stop'> | null> {
		clearTimeout(pause);
		await dialing?.client.catch(() => undefined);
		const leaving = client;
		client = undefined; // from here on its end is no loss
		leaving?.close();
		try {
			return await parts.halt();
		} finally {
			become({ kind: 'stopped' });
		}
	}

	return {
		root,
		name,
		state: () => state,
		open,
		request,
		stop,
		attach,
		async restart() {
			policy.reset();
			await stop();
			await open();
		},
		onState: onState.on,
		onTold: onTold.on,
		onGivenUp: onGivenUp.on,
		dispose() {
			disposed = true;
			clearTimeout(pause);
			client?.close();
			client = undefined;
		},
	};
}
