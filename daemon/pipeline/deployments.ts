/** What is deployed: kept in the catalog, commanded to the gateway, and told to whoever asks. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as z from 'zod/mini';
import { checkGuards } from '../canary/guards.ts';
import { saltId } from '../canary/routing.ts';
import type { Author } from '../catalog/catalog.ts';
import { PerchError } from '../protocol/errors.ts';
import type { ParsedParams, Result } from '../protocol/methods.ts';
import type { ModelVersion } from '../protocol/models.ts';
import { driftSection } from '../protocol/project/drift.ts';
import { serveSection } from '../protocol/project/serve.ts';
import '../protocol/schema.ts';
import type { Deployment } from '../protocol/serving.ts';
import type { DeploymentConfig, ServedVersion } from '../serve/deploymentConfig.ts';
import type { Request } from './daemon.ts';
import { asConfig, type CanaryRecord, type DeploymentState, newCanary, stateOf } from './deploymentState.ts';
import { trainFiles } from './jobFiles.ts';
import { modelFileOf } from './modelFile.ts';
import { projectOf } from './projects.ts';
import type { Rooms } from './rooms.ts';

export interface Deployments {
	serve(params: ParsedParams<'serve'>, call: Request): Promise<Result<'serve'>>;
	stop(name: string, call: Request): Promise<void>;
	list(): Promise<Deployment[]>;
	show(name: string): Promise<Deployment>;
	/** The state of a deployment that serves; the only one where no name is given. */
	find(name: string | undefined): { name: string; state: DeploymentState };
	/** Path of the .onnx file that a deployment answers with. */
	modelFile(state: DeploymentState): string;
	/** Keeps figures that the log told. */
	refresh(name: string, state: DeploymentState): void;
	/** Whether a version answers in some deployment. */
	serving(model: string, version: number): boolean;
	/** Lets the deployments that follow a model's aliases take over what moved. */
	aliasesMoved(model: string, call: Request, reason?: string): Promise<void>;
	startCanary(name: string, version: number, share: number, author: Author): Promise<void>;
	stopCanary(name: string, author: Author): Promise<void>;
	/** Takes a candidate out of every deployment and archives it, the share first of all. */
	endCandidate(model: string, version: number, status: 'rolled_back' | 'stopped', author: Author): Promise<void>;
	/** Brings a gateway to what the catalog says, after a start of either. */
	reconcile(): Promise<void>;
}

export function createDeployments(rooms: Rooms): Deployments {
	const { catalog, gateway, folder: dir, log } = rooms;
	const warnings = new Map<string, string[]>();

	const served = (version: ModelVersion, alias: string | null): ServedVersion => ({
		model: version.name,
		version: version.version,
		file: catalog.artifacts.pathOf(version.sha256, trainFiles.model),
		sha256: version.sha256,
		alias,
		metrics: version.metrics,
		trained_at: version.created_at,
		dataset: version.dataset,
	});

	const configOf = (name: string, state: DeploymentState): DeploymentConfig => {
		const { canary, serve } = state;
		const running = canary?.status === 'running' ? canary : null;
		return {
			name,
			project: state.project,
			auth: serve.auth,
			tokenFile: join(dir, 'token'),
			log: serve.log,
			routes: serve.routes,
			baseline:
				state.file === null
					? served(catalog.models.version(state.model, state.version), state.follows)
					: foreign(state.model, state.file),
			candidate: running === null ? null : served(catalog.models.version(state.model, running.candidate), 'candidate'),
			share: running?.share ?? 0,
			salt: running?.salt ?? '',
			key: state.key,
			port: serve.port === 0 ? state.port : serve.port,
			portFixed: serve.port !== 0,
		};
	};

	/** Commands the gateway; the port that it took is kept. */
	const apply = async (name: string, state: DeploymentState) => {
		const { deployment, warnings: told } = await gateway.apply(configOf(name, state));
		warnings.set(name, told);
		if (deployment.port !== state.port) {
			state.port = deployment.port;
			catalog.deployments.refresh(name, asConfig(state));
		}
		return deployment;
	};

	const save = (
		name: string,
		state: DeploymentState,
		event: string,
		author: Author,
		detail: Record<string, unknown> = {},
	) => catalog.deployments.save(name, { config: asConfig(state), desired: 'serving' }, { event, author, detail });

	const running = () =>
		catalog.deployments
			.list()
			.filter(({ desired }) => desired === 'serving')
			.map((record) => ({ name: record.name, state: stateOf(record) }));

	const find: Deployments['find'] = (name) => {
		const all = running();
		const found = name === undefined && all.length === 1 ? all[0] : all.find((one) => one.name === name);
		if (found !== undefined) return found;
		const names = all.map((one) => one.name).join(', ');
		if (name === undefined && all.length > 1) {
			throw new PerchError('invalid_arguments', 'Several deployments run.', {
				field: 'deployment',
				hint: `Name one of ${names}.`,
			});
		}
		throw new PerchError('not_serving', name === undefined ? 'Nothing is deployed.' : `${name} is not deployed.`, {
			hint: names === '' ? 'Deploy with perch serve.' : `Deployed: ${names}.`,
		});
	};

	const startCanary: Deployments['startCanary'] = async (name, version, share, author) => {
		const { state } = find(name);
		catalog.models.resolveReady(`${state.model}/${version}`);
		state.canary = newCanary(version, share, randomBytes(16).toString('hex'));
		save(name, state, 'canary.started', author, { version, share, salt_id: saltId(state.canary.salt) });
		await apply(name, state);
	};

	const endCanary = (canary: CanaryRecord, status: CanaryRecord['status'], reason: string): CanaryRecord => ({
		...canary,
		status,
		reason,
		share: status === 'promoted' ? canary.share : 0,
	});

	const view = async (name: string, state: DeploymentState, desired: 'serving' | 'stopped'): Promise<Deployment> => {
		const live =
			desired === 'serving' ? (await gateway.state())?.deployments.find((one) => one.name === name) : undefined;
		const { canary } = state;
		return {
			name,
			project: state.project,
			model: state.model,
			version: state.version,
			serving_uri: live?.uri ?? `http://127.0.0.1:${state.port}`,
			auth: state.serve.auth,
			state: desired === 'stopped' ? 'stopped' : live === undefined ? 'starting' : live.state,
			requests: state.requests,
			errors: state.errors,
			started_at: state.started_at,
			canary:
				canary === null
					? null
					: {
							candidate: canary.candidate,
							share: live?.actedAlone?.version === canary.candidate ? 0 : canary.share,
							started_at: canary.started_at,
							salt_id: saltId(canary.salt),
							requests: { baseline: canary.figures.baseline.requests, candidate: canary.figures.candidate.requests },
							status: canary.status,
							reason: canary.reason,
						},
			last_drift: state.last_drift,
			warnings: [...(warnings.get(name) ?? []), ...(live?.reason ? [live.reason] : [])],
		};
	};

	return {
		find,
		startCanary,
		modelFile: (state) => configOf('', state).baseline.file,
		async serve(params, call) {
			const { name, state } = await stateFor(rooms, params);
			const earlier = catalog.deployments.get(name);
			if (earlier !== null) {
				const { port, requests, errors, position, last_drift, canary } = stateOf(earlier);
				Object.assign(state, { port, requests, errors, position, last_drift, canary });
			}
			const candidate = state.canary_share === null ? null : catalog.models.behind(state.model, 'candidate');
			if (candidate !== null && (state.canary?.candidate !== candidate.version || state.canary.status !== 'running')) {
				state.canary = newCanary(candidate.version, state.canary_share ?? 0, randomBytes(16).toString('hex'));
			}
			const deployment = await gateway.apply(configOf(name, state));
			warnings.set(name, deployment.warnings);
			state.port = deployment.deployment.port;
			save(name, state, 'deployment.started', call.author(), {
				model: state.model,
				version: state.version,
				port: state.port,
			});
			return { deployment: name, serving_uri: deployment.deployment.uri, model: state.model, version: state.version };
		},
		async stop(name, call) {
			const { state } = find(name);
			await gateway.remove(name);
			catalog.deployments.save(
				name,
				{ config: asConfig(state), desired: 'stopped' },
				{ event: 'deployment.stopped', author: call.author() },
			);
		},
		list: () =>
			Promise.all(catalog.deployments.list().map((record) => view(record.name, stateOf(record), record.desired))),
		async show(name) {
			const record = catalog.deployments.get(name);
			if (record === null)
				throw new PerchError('not_found', `There is no deployment ${name}.`, {
					hint: 'perch deployments list shows them.',
				});
			return view(name, stateOf(record), record.desired);
		},
		refresh: (name, state) => catalog.deployments.refresh(name, asConfig(state)),
		serving: (model, version) =>
			running().some(({ state }) => state.model === model && state.file === null && state.version === version),
		async aliasesMoved(model, call, reason) {
			const author = call.author(reason);
			for (const { name, state } of running()) {
				if (state.model !== model || state.follows === null || state.file !== null) continue;
				const target = catalog.models.behind(model, state.follows);
				const candidate = catalog.models.behind(model, 'candidate');
				if (target !== null && target.version !== state.version) {
					const promoted = state.canary?.status === 'running' && state.canary.candidate === target.version;
					if (promoted && state.canary !== null)
						state.canary = endCanary(state.canary, 'promoted', reason ?? 'promoted by hand');
					state.version = target.version;
					save(name, state, promoted ? 'canary.promoted' : 'deployment.moved', author, { version: target.version });
					await apply(name, state);
				}
				const tried = state.canary?.status === 'running' ? state.canary.candidate : null;
				if (candidate !== null && state.canary_share !== null && tried !== candidate.version) {
					await startCanary(name, candidate.version, state.canary_share, author);
				}
			}
		},
		async stopCanary(name, author) {
			const { state } = find(name);
			if (state.canary?.status !== 'running') throw noCanary(name);
			state.canary = endCanary(state.canary, 'stopped', author.reason ?? 'stopped by hand');
			save(name, state, 'canary.stopped', author);
			await apply(name, state);
		},
		async endCandidate(model, version, status, author) {
			const affected = running().filter(
				({ state }) =>
					state.model === model && state.canary?.status === 'running' && state.canary.candidate === version,
			);
			catalog.transaction(() => {
				for (const { name, state } of affected) {
					if (state.canary === null) continue;
					state.canary = endCanary(state.canary, status, author.reason ?? '');
					save(name, state, `canary.${status}`, author, { version });
				}
				catalog.models.archive(model, version, author);
			});
			await Promise.all(affected.map(({ name, state }) => apply(name, state)));
		},
		async reconcile() {
			for (const { name, state } of running()) {
				await apply(name, state).catch((error: Error) =>
					log.error({ deployment: name, error: error.message }, 'a deployment could not be restored'),
				);
			}
		},
	};
}

/** A refusal for callers who ask about a canary where none runs. */
export function noCanary(name: string): PerchError {
	return new PerchError('not_found', `${name} has no candidate on trial.`, {
		hint: 'Train a candidate, or give a version a share with perch canary start --version N.',
	});
}

function foreign(model: string, { path, sha256 }: { path: string; sha256: string }): ServedVersion {
	return { model, version: 0, file: path, sha256, alias: null, metrics: {}, trained_at: null, dataset: null };
}

/** What a request to serve means: a project with its sections, or a model with the defaults. */
async function stateFor(
	rooms: Rooms,
	params: ParsedParams<'serve'>,
): Promise<{ name: string; state: DeploymentState }> {
	const fresh = {
		port: 0,
		started_at: Date.now(),
		canary: null,
		requests: 0,
		errors: 0,
		position: null,
		last_drift: null,
	};
	const asked = {
		...(params.port !== undefined && { port: params.port }),
		...(params.auth !== undefined && { auth: params.auth }),
	};
	if (params.model !== undefined) {
		const { file, name: model, version } = await modelFileOf(rooms.catalog, params.model);
		const alias = /@(.+)$/.exec(params.model)?.[1] ?? null;
		return {
			name: params.name ?? model,
			state: {
				...fresh,
				project: null,
				config: null,
				model,
				version,
				follows: version === 0 || alias === 'latest' ? null : alias,
				file: version === 0 ? await rooms.catalog.artifacts.put(await readFile(file), trainFiles.model) : null,
				serve: z.parse(serveSection, asked),
				key: null,
				canary_share: null,
				guard: [],
				drift: z.parse(driftSection, {}),
			},
		};
	}
	const project = projectOf(rooms.root, params);
	if (project.register === undefined) {
		throw new PerchError('invalid_config', `${basename(project.file)} registers no model to serve.`, {
			file: project.file,
			field: 'register',
			hint: 'Add register: {as: NAME}.',
		});
	}
	const guard = project.canary?.guard ?? [];
	checkGuards(guard);
	const version = rooms.catalog.models.resolveReady(`${project.register.as}@production`);
	await rooms.catalog.artifacts.verified(version.sha256, trainFiles.model);
	return {
		name: params.name ?? project.name,
		state: {
			...fresh,
			project: project.name,
			config: project.file,
			model: version.name,
			version: version.version,
			follows: 'production',
			file: null,
			serve: { ...z.parse(serveSection, project.serve ?? {}), ...asked },
			key: project.canary?.key ?? project.data.key ?? null,
			canary_share: project.canary?.steps[0]?.share ?? null,
			guard,
			drift: z.parse(driftSection, project.drift ?? {}),
		},
	};
}
