/** The gateway as a process: its record on the disk, its control socket, and when it ends. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { pino } from 'pino';
import { endpoint } from '../client/endpoint.ts';
import { identityOf, isRunning } from '../client/processIdentity.ts';
import { writeBeside } from '../data/writeBeside.ts';
import { PerchError } from '../protocol/errors.ts';
import { version } from '../protocol/version.ts';
import { type GatewayRecord, gatewayPaths } from './control.ts';
import { listenForControl } from './controlServer.ts';
import { createDeployments } from './deployments.ts';
import { readGatewayRecord } from './gatewayRecord.ts';

export interface GatewayOptions {
	root: string;
	/** Milliseconds without a daemon and without a deployment, or without its folder, after which it ends; 10 s unless told. */
	idle?: number;
}

/**
 * Runs the gateway of a root until it is stopped, and resolves when everything is closed. `onReady` is called once it
 * can be commanded and answers again for what an earlier gateway had in force. Throws `already_exists` when one runs.
 */
export async function runGateway({ root, idle = 10_000 }: GatewayOptions, onReady: () => void): Promise<void> {
	const paths = gatewayPaths(root);
	mkdirSync(paths.requests, { recursive: true, mode: 0o700 });
	const other = readGatewayRecord(root);
	if (other !== null && other.pid !== process.pid && isRunning(other)) {
		throw new PerchError('already_exists', `Process ${other.pid} is the gateway of this folder already.`);
	}
	const log = pino({ base: { pid: process.pid } }, pino.destination({ dest: 2, sync: true }));
	const secret = randomBytes(32).toString('base64url');
	const socket = endpoint(root, 'gateway');
	const startedAt = Date.now();
	let stop: () => void = () => undefined;
	const stopped = new Promise<void>((resolve) => {
		stop = resolve;
	});

	const deployments = createDeployments({
		configFile: paths.config,
		requests: paths.requests,
		drift: paths.drift,
		onRang: (deployment, requests) => control.rang(deployment, requests),
		onActed(deployment, acted) {
			log.warn({ deployment, ...acted }, 'the candidate gets no more traffic');
			control.acted(deployment, acted);
		},
		onTrouble: (message, error) => log.error({ err: error }, message),
	});
	const state = () => ({ pid: process.pid, version, startedAt, deployments: deployments.states() });
	const record = () => {
		const { pid, startTime } = identityOf(process.pid);
		const told: GatewayRecord = { pid, startTime, port: deployments.firstPort(), socket, version, secret };
		writeBeside(paths.record, JSON.stringify(told, null, '\t'), 0o600);
	};
	const control = await listenForControl({ socket, secret, deployments, state, onChange: record, onStop: stop });
	// Whoever ended as it should has removed its record.
	await deployments.restore(other !== null);
	record();
	for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop());
	// Somebody removed `.perch/`: no daemon will find this gateway again.
	const isOurs = () => readGatewayRecord(root)?.pid === process.pid;
	let busyAt = Date.now();
	const watch = setInterval(
		() => {
			if (control.links() > 0 || (!deployments.isEmpty() && isOurs())) busyAt = Date.now();
			else if (Date.now() - busyAt >= idle) stop();
		},
		Math.min(1000, idle / 4),
	);
	log.info({ socket, version }, 'ready');
	onReady();

	await stopped;
	clearInterval(watch);
	await deployments.close(false);
	if (isOurs()) {
		// Before the links close: a record that stays behind means a gateway that died.
		rmSync(paths.record, { force: true });
		// Closing takes the socket's path away, which would otherwise be that of another gateway.
		control.close();
	}
	log.info('ended');
}
