/** What the daemon and its gateway say to each other over the gateway's socket, in JSON-RPC. */
import { join } from 'node:path';
import { NotificationType, RequestType, RequestType0 } from 'vscode-jsonrpc';
import * as z from 'zod/mini';
import type { ErrorBody } from '../protocol/errors.ts';
import '../protocol/schema.ts';
import type { DeploymentConfig } from './deploymentConfig.ts';

/** What `.perch/gateway.json` tells, so that a new daemon finds the gateway of an old one. */
export const gatewayRecord = z.object({
	pid: z.number(),
	startTime: z.nullable(z.string()),
	/** The first port that it listens on; null while nothing is deployed. */
	port: z.nullable(z.number()),
	socket: z.string(),
	version: z.string(),
	/** Whoever can read this file may command the gateway. */
	secret: z.string(),
});
export type GatewayRecord = z.infer<typeof gatewayRecord>;

/** What the process that started a gateway hears over its channel. */
export type GatewayReport = 'ready' | { error: string };

/** Where the gateway of a root keeps its files. */
export function gatewayPaths(root: string) {
	const folder = join(root, '.perch');
	return {
		folder,
		record: join(folder, 'gateway.json'),
		config: join(folder, 'gateway-config.json'),
		requests: join(folder, 'requests'),
		drift: join(folder, 'drift'),
		log: join(folder, 'logs', 'gateway.log'),
	};
}

/** A decision that the gateway took alone: the candidate failed again and again, and gets no traffic until told otherwise. */
export interface ActedAlone {
	at: number;
	version: number;
	reason: string;
}

export interface DeploymentState {
	name: string;
	state: 'serving' | 'failed';
	/** Why it failed. */
	reason: string | null;
	port: number;
	uri: string;
	model: string;
	version: number;
	candidate: number | null;
	/** The share that is in force: 0 after the gateway acted alone. */
	share: number;
	salt: string;
	actedAlone: ActedAlone | null;
	/** Requests answered since this gateway started, and those that failed through no fault of the caller. */
	requests: number;
	errors: number;
	/** Requests whose record was lost. */
	dropped: number;
}

export interface GatewayState {
	pid: number;
	version: string;
	startedAt: number;
	deployments: DeploymentState[];
}

export interface Applied {
	deployment: DeploymentState;
	/** What a person should know, such as another port than before. */
	warnings: string[];
}

/** First on each connection. */
export const attachRequest = new RequestType<{ secret: string }, GatewayState, ErrorBody>('attach');
/** Deploys, or changes what is deployed under that name; answers when it is in force. */
export const applyRequest = new RequestType<DeploymentConfig, Applied, ErrorBody>('apply');
/** Stops a deployment after its running requests were answered. */
export const removeRequest = new RequestType<{ name: string }, null, ErrorBody>('remove');
/** Puts every request that was answered until now where the daemon reads it. */
export const flushRequest = new RequestType0<null, ErrorBody>('flush');
export const stateRequest = new RequestType0<GatewayState, ErrorBody>('state');
/** Ends the gateway after the running requests were answered, and forgets what was deployed. */
export const stopRequest = new RequestType0<null, ErrorBody>('stop');

/** The log of a deployment grew; told at most every 100 ms. */
export const rangNotification = new NotificationType<{ deployment: string; requests: number }>('rang');
export const actedNotification = new NotificationType<{ deployment: string; acted: ActedAlone }>('acted');
