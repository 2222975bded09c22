/** The gateway's end of the socket over which the daemon commands it. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import {
	createMessageConnection,
	ErrorCodes,
	type MessageConnection,
	ResponseError,
	StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { makeSocketFolder } from '../client/endpoint.ts';
import { messageReader } from '../client/messageReader.ts';
import { equalInConstantTime } from '../http/secret.ts';
import { type ErrorBody, errorCodes, PerchError, toPerchError } from '../protocol/errors.ts';
import { parse } from '../protocol/parse.ts';
import {
	type ActedAlone,
	actedNotification,
	applyRequest,
	attachRequest,
	flushRequest,
	type GatewayState,
	rangNotification,
	removeRequest,
	stateRequest,
	stopRequest,
} from './control.ts';
import { deploymentConfig } from './deploymentConfig.ts';
import type { Deployments } from './deployments.ts';

export interface ControlOptions {
	socket: string;
	secret: string;
	deployments: Deployments;
	state: () => GatewayState;
	/** Something changed that gateway.json tells. */
	onChange: () => void;
	/** Ends the process; called after the answer was sent. */
	onStop: () => void;
}

export interface Control {
	/** Daemons that are attached. */
	links(): number;
	rang(deployment: string, requests: number): void;
	acted(deployment: string, acted: ActedAlone): void;
	close(): void;
}

/** Milliseconds between two bells of one deployment. */
const bellEvery = 100;

/** Listens on the control socket; a socket that a killed gateway left behind is replaced. */
export async function listenForControl(options: ControlOptions): Promise<Control> {
	const attached = new Set<MessageConnection>();
	const rings = new Map<string, number>();
	let bell: NodeJS.Timeout | null = null;

	const server = createServer((socket) => serve(socket, options, attached));
	if (process.platform !== 'win32') {
		makeSocketFolder(options.socket);
		rmSync(options.socket, { force: true });
	}
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(options.socket, resolve);
	});
	if (process.platform !== 'win32') chmodSync(options.socket, 0o600);

	function ring(): void {
		bell = null;
		for (const [deployment, requests] of rings) tell(rangNotification, { deployment, requests });
		rings.clear();
	}

	function tell<P>(type: { method: string }, params: P): void {
		for (const connection of attached) void connection.sendNotification(type.method, params).catch(() => undefined);
	}

	return {
		links: () => attached.size,
		rang(deployment, requests) {
			rings.set(deployment, (rings.get(deployment) ?? 0) + requests);
			bell ??= setTimeout(ring, bellEvery);
		},
		acted: (deployment, acted) => tell(actedNotification, { deployment, acted }),
		close() {
			if (bell !== null) clearTimeout(bell);
			if (rings.size > 0) ring();
			server.close();
			for (const connection of attached) connection.end();
		},
	};
}

function serve(socket: Socket, options: ControlOptions, attached: Set<MessageConnection>): void {
	const connection = createMessageConnection(messageReader(socket), new StreamMessageWriter(socket));
	const { deployments, state, onChange, onStop } = options;

	/** Commands of those who showed the secret; errors keep their code and hint on the wire. */
	async function commanded<T>(work: () => Promise<T>): Promise<T | ResponseError<ErrorBody>> {
		try {
			if (!attached.has(connection)) throw new PerchError('unauthorized', 'Attach first.');
			return await work();
		} catch (error) {
			return wireError(error);
		}
	}

	connection.onRequest(attachRequest, ({ secret }) => {
		if (!equalInConstantTime(String(secret), options.secret)) {
			return wireError(new PerchError('unauthorized', 'The secret is wrong.'));
		}
		attached.add(connection);
		return state();
	});
	connection.onRequest(applyRequest, (config) =>
		commanded(async () => {
			const applied = await deployments.apply(parse(deploymentConfig, config));
			onChange();
			return applied;
		}),
	);
	connection.onRequest(removeRequest, ({ name }) =>
		commanded(async () => {
			await deployments.remove(name);
			onChange();
			return null;
		}),
	);
	connection.onRequest(flushRequest, () =>
		commanded(async () => {
			await deployments.flush();
			return null;
		}),
	);
	connection.onRequest(stateRequest, () => commanded(async () => state()));
	connection.onRequest(stopRequest, () =>
		commanded(async () => {
			await deployments.close(true);
			setImmediate(onStop);
			return null;
		}),
	);
	const leave = () => {
		attached.delete(connection);
		connection.dispose();
	};
	connection.onClose(leave);
	connection.onError(() => socket.destroy());
	socket.on('error', () => socket.destroy());
	connection.listen();
}

function wireError(error: unknown): ResponseError<ErrorBody> {
	const body = toPerchError(error).toBody();
	return new ResponseError(errorCodes[body.code]?.number ?? ErrorCodes.InternalError, body.message, body);
}
