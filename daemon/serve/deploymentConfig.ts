/** What the daemon tells the gateway to serve: everything that a deployment needs, so that the gateway never asks back. */

import * as z from 'zod/mini';
import { serveSection } from '../protocol/project/serve.ts';
import { datasetRef } from '../protocol/runs.ts';
import { described } from '../protocol/schema.ts';

/** A version as the gateway serves it, with what `/model/info` tells of it. */
export const servedVersion = z.object({
	model: z.string(),
	version: z.int(),
	file: described(z.string(), 'Absolute path of the .onnx file in the artifact store.'),
	sha256: described(z.string(), 'Of that file; checked when it is loaded. Empty for a file outside the registry.'),
	alias: z._default(z.nullable(z.string()), null),
	metrics: z._default(z.record(z.string(), z.nullable(z.number())), {}),
	trained_at: z._default(z.nullable(z.number()), null),
	dataset: z._default(z.nullable(datasetRef), null),
});
export type ServedVersion = z.output<typeof servedVersion>;

export const deploymentConfig = z.object({
	name: z.string().check(z.minLength(1)),
	project: z.nullable(z.string()),
	auth: z.enum(['token', 'none']),
	tokenFile: described(z.string(), 'Absolute path of the file with the token; read when the config is applied.'),
	log: described(z.number().check(z.minimum(0), z.maximum(1)), 'Share of the requests whose rows are logged.'),
	routes: serveSection.shape.routes,
	baseline: servedVersion,
	candidate: z.nullable(servedVersion),
	share: described(z.number().check(z.minimum(0), z.maximum(1)), 'Share of the keys that the candidate answers.'),
	salt: described(z.string(), 'Deals the keys to the arms; random for each candidate.'),
	key: described(z.nullable(z.string()), 'The column whose value keeps a caller with one arm.'),
	port: described(z.int().check(z.minimum(0), z.maximum(65_535)), '0: one is chosen, or that of another deployment.'),
	portFixed: described(z.boolean(), 'The port was asked for by a person: no other will do.'),
});
export type DeploymentConfig = z.output<typeof deploymentConfig>;

/** How an alias of `serve.routes` answers. */
export type RouteAnswer = 'full' | 'labels' | 'drift';

/** How a path answers when `serve.routes` names it; null when it does not. */
export function aliasAnswer({ routes }: Pick<DeploymentConfig, 'routes'>, path: string): RouteAnswer | null {
	const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
	if (route === undefined) return null;
	if (typeof route !== 'string') return route.answer;
	return route === 'drift' ? 'drift' : 'full';
}
