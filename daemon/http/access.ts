/** Who may call a route: every route says it, and one that does not is refused when it is registered. */
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { type PerchError, toPerchError } from '../protocol/errors.ts';
import { refuse } from './refusal.ts';
import { equalInConstantTime } from './secret.ts';

/** `open` to every local caller, or only with the bearer token that is given here. */
export type Access = 'open' | { token: string };

/** What a route declares under `config.access`; asked anew for each request, as deployments come and go. */
export type AccessPolicy = (request: FastifyRequest) => Access;

declare module 'fastify' {
	interface FastifyContextConfig {
		access?: AccessPolicy;
	}
}

/** The policy of routes that anybody on this machine may call. */
export const openToAll: AccessPolicy = () => 'open';

/** Makes the server ask each route's policy, and refuse routes that have none. */
export function enforceAccess(server: FastifyInstance): void {
	server.addHook('onRoute', ({ method, url, config }: RouteOptions) => {
		if (config?.access === undefined) throw new Error(`The route ${String(method)} ${url} declares no access policy.`);
	});
	server.addHook('onRequest', (request, _reply, done) => {
		const policy = request.routeOptions.config.access;
		if (request.is404 || policy === undefined) return done();
		try {
			const access = policy(request);
			done(access === 'open' ? undefined : (tokenComplaint(request.headers.authorization, access.token) ?? undefined));
		} catch (error) {
			done(toPerchError(error));
		}
	});
}

function tokenComplaint(header: string | undefined, token: string): PerchError | null {
	const [, sent = ''] = /^Bearer +(\S+)\s*$/i.exec(header ?? '') ?? [];
	if (equalInConstantTime(sent, token)) return null;
	return refuse(401, 'unauthorized', header === undefined ? 'This route needs a token.' : 'The token is wrong.', {
		hint: 'Send the header "Authorization: Bearer TOKEN" with the content of .perch/token.',
	});
}
