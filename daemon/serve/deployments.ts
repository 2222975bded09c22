/** Everything that one gateway serves: taken over from the daemon, kept on the disk, and restored after a crash. */
import { readFileSync, rmSync } from 'node:fs';
import * as z from 'zod/mini';
import { writeBeside } from '../data/writeBeside.ts';
import { localUri } from '../http/server.ts';
import { toPerchError } from '../protocol/errors.ts';
import '../protocol/schema.ts';
import type { ActedAlone, Applied, DeploymentState } from './control.ts';
import { createDeployment, type Deployment } from './deployment.ts';
import { type DeploymentConfig, deploymentConfig } from './deploymentConfig.ts';
import { createGatewayServer } from './gatewayRoutes.ts';
import { createMetrics } from './metrics.ts';
import { createPorts } from './ports.ts';
import { openRequestLog, type RequestLogOptions } from './requestLog.ts';
import { logFolder } from './segments.ts';

export interface DeploymentsOptions {
	/** The file that keeps what was applied. */
	configFile: string;
	/** The folder `.perch/requests`. */
	requests: string;
	/** The folder `.perch/drift`. */
	drift: string;
	onRang: (deployment: string, requests: number) => void;
	onActed: (deployment: string, acted: ActedAlone) => void;
	onTrouble: (message: string, error: unknown) => void;
	log?: Pick<RequestLogOptions, 'flushEvery' | 'segmentBytes' | 'segmentAge'>;
}

export interface Deployments {
	/** Deploys a config or changes to it; answers when it is in force. A failure leaves everything as it was. */
	apply(config: DeploymentConfig): Promise<Applied>;
	/** Stops one, after its running requests. */
	remove(name: string): Promise<void>;
	/**
	 * Applies what a gateway before this one had in force; `crashed` when that one ended without being told to. A second
	 * crash within minutes takes the traffic of every candidate away: a version may bring its process down with it.
	 */
	restore(crashed: boolean): Promise<void>;
	/** Writes the requests that wait for the disk. */
	flush(): Promise<void>;
	states(): DeploymentState[];
	firstPort(): number | null;
	isEmpty(): boolean;
	/** Lets the running requests end and stops everything; `forget` also what would be restored. */
	close(forget: boolean): Promise<void>;
}

const actedAlone = z.object({ at: z.number(), version: z.number(), reason: z.string() });
const keptConfig = z.object({
	crashes: z._default(z.array(z.number()), []),
	deployments: z.array(z.object({ config: deploymentConfig, actedAlone: z.nullable(actedAlone) })),
});
type KeptConfig = z.output<typeof keptConfig>;
type Kept = KeptConfig['deployments'][number];

/** Crashes within so many milliseconds are counted together. */
const crashesWithin = 180_000;

export function createDeployments(options: DeploymentsOptions): Deployments {
	const running = new Map<string, Deployment>();
	const failed = new Map<string, { kept: Kept; reason: string }>();
	const metrics = createMetrics();
	const ports = createPorts(() =>
		createGatewayServer({
			all: () => running,
			metrics,
			requests: options.requests,
			drift: options.drift,
			onUnexpected: (error, where) => options.onTrouble(`${where} failed`, error),
		}),
	);
	let crashes: number[] = [];
	/** To be restored still. */
	let waiting: Kept[] = [];
	let turn: Promise<unknown> = Promise.resolve();

	/** One change after the other: two at once could load a version twice, or close a port that the other needs. */
	function inTurn<T>(work: () => Promise<T>): Promise<T> {
		const result = turn.then(work);
		turn = result.catch(() => undefined);
		return result;
	}

	async function applyNow(config: DeploymentConfig, acted: ActedAlone | null): Promise<Applied> {
		const warnings: string[] = [];
		const port = await ports.open(config.port, config.portFixed, (message) => warnings.push(message));
		const resolved = { ...config, port };
		try {
			const known = running.get(config.name);
			if (known === undefined) running.set(config.name, await create(resolved, acted));
			else await known.update(resolved);
			failed.delete(config.name);
			keep();
		} finally {
			await ports.keep(usedPorts());
		}
		return { deployment: stateOf(running.get(config.name) as Deployment), warnings };
	}

	async function create(config: DeploymentConfig, acted: ActedAlone | null): Promise<Deployment> {
		const { name } = config;
		const dropped = (requests: number, reason: string) => {
			metrics.dropped(name, requests);
			const deployment = running.get(name);
			if (deployment === undefined) return;
			if (deployment.counts.dropped === 0) options.onTrouble(`requests of ${name} are not logged`, new Error(reason));
			deployment.counts.dropped += requests;
		};
		const log = openRequestLog(logFolder(options.requests, name), {
			...options.log,
			onWritten: (requests) => options.onRang(name, requests),
			onDropped: dropped,
		});
		try {
			return await createDeployment(config, {
				log,
				metrics,
				actedAlone: acted,
				onActed(decision) {
					keep();
					options.onActed(name, decision);
				},
			});
		} catch (error) {
			await log.close();
			throw error;
		}
	}

	function keep(): void {
		const kept: Kept[] = [
			...[...running.values()].map((one) => ({ config: one.config, actedAlone: one.actedAlone })),
			...[...failed.values()].map((one) => one.kept),
			...waiting,
		];
		writeBeside(options.configFile, JSON.stringify({ crashes, deployments: kept }, null, '\t'), 0o600);
	}

	function usedPorts(): Set<number> {
		return new Set([...running.values()].map(({ config }) => config.port));
	}

	async function removeNow(name: string): Promise<void> {
		const deployment = running.get(name);
		running.delete(name);
		failed.delete(name);
		keep();
		await ports.keep(usedPorts());
		await deployment?.close();
	}

	async function restoreNow(crashed: boolean): Promise<void> {
		const before = readKept(options);
		const now = Date.now();
		crashes = [...before.crashes, ...(crashed ? [now] : [])].filter((at) => at > now - crashesWithin);
		const suspect = ({ candidate, share }: DeploymentConfig): ActedAlone | null =>
			crashed && crashes.length > 1 && candidate !== null && share > 0
				? { at: now, version: candidate.version, reason: `The gateway crashed ${crashes.length} times.` }
				: null;
		waiting = before.deployments.map(({ config, actedAlone }) => ({
			config,
			actedAlone: actedAlone ?? suspect(config),
		}));
		// Kept before anything is loaded, which may end this process too.
		keep();
		for (let kept = waiting.shift(); kept !== undefined; kept = waiting.shift()) {
			try {
				await applyNow(kept.config, kept.actedAlone);
			} catch (error) {
				failed.set(kept.config.name, { kept, reason: toPerchError(error).message });
				keep();
				options.onTrouble(`${kept.config.name} cannot be served again`, error);
			}
		}
	}

	return {
		apply: (config) => inTurn(() => applyNow(config, null)),
		remove: (name) => inTurn(() => removeNow(name)),
		restore: (crashed) => inTurn(() => restoreNow(crashed)),
		states: () => [
			...[...running.values()].map(stateOf),
			...[...failed.values()].map(({ kept, reason }) => failedState(kept, reason)),
		],
		firstPort: () => ports.first(),
		async flush() {
			await Promise.all([...running.values()].map(({ log }) => log.flush()));
		},
		isEmpty: () => running.size === 0,
		close: (forget) =>
			inTurn(async () => {
				await ports.keep(new Set());
				await Promise.all([...running.values()].map((deployment) => deployment.close()));
				running.clear();
				if (forget) rmSync(options.configFile, { force: true });
			}),
	};
}

function stateOf({ config, share, actedAlone: acted, counts }: Deployment): DeploymentState {
	return {
		...aboutConfig(config),
		state: 'serving',
		reason: null,
		share,
		actedAlone: acted,
		requests: counts.requests,
		errors: counts.errors,
		dropped: counts.dropped,
	};
}

function failedState({ config, actedAlone: acted }: Kept, reason: string): DeploymentState {
	const none = { share: 0, requests: 0, errors: 0, dropped: 0 };
	return { ...aboutConfig(config), ...none, state: 'failed', reason, actedAlone: acted };
}

function aboutConfig({ name, port, baseline, candidate, salt }: DeploymentConfig) {
	return {
		name,
		port,
		uri: localUri(port),
		model: baseline.model,
		version: baseline.version,
		candidate: candidate?.version ?? null,
		salt,
	};
}

function readKept({ configFile, onTrouble }: DeploymentsOptions): KeptConfig {
	try {
		return z.parse(keptConfig, JSON.parse(readFileSync(configFile, 'utf8')));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onTrouble('what was served before cannot be read', error);
		return { crashes: [], deployments: [] };
	}
}
