/** Deployments, and the log of what they answered. */

import * as z from 'zod/mini';
import { longParams } from './core.ts';
import { method } from './method.ts';
import { described } from './schema.ts';
import { projectParams } from './training.ts';

export const arm = z.enum(['baseline', 'candidate']);
export type Arm = z.infer<typeof arm>;

export const canaryState = z.object({
	candidate: z.number(),
	share: described(z.number().check(z.minimum(0), z.maximum(1)), 'Share of the keys that the candidate answers.'),
	started_at: z.number(),
	salt_id: described(z.string(), 'First eight hex digits of SHA-256 of the salt, which itself is not shown.'),
	requests: z.object({ baseline: z.number(), candidate: z.number() }),
	status: z.enum(['running', 'rolled_back', 'promoted', 'stopped']),
	reason: z.string(),
});

export const deployment = z.object({
	name: z.string(),
	project: z.nullable(z.string()),
	model: z.string(),
	version: z.number(),
	serving_uri: z.string(),
	auth: z.enum(['token', 'none']),
	state: z.enum(['serving', 'starting', 'stopped', 'failed']),
	requests: z.number(),
	errors: z.number(),
	started_at: z.number(),
	canary: z.nullable(canaryState),
	last_drift: z.nullable(
		z.object({
			id: z.string(),
			drift: z.nullable(z.boolean()),
			share: z.number(),
			created_at: z.number(),
			reason: z.nullable(z.string()),
		}),
	),
	warnings: z.array(z.string()),
});
export type Deployment = z.infer<typeof deployment>;

export const serve = method(
	'Deploys a model; answers when the gateway does.',
	z.object({
		...projectParams,
		model: z.optional(
			described(
				z.string(),
				'name@alias, name@latest, name/version, or a path of an .onnx file; instead of a perch.yaml.',
			),
		),
		name: z.optional(described(z.string(), 'Name of the deployment; the model’s unless told.')),
		port: z.optional(z.int().check(z.minimum(0), z.maximum(65_535))),
		auth: z.optional(z.enum(['token', 'none'])),
		...longParams,
	}),
	z.object({ deployment: z.string(), serving_uri: z.string(), model: z.string(), version: z.number() }),
	{ long: true },
);

export const deploymentsList = method(
	'Lists deployments.',
	z.object({}),
	z.object({ deployments: z.array(deployment) }),
	{ readOnly: true },
);
export const deploymentsShow = method('Shows a deployment.', z.object({ name: z.string() }), z.object({ deployment }), {
	readOnly: true,
});
export const deploymentsStop = method(
	'Stops a deployment after its running requests were answered.',
	z.object({ name: z.string() }),
	z.object({ deployment: z.string() }),
);

/** One line of the request log. */
export const requestRecord = z.object({
	id: z.string(),
	ts: described(z.number(), 'Milliseconds since 1970.'),
	deployment: z.string(),
	model: z.string(),
	version: z.number(),
	arm,
	share: z.number(),
	key: described(z.nullable(z.string()), 'First 16 hex digits of SHA-256 of the routing key.'),
	route: z.string(),
	status: z.number(),
	latency_us: z.number(),
	rows: z.number(),
	inputs: described(
		z.nullable(z.record(z.string(), z.array(z.nullable(z.union([z.number(), z.string()]))))),
		'Columns as the model saw them.',
	),
	outputs: z.nullable(z.record(z.string(), z.array(z.nullable(z.union([z.number(), z.string()]))))),
	error: z.optional(z.string()),
});
export type RequestRecord = z.infer<typeof requestRecord>;

export const logs = method(
	'Returns logged requests of a deployment, newest first.',
	z.object({
		deployment: z.optional(z.string()),
		limit: z._default(z.int().check(z.minimum(1), z.maximum(10_000)), 100),
		since: z.optional(z.number()),
		...longParams,
	}),
	z.object({ requests: z.array(requestRecord) }),
	{ long: true, readOnly: false },
);

export const servingMethods = {
	serve,
	'deployments/list': deploymentsList,
	'deployments/show': deploymentsShow,
	'deployments/stop': deploymentsStop,
	logs,
};
