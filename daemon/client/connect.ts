import { readFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createMessageConnection, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { protocolVersion } from '../protocol/core.ts';
import { isPerchError, PerchError } from '../protocol/errors.ts';
import type { Result } from '../protocol/methods.ts';
import { type Client, createRequests, type Requests } from './client.ts';
import { endpoint } from './endpoint.ts';
import { messageReader } from './messageReader.ts';
import { isRunning } from './processIdentity.ts';
import { startDaemon } from './start.ts';
import { readDaemonRecord, statePaths } from './stateFolder.ts';

export type { Client, RequestOptions } from './client.ts';

export interface ConnectOptions {
	readonly root: string;
	/** The folder of the bundles, where perchd.cjs lies. */
	readonly dist: string;
	/** Who asks: shown in the daemon's log and as the actor of audit events. */
	readonly client: { readonly name: string; readonly version: string };
	/** Start a daemon where none runs; true unless told. */
	readonly start?: boolean | undefined;
	/** A daemon that has to be started runs nothing of the folder. A running one is attached to as it is. */
	readonly readOnly?: boolean | undefined;
}

/** What the system says where no daemon listens: no such path, or something else there. */
const nobodyThere = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTSOCK', 'ENOTDIR']);
const longestSearch = 45_000;
const longestHandshake = 10_000;

/** Attaches to the daemon of a root, or starts it, and opens the connection with the handshake. */
export async function connect(options: ConnectOptions): Promise<Client> {
	const deadline = Date.now() + longestSearch;
	for (;;) {
		const socket = await reach(options, deadline);
		try {
			return await shakeHands(socket, options);
		} catch (error) {
			// It may have been just about to end: the next round finds, or starts, the one after it.
			if (!(isPerchError(error) && error.code === 'daemon_unavailable') || Date.now() > deadline) throw error;
			if (options.start === false) throw error;
			await pause(50);
		}
	}
}

/** A connected socket to the daemon of a root, which is started where none runs (unless `start` is false). */
export async function reach(
	{ root, dist, start = true, readOnly }: Omit<ConnectOptions, 'client'>,
	deadline = Date.now() + longestSearch,
): Promise<Socket> {
	for (;;) {
		const running = await dial(root);
		if (running !== null) return running;
		if (!start) {
			throw new PerchError('daemon_unavailable', `No daemon runs for ${root}.`, {
				hint: 'Start it with `perch daemon start`.',
			});
		}
		// `running` means that another caller's daemon is on its way up, or an old one on its way out.
		const report = await startDaemon({ root, dist, readOnly });
		const patience = report === 'ready' ? Date.now() : Date.now() + 3000;
		for (let wait = 20; ; wait = Math.min(wait * 2, 300)) {
			const socket = await dial(root);
			if (socket !== null) return socket;
			if (Date.now() >= patience) break;
			await pause(wait);
		}
		if (Date.now() > deadline) {
			throw new PerchError('daemon_unavailable', `The daemon of ${root} runs, but nothing answers on its socket.`, {
				file: statePaths(root).daemon,
				hint: 'Look at `.perch/logs/perchd.log`, or end the process that daemon.json names.',
			});
		}
	}
}

/** The daemon's socket where it says it is, else where it would be; null where nobody listens. */
async function dial(root: string): Promise<Socket | null> {
	const places = new Set([readDaemonRecord(root)?.socket ?? endpoint(root), endpoint(root)]);
	for (const place of places) {
		const socket = await open(place);
		if (socket !== null) return socket;
	}
	return null;
}

function open(path: string): Promise<Socket | null> {
	return new Promise((resolve, reject) => {
		const socket = createConnection({ path });
		socket.once('connect', () => {
			socket.removeAllListeners('error');
			// Errors of a broken pipe show as a close, which is what everybody above listens to.
			socket.on('error', () => undefined);
			resolve(socket);
		});
		socket.once('error', (error: NodeJS.ErrnoException) => {
			if (nobodyThere.has(error.code ?? '')) resolve(null);
			else {
				const hint = 'It can be opened by the user who started the daemon alone.';
				reject(new PerchError('daemon_unavailable', `${path}: ${error.message}.`, { file: path, hint, cause: error }));
			}
		});
	});
}

async function shakeHands(socket: Socket, { root, client }: ConnectOptions): Promise<Client> {
	const requests = overSocket(socket);
	const timer = setTimeout(() => requests.close(), longestHandshake);
	try {
		const token = readToken(root);
		const server: Result<'initialize'> = await requests.request('initialize', { protocolVersion, client, token });
		return { server, ...requests };
	} catch (error) {
		requests.close();
		throw error;
	} finally {
		clearTimeout(timer);
	}
}

function overSocket(socket: Socket): Requests {
	const connection = createMessageConnection(messageReader(socket), new StreamMessageWriter(socket));
	const requests = createRequests(connection, () => socket.destroy());
	connection.listen();
	return requests;
}

/** The secret that opens a folder's daemon: the daemon writes it before it listens. */
export function readToken(root: string): string {
	const file = statePaths(root).token;
	try {
		return readFileSync(file, 'utf8').trim();
	} catch (cause) {
		throw new PerchError('unauthorized', `The daemon's token could not be read: ${file}.`, {
			file,
			hint: 'Only the user who started the daemon can use it.',
			cause,
		});
	}
}

/** Stops the daemon of a root, of whatever version it is; null where none runs. */
export async function stopDaemon(options: ConnectOptions): Promise<Result<'daemon/stop'> | null> {
	const socket = await dial(options.root);
	if (socket === null) return null;
	const record = readDaemonRecord(options.root);
	const requests = overSocket(socket);
	try {
		const { client, root } = options;
		await requests
			.request('initialize', { protocolVersion, client, token: readToken(root) })
			.catch((error: unknown) => {
				// A daemon of another version lets itself be stopped all the same.
				if (!isPerchError(error) || error.code !== 'incompatible_protocol') throw error;
			});
		const ended = new Promise<void>((resolve) => requests.onClose(resolve));
		const stopped = await requests.request('daemon/stop', {});
		await Promise.race([ended, pause(5000, undefined, { ref: false })]);
		// It closes the catalog last: a copy of the folder that is made now is whole.
		const deadline = Date.now() + 5000;
		while (record !== null && isRunning(record) && Date.now() < deadline) await pause(10);
		return stopped;
	} finally {
		requests.close();
	}
}
