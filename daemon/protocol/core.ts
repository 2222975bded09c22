/** The handshake, the state of the daemon, and what travels beside requests: progress and cancellation. */

import * as z from 'zod/mini';
import { method } from './method.ts';
import { described } from './schema.ts';

export const protocolVersion = 1;

export const progressToken = z.union([z.string(), z.number()]);

/** Fields that every long method takes. */
export const longParams = {
	progressToken: z.optional(described(progressToken, 'Names the `$/progress` notifications of this request.')),
};

/** Metrics of a training at one of its steps. */
export const stepFigures = z.object({ step: z.number(), values: z.record(z.string(), z.number()) });
export type StepFigures = z.infer<typeof stepFigures>;

/** The value of a `$/progress` notification. */
export const progressValue = z.object({
	message: z.string(),
	share: z.optional(
		described(z.number().check(z.minimum(0), z.maximum(1)), 'Done so far, 0 to 1; absent while unknown.'),
	),
	figures: z.optional(described(z.array(stepFigures), 'Of a training, since the last time.')),
});
export type Progress = z.infer<typeof progressValue>;

export const initialize = method(
	'Opens a connection: versions are compared and, on a socket, the token is checked. Any other method before it is refused.',
	z.object({
		protocolVersion: z.number(),
		client: z.object({ name: z.string(), version: z.string() }),
		token: z.optional(described(z.string(), 'The content of `.perch/token`; not asked for over stdio.')),
	}),
	z.object({
		protocolVersion: z.number(),
		server: z.object({ name: z.literal('perchd'), version: z.string() }),
		pid: z.number(),
		root: z.string(),
		readOnly: z.boolean(),
	}),
	{ readOnly: true },
);

export const deploymentSummary = z.object({
	name: z.string(),
	uri: z.string(),
	model: z.string(),
	version: z.number(),
	candidate: z.nullable(z.number()),
	share: z.number(),
});

export const daemonStatus = method(
	'Tells what this daemon is and what it has deployed.',
	z.object({}),
	z.object({
		running: z.boolean(),
		pid: z.nullable(z.number()),
		version: z.string(),
		root: z.string(),
		socket: z.nullable(z.string()),
		tracking_uri: z.nullable(z.string()),
		serving_uri: z.nullable(z.string()),
		token_file: z.string(),
		read_only: z.boolean(),
		started_at: z.nullable(z.number()),
		clients: z.number(),
		jobs: z.array(z.object({ id: z.string(), kind: z.string(), title: z.string(), started_at: z.number() })),
		deployments: z.array(deploymentSummary),
	}),
	{ readOnly: true },
);

export const daemonStop = method(
	'Stops the daemon and its gateway after the running work was cancelled; answers with what it stopped.',
	z.object({}),
	z.object({ stopped: z.literal(true), deployments: z.array(z.string()), jobs: z.number() }),
	{ readOnly: true },
);

export const daemonLogs = method(
	'Returns the last lines of the log of the daemon or of the gateway.',
	z.object({
		process: z._default(z.enum(['daemon', 'gateway']), 'daemon'),
		lines: z._default(z.int().check(z.minimum(1), z.maximum(10_000)), 200),
	}),
	z.object({ file: z.string(), lines: z.array(z.string()) }),
	{ readOnly: true },
);

export const coreMethods = {
	initialize,
	'daemon/status': daemonStatus,
	'daemon/stop': daemonStop,
	'daemon/logs': daemonLogs,
};
