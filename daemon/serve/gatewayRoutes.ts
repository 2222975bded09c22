/** The routes of the gateway: bare ones for the deployment that a port serves, all of them also under `/deployments/{name}`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type AccessPolicy, openToAll } from '../http/access.ts';
import { refuse } from '../http/refusal.ts';
import { createHttpServer } from '../http/server.ts';
import { bareLabels } from './answers.ts';
import type { Deployment } from './deployment.ts';
import { aliasAnswer } from './deploymentConfig.ts';
import { lastDrift } from './lastDrift.ts';
import type { GatewayMetrics } from './metrics.ts';
import { recentRequests } from './recent.ts';
import { logFolder } from './segments.ts';

/** What the routes see of the gateway. */
export interface Deployed {
	/** Every deployment by its name, on whichever port. */
	all(): ReadonlyMap<string, Deployment>;
	metrics: GatewayMetrics;
	/** The folder `.perch/requests`. */
	requests: string;
	/** The folder `.perch/drift`. */
	drift: string;
	onUnexpected: (error: unknown, where: string) => void;
}

type Handler = (deployment: Deployment, request: FastifyRequest, reply: FastifyReply) => unknown;

const predictPaths = ['/predict', '/predict_batch'];

/** A server that answers for the deployments whose config names its port, and for all others by name. */
export function createGatewayServer(deployed: Deployed): FastifyInstance {
	const server = createHttpServer({ onUnexpected: deployed.onUnexpected });
	const find = (request: FastifyRequest) => findDeployment(deployed, request);
	const ofDeployment: AccessPolicy = (request) => accessOf(find(request).deployment);
	const both = (method: 'GET' | 'POST', path: string, access: AccessPolicy, handler: Handler) => {
		for (const url of [path, `/deployments/:name${path}`]) {
			server.route({
				method,
				url,
				config: { access },
				handler: async (request, reply) => handler(find(request).deployment, request, reply),
			});
		}
	};

	both('GET', '/model/info', ofDeployment, modelInfo);
	both('GET', '/logs', ofDeployment, (deployment, request) => showLog(deployment, request, deployed.requests));
	for (const path of predictPaths) {
		both('POST', path, ofDeployment, (deployment, request, reply) => predict(deployment, request, reply, path));
		both('GET', path, openToAll, rowsWithPost);
	}
	const driftReport: Handler = (deployment, _request, reply) => showDrift(deployment, reply, deployed.drift);
	both('GET', '/drift', ofDeployment, driftReport);
	for (const url of ['/*', '/deployments/:name/*']) {
		const config = { access: ofDeployment };
		server.post(url, { config }, async (request, reply) => {
			const { deployment, path } = find(request);
			if (aliasAnswer(deployment.config, path) === 'drift')
				throw refuse(405, 'invalid_arguments', 'It is read with GET.');
			return predict(deployment, request, reply, path);
		});
		server.get(url, { config }, async (request, reply) => {
			const { deployment, path } = find(request);
			return aliasAnswer(deployment.config, path) === 'drift'
				? driftReport(deployment, request, reply)
				: rowsWithPost();
		});
	}
	for (const url of ['/health', '/deployments/:name/health']) {
		// Watchers ask with HEAD, too.
		server.get(url, { exposeHeadRoute: true, config: { access: openToAll } }, async (request) =>
			health(deployed, request),
		);
	}
	const metricsAccess: AccessPolicy = () => {
		const closed = [...deployed.all().values()].find(({ config }) => config.auth === 'token');
		return closed === undefined ? 'open' : { token: closed.token };
	};
	for (const url of ['/metrics', '/deployments/:name/metrics']) {
		server.get(url, { config: { access: metricsAccess } }, async (_request, reply) =>
			reply.type(deployed.metrics.contentType).send(await deployed.metrics.expose()),
		);
	}
	return server;
}

function rowsWithPost(): never {
	throw refuse(405, 'invalid_arguments', 'Rows are sent with POST.', {
		hint: 'POST {"data": [[...], ...]} with the header "Content-Type: application/json".',
	});
}

/** The last report on the traffic, in the shape of `perch drift --json`. */
async function showDrift({ config }: Deployment, reply: FastifyReply, folder: string): Promise<FastifyReply> {
	const report = await lastDrift(folder, config.name);
	if (report === null) {
		throw refuse(404, 'not_found', 'There is no drift report of the traffic yet.', {
			hint: 'Make one with: perch drift.',
		});
	}
	return reply.type('application/json; charset=utf-8').send(report);
}

function accessOf({ config, token }: Deployment): ReturnType<AccessPolicy> {
	return config.auth === 'none' ? 'open' : { token };
}

/** Which deployment a request means, and the path that is left without its name. */
function findDeployment(deployed: Deployed, request: FastifyRequest): { deployment: Deployment; path: string } {
	const path = request.url.split('?', 1)[0] ?? request.url;
	const { name } = request.params as { name?: string };
	if (name !== undefined) {
		const deployment = deployed.all().get(name);
		const rest = `/${path.split('/').slice(3).join('/')}`;
		if (deployment !== undefined) return { deployment, path: known(deployment, request, rest) };
		throw refuse(404, 'not_found', `No deployment is called ${JSON.stringify(name)}.`, {
			hint: deployedHint(deployed),
		});
	}
	const here = [...deployed.all().values()].filter(({ config }) => config.port === request.socket.localPort);
	const aliased = here.filter(({ config }) => aliasAnswer(config, path) !== null);
	const meant = aliased.length > 0 ? aliased : here;
	const [only] = meant;
	if (only === undefined) throw refuse(404, 'not_found', 'Nothing is deployed here.', { hint: deployedHint(deployed) });
	if (meant.length > 1) {
		throw refuse(409, 'invalid_arguments', `${meant.length} deployments answer on this port.`, {
			hint: `Call ${meant.map(({ config }) => `/deployments/${encodeURIComponent(config.name)}${path}`).join(' or ')}.`,
		});
	}
	return { deployment: only, path: known(only, request, path) };
}

/** Refuses an address of the wildcard that no alias of the deployment names. */
function known({ config }: Deployment, request: FastifyRequest, path: string): string {
	const wildcard = request.routeOptions.url?.endsWith('*') === true;
	if (!wildcard || aliasAnswer(config, path) !== null) return path;
	throw refuse(404, 'not_found', 'There is nothing at this address.', {
		hint: `Rows are sent to ${[...new Set([...predictPaths, ...Object.keys(config.routes)])].join(', ')}.`,
	});
}

function deployedHint(deployed: Deployed): string {
	const names = [...deployed.all().keys()];
	return names.length === 0 ? 'Start a deployment: perch serve.' : `Deployed: ${names.join(', ')}.`;
}

async function predict(
	deployment: Deployment,
	request: FastifyRequest,
	reply: FastifyReply,
	path: string,
): Promise<FastifyReply> {
	const header = request.headers['x-perch-key'];
	const key = typeof header === 'string' && header !== '' ? header : null;
	const { predictions, rejected, id, model, version, arm } = await deployment.predict(request.body, key, path);
	const answer =
		aliasAnswer(deployment.config, path) === 'labels'
			? bareLabels(predictions)
			: { predictions, ...(rejected > 0 && { rejected }), prediction_id: id, model, version, arm };
	return reply
		.headers({ 'x-perch-model-version': String(version), 'x-perch-arm': arm, 'x-perch-prediction-id': id })
		.type('application/json; charset=utf-8')
		.send(JSON.stringify(answer));
}

function modelInfo({ baseline }: Deployment): unknown {
	const { about, model, form } = baseline;
	const { window, task, outputs } = model.description;
	const { model: name, version, alias, metrics, trained_at, dataset } = about;
	return {
		model: name,
		version,
		alias,
		task,
		inputs: [...form.inputs, ...(form.openInput === null ? [] : [form.openInput])].map(({ name, type }) => ({
			name,
			type,
		})),
		outputs: Object.keys(outputs),
		window,
		columns: form.series?.columns ?? null,
		metrics,
		trained_at,
		dataset,
	};
}

function health(deployed: Deployed, request: FastifyRequest): unknown {
	const { name } = request.params as { name?: string };
	const names = [...deployed.all().keys()].filter((one) => name === undefined || one === name);
	if (names.length > 0) return { status: 'ok', deployments: names };
	throw refuse(503, 'not_serving', name === undefined ? 'Nothing is deployed.' : 'No such deployment is served.');
}

async function showLog({ config, log }: Deployment, request: FastifyRequest, requests: string): Promise<unknown> {
	const { limit = '100', before } = request.query as Record<string, string | undefined>;
	const count = Number(limit);
	if (!Number.isInteger(count) || count < 1 || count > 1000) {
		throw refuse(400, 'invalid_arguments', `limit is ${limit}.`, {
			field: 'limit',
			hint: 'Send a number from 1 to 1000.',
		});
	}
	if (before !== undefined && !/^\d+-\d+:\d+$/.test(before)) {
		throw refuse(400, 'invalid_arguments', 'before is no place in the log.', {
			field: 'before',
			hint: 'Send the value of "next" of an earlier answer.',
		});
	}
	await log.flush();
	const page = await recentRequests(logFolder(requests, config.name), before ?? null, count);
	if (page.compacted && page.requests.length === 0 && before !== undefined) {
		throw refuse(503, 'gateway_unavailable', 'Older requests are compacted.', {
			hint: `Read them with: perch logs --deployment ${JSON.stringify(config.name)}.`,
		});
	}
	return { requests: page.requests, next: page.next };
}
