/** A folder with a gateway of its own, as a daemon would have it, and a client for its routes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ActedAlone, GatewayState } from '../../daemon/serve/control.ts';
import type { DeploymentConfig, ServedVersion } from '../../daemon/serve/deploymentConfig.ts';
import { createGatewayLink, type GatewayLink } from '../../daemon/serve/gatewayLink.ts';

export const token = 'the-token-of-this-folder';

export interface ServedFolder {
	root: string;
	link: GatewayLink;
	/** What the link told. */
	rang: { deployment: string; requests: number }[];
	acted: { deployment: string; acted: ActedAlone }[];
	revived: { state: GatewayState | null; reason: string }[];
	/** Another daemon's link to the same gateway. */
	another(): GatewayLink;
	config(baseline: ServedVersion, changes?: Partial<DeploymentConfig>): DeploymentConfig;
	/** A path for a model's file. */
	file(name: string): string;
	/** Ends the gateway and removes the folder. */
	remove(): Promise<void>;
}

/** The gateway is run from its source, or from the bundle that PERCH_GATEWAY names. */
export const gatewayEntry = process.env['PERCH_GATEWAY'] ?? join(import.meta.dirname, '../../daemon/gateway.ts');

export function servedFolder(): ServedFolder {
	const root = mkdtempSync(join(tmpdir(), 'perch-gw-'));
	mkdirSync(join(root, '.perch'), { mode: 0o700 });
	writeFileSync(join(root, '.perch', 'token'), `${token}\n`, { mode: 0o600 });
	const [rang, acted, revived]: [ServedFolder['rang'], ServedFolder['acted'], ServedFolder['revived']] = [[], [], []];
	const links: GatewayLink[] = [];
	const another = () => {
		const link = createGatewayLink({
			root,
			entry: gatewayEntry,
			onRang: (deployment, requests) => rang.push({ deployment, requests }),
			onActed: (deployment, decision) => acted.push({ deployment, acted: decision }),
			onRevived: (state, reason) => revived.push({ state, reason }),
		});
		links.push(link);
		return link;
	};
	const link = another();
	return {
		root,
		link,
		rang,
		acted,
		revived,
		another,
		config: (baseline, changes = {}) => ({
			name: 'small',
			project: null,
			auth: 'none',
			tokenFile: join(root, '.perch', 'token'),
			log: 1,
			routes: {},
			baseline,
			candidate: null,
			share: 0,
			salt: 'a salt',
			key: null,
			port: 0,
			portFixed: false,
			...changes,
		}),
		file: (name) => join(root, name),
		async remove() {
			await another().stop();
			for (const one of links) one.close();
			rmSync(root, { recursive: true, force: true });
		},
	};
}

export interface HttpAnswer<Body = Record<string, unknown>> {
	status: number;
	headers: IncomingHttpHeaders;
	body: Body;
	text: string;
}

export interface HttpCall {
	method?: string;
	headers?: Record<string, string>;
	/** Sent as JSON. */
	body?: unknown;
	agent?: Agent;
}

/** One request; the answer's body as JSON where it is JSON. */
export function http<Body = Record<string, unknown>>(
	uri: string,
	{ method, headers = {}, body, agent }: HttpCall = {},
): Promise<HttpAnswer<Body>> {
	const text = body === undefined ? undefined : JSON.stringify(body);
	return new Promise((resolve, reject) => {
		const sent = request(
			uri,
			{
				method: method ?? (text === undefined ? 'GET' : 'POST'),
				headers: { ...(text !== undefined && { 'content-type': 'application/json' }), ...headers },
				...(agent !== undefined && { agent }),
			},
			(answer) => {
				let received = '';
				answer.setEncoding('utf8');
				answer.on('data', (part: string) => {
					received += part;
				});
				answer.on('end', () => {
					const isJson = answer.headers['content-type']?.startsWith('application/json') === true;
					resolve({
						status: answer.statusCode ?? 0,
						headers: answer.headers,
						body: (isJson ? JSON.parse(received) : null) as Body,
						text: received,
					});
				});
			},
		);
		sent.on('error', reject);
		sent.end(text);
	});
}

/** Waits until a condition holds; fails after ten seconds, saying what it waited for. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
	const deadline = Date.now() + 10_000;
	while (!(await holds())) {
		if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}.`);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}
