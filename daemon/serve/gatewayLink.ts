/** The daemon's end of the gateway: starts it, adopts a running one, commands it, and brings it back when it dies. */
import { createConnection, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import {
	createMessageConnection,
	type MessageConnection,
	ResponseError,
	StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import * as z from 'zod/mini';
import { messageReader } from '../client/messageReader.ts';
import { isRunning } from '../client/processIdentity.ts';
import { errorBody, PerchError } from '../protocol/errors.ts';
import '../protocol/schema.ts';
import { version } from '../protocol/version.ts';
import {
	type ActedAlone,
	type Applied,
	actedNotification,
	applyRequest,
	attachRequest,
	flushRequest,
	type GatewayRecord,
	type GatewayState,
	rangNotification,
	removeRequest,
	stateRequest,
	stopRequest,
} from './control.ts';
import type { DeploymentConfig } from './deploymentConfig.ts';
import { readGatewayRecord } from './gatewayRecord.ts';
import { startGateway } from './startGateway.ts';

export interface GatewayLinkOptions {
	root: string;
	/** Path of gateway.cjs. */
	entry: string;
	/** The log of a deployment grew. */
	onRang: (deployment: string, requests: number) => void;
	/** The gateway took the traffic of a candidate away on its own. */
	onActed: (deployment: string, acted: ActedAlone) => void;
	/** The gateway died and a new one serves what it served; or, with null, it cannot be brought back. */
	onRevived: (state: GatewayState | null, reason: string) => void;
}

export interface GatewayLink {
	/** Attaches to a gateway that runs already, such as that of a daemon before; null when none does. */
	adopt(): Promise<GatewayState | null>;
	/** Deploys a config, or changes to it; starts the gateway when none runs. */
	apply(config: DeploymentConfig): Promise<Applied>;
	/** Stops a deployment after its running requests; nothing to do when no gateway runs. */
	remove(name: string): Promise<void>;
	/** Puts every request that was answered until now on the disk; a gateway that is gone has left what there is. */
	flush(): Promise<void>;
	/** What is served; null when no gateway runs. */
	state(): Promise<GatewayState | null>;
	/** Ends the gateway after its running requests. */
	stop(): Promise<void>;
	/** Lets go of the gateway, which goes on serving. */
	close(): void;
}

/** A gateway that dies more often than this in three minutes is left dead. */
const revivals = { most: 4, within: 180_000 } as const;
/** Milliseconds that a running gateway has to answer on its socket before it is taken for stuck. */
const patience = 5000;

/** The link of a root; nothing is started or attached to until it is asked for. */
export function createGatewayLink(options: GatewayLinkOptions): GatewayLink {
	const { root, entry } = options;
	let connection: MessageConnection | null = null;
	let connecting: Promise<MessageConnection | null> | null = null;
	let leaving = false;
	const deaths: number[] = [];

	/** The one connection; with `start` a gateway is started when none runs. */
	async function reach(start: boolean): Promise<MessageConnection | null> {
		if (connection !== null) return connection;
		connecting ??= attachOrStart(start).finally(() => {
			connecting = null;
		});
		const reached = await connecting;
		return reached === null && start ? reach(start) : reached;
	}

	async function attachOrStart(start: boolean): Promise<MessageConnection | null> {
		const record = readGatewayRecord(root);
		if (record !== null && isRunning(record)) {
			const attached = await attach(record, Date.now() + patience);
			if (attached !== null && record.version === version) return attached;
			if (attached !== null) await attached.sendRequest(stopRequest).catch(() => undefined);
			await endProcess(record);
		}
		if (!start) return null;
		await startGateway(root, entry);
		const started = readGatewayRecord(root);
		const attached = started === null ? null : await attach(started, Date.now() + patience);
		if (attached !== null) return attached;
		throw new PerchError('gateway_unavailable', 'The gateway was started and does not answer on its socket.', {
			hint: 'Its log tells more: perch daemon logs --gateway.',
		});
	}

	/** Null when the gateway ends instead, or does not answer in time. */
	async function attach(record: GatewayRecord, deadline: number): Promise<MessageConnection | null> {
		const { secret } = record;
		for (;;) {
			const socket = await dial(record.socket);
			if (socket !== null) {
				const opened = listenOn(socket);
				try {
					await opened.sendRequest(attachRequest, { secret });
					connection = opened;
					return opened;
				} catch {
					opened.dispose();
					socket.destroy();
				}
			}
			if (Date.now() >= deadline || !isRunning(record)) return null;
			await pause(50);
		}
	}

	function listenOn(socket: Socket): MessageConnection {
		const opened = createMessageConnection(messageReader(socket), new StreamMessageWriter(socket));
		opened.onNotification(rangNotification, ({ deployment, requests }) => options.onRang(deployment, requests));
		opened.onNotification(actedNotification, ({ deployment, acted }) => options.onActed(deployment, acted));
		opened.onError(() => socket.destroy());
		opened.onClose(() => {
			opened.dispose();
			if (connection !== opened) return;
			connection = null;
			const died = readGatewayRecord(root) !== null;
			if (died && !leaving) void revive();
		});
		opened.listen();
		return opened;
	}

	/** The gateway died: a new one restores what it served from its own file. */
	async function revive(): Promise<void> {
		const now = Date.now();
		deaths.push(now);
		while ((deaths[0] ?? now) < now - revivals.within) deaths.shift();
		if (deaths.length > revivals.most) {
			options.onRevived(null, `The gateway ended ${deaths.length} times in three minutes; it is not started again.`);
			return;
		}
		try {
			const reached = await reach(true);
			if (leaving || reached === null) return;
			const state = await reached.sendRequest(stateRequest);
			for (const { name, actedAlone } of state.deployments) if (actedAlone !== null) options.onActed(name, actedAlone);
			options.onRevived(state, 'The gateway had ended and was started again.');
		} catch (error) {
			if (!leaving) options.onRevived(null, error instanceof Error ? error.message : String(error));
		}
	}

	async function command<T>(start: boolean, send: (to: MessageConnection) => Promise<T>, otherwise: T): Promise<T> {
		const to = await reach(start);
		if (to === null) return otherwise;
		try {
			return await send(to);
		} catch (error) {
			throw commandError(error);
		}
	}

	return {
		adopt: () => command<GatewayState | null>(false, (to) => to.sendRequest(stateRequest), null),
		async apply(config) {
			const applied = await command<Applied | null>(true, (to) => to.sendRequest(applyRequest, config), null);
			if (applied === null) throw new PerchError('gateway_unavailable', 'The gateway could not be started.');
			return applied;
		},
		async remove(name) {
			await command<null>(false, (to) => to.sendRequest(removeRequest, { name }), null);
		},
		async flush() {
			const to = await reach(false);
			await to?.sendRequest(flushRequest).catch(() => undefined);
		},
		state: () => command<GatewayState | null>(false, (to) => to.sendRequest(stateRequest), null),
		async stop() {
			leaving = true;
			try {
				const record = readGatewayRecord(root);
				const to = await reach(false);
				// It may be gone before its answer is read; whether it is, `endProcess` tells.
				await to?.sendRequest(stopRequest).catch(() => undefined);
				if (record !== null) await endProcess(record);
			} finally {
				connection?.dispose();
				connection = null;
				leaving = false;
			}
		},
		close() {
			leaving = true;
			connection?.end();
			connection = null;
		},
	};
}

/** Waits for a process that was told to end, and ends it when it does not. */
async function endProcess(record: GatewayRecord): Promise<void> {
	const deadline = Date.now() + patience;
	while (isRunning(record)) {
		if (Date.now() >= deadline) {
			process.kill(record.pid, 'SIGKILL');
			return;
		}
		await pause(20);
	}
}

function dial(path: string): Promise<Socket | null> {
	return new Promise((resolve) => {
		const socket = createConnection({ path });
		socket.once('connect', () => {
			socket.removeAllListeners('error');
			// A broken pipe shows as a close, which the connection listens to.
			socket.on('error', () => undefined);
			resolve(socket);
		});
		socket.once('error', () => resolve(null));
	});
}

function commandError(error: unknown): PerchError {
	if (error instanceof ResponseError) {
		const body = z.safeParse(errorBody, error.data);
		if (body.success) return PerchError.fromBody(body.data);
	}
	return new PerchError('gateway_unavailable', 'The gateway ended before it answered.', {
		hint: 'It is started again; try once more.',
		cause: error,
	});
}
