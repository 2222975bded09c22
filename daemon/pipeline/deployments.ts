/**
 * What is deployed: kept in the catalog, commanded to the gateway, and told to whoever asks.
 *
 * The catalog is the truth, and the gateway follows it. What may be refused (another version, a candidate) is commanded
 * first and kept only once it is in force; what must not wait (the end of a candidate) is kept first. A gateway that
 * could not be told is brought to what the catalog says when it is back. A state is read, changed and written without
 * waiting in between, so that no change loses another one.
 */
import { randomBytes } from 'node:crypto';
import { saltId } from '../canary/routing.ts';
import type { Author } from '../catalog/catalog.ts';
import { PerchError, toPerchError } from '../protocol/errors.ts';
import type { ParsedParams, Result } from '../protocol/methods.ts';
import type { ModelVersion } from '../protocol/models.ts';
import type { Deployment } from '../protocol/serving.ts';
import type { Request } from './daemon.ts';
import {
	asConfig,
	carriedOver,
	type DeploymentState,
	endedCanary,
	newCanary,
	runningCanary,
	stateOf,
	takenOver,
} from './deploymentState.ts';
import { gatewayConfig } from './gatewayConfig.ts';
import type { Rooms } from './rooms.ts';
import { planServing } from './servePlan.ts';

export interface Deployments {
	serve(params: ParsedParams<'serve'>, call: Request): Promise<Result<'serve'>>;
	stop(name: string, author: Author): Promise<void>;
	list(): Promise<Deployment[]>;
	show(name: string): Promise<Deployment>;
	/** The state of a deployment that serves; the only one where no name is given. */
	find(name: string | undefined): { name: string; state: DeploymentState };
	/** The same, or null where `find` refuses. */
	findIfAny(name: string | undefined): { name: string; state: DeploymentState } | null;
	/** Path of the .onnx file that a deployment answers with. */
	modelFile(state: DeploymentState): string;
	/** Keeps figures that the log told. */
	refresh(name: string, state: DeploymentState): void;
	/** Whether a version is what some deployment answers with. */
	serving(model: string, version: number): boolean;
	/** The version of a model that some deployment tries, or null. */
	onTrial(model: string): number | null;
	/** Moves an alias, and the deployments that follow it: all of them, or nothing is moved. */
	moveAlias(
		model: string,
		alias: string,
		version: number,
		author: Author,
	): Promise<{ version: ModelVersion; previous: number | null }>;
	/** Lets deployments take over the version that an alias was given already; tells why one could not. */
	follow(model: string, alias: string, author: Author): Promise<string[]>;
	startCanary(name: string, version: number, share: number, author: Author): Promise<void>;
	stopCanary(name: string, author: Author): Promise<void>;
	/** Takes a candidate out of every deployment and archives it, unless it is also what one answers with, or production. */
	endCandidate(model: string, version: number, status: 'rolled_back' | 'stopped', author: Author): Promise<void>;
	/** Tells the gateway what the catalog says, such as after a restart. */
	reconcile(): Promise<void>;
	/** Takes no more changes, and resolves when those on their way are through. */
	close(): Promise<void>;
}

/** One deployment from one state to the next. */
interface Change {
	readonly name: string;
	/** The next state, from what the catalog says at this moment. */
	readonly next: () => DeploymentState;
	readonly event: string;
	readonly detail: Record<string, unknown>;
}

export function createDeployments(rooms: Rooms): Deployments {
	const { catalog, gateway, log } = rooms;
	const warnings = new Map<string, string[]>();

	const running = () =>
		catalog.deployments
			.list()
			.filter(({ desired }) => desired === 'serving')
			.map((record) => ({ name: record.name, state: stateOf(record) }));

	const findIfAny: Deployments['findIfAny'] = (name) => {
		const all = running();
		return (name === undefined && all.length === 1 ? all[0] : all.find((one) => one.name === name)) ?? null;
	};
	const find: Deployments['find'] = (name) => {
		const found = findIfAny(name);
		if (found !== null) return found;
		const names = running()
			.map((one) => one.name)
			.join(', ');
		if (name === undefined && names !== '') {
			throw new PerchError('invalid_arguments', 'Several deployments run.', {
				field: 'deployment',
				hint: `Name one of ${names}.`,
			});
		}
		throw new PerchError('not_serving', name === undefined ? 'Nothing is deployed.' : `${name} is not deployed.`, {
			hint: names === '' ? 'Deploy with perch serve.' : `Deployed: ${names}.`,
		});
	};

	const save = (name: string, state: DeploymentState, event: string, author: Author, detail = {}) =>
		catalog.deployments.save(name, { config: asConfig(state), desired: 'serving' }, { event, author, detail });

	let line: Promise<unknown> = Promise.resolve();
	let closed = false;
	/** One change after the other: each is made from what the one before has left. */
	const inLine = <T>(work: () => Promise<T>): Promise<T> => {
		if (closed) return Promise.reject(new PerchError('cancelled', 'The daemon is stopping.'));
		const result = line.then(work);
		line = result.catch(() => undefined);
		return result;
	};

	const command = async (name: string, state: DeploymentState): Promise<number> => {
		const applied = await gateway.apply(gatewayConfig(rooms, name, state));
		warnings.set(name, applied.warnings);
		return applied.deployment.port;
	};

	/** Brings the gateway to what the catalog says of a deployment. */
	const settle = async (name: string): Promise<void> => {
		const kept = findIfAny(name);
		if (kept === null) return gateway.remove(name);
		const port = await command(name, kept.state);
		const { state } = find(name);
		if (port !== state.port) catalog.deployments.refresh(name, asConfig({ ...state, port }));
	};

	/** The same where nobody waits for the answer: what fails is told, and mended when the gateway is back. */
	const settleOrTell = (name: string): Promise<void> =>
		settle(name).catch((error: unknown) =>
			tellTrouble(name, `The gateway could not be told: ${toPerchError(error).message}`),
		);

	const tellTrouble = (name: string, message: string): void => {
		warnings.set(name, [message]);
		log.warn({ deployment: name }, message);
		rooms.notify('log/message', { level: 'warning', message: `${name}: ${message}` });
	};

	/** Commands changes, and keeps them with what `commit` does once all are in force; a refusal leaves everything as it was. */
	const carryOut = async <T>(changes: readonly Change[], author: Author, commit: () => T): Promise<T> => {
		const ports = new Map<string, number>();
		const told: string[] = [];
		try {
			for (const { name, next } of changes) {
				told.push(name);
				ports.set(name, await command(name, next()));
			}
			return catalog.transaction(() => {
				const result = commit();
				for (const { name, next, event, detail } of changes) {
					const state = next();
					const port = ports.get(name) ?? state.port;
					save(name, { ...state, port }, event, author, { ...detail, port });
				}
				return result;
			});
		} catch (error) {
			for (const name of told) await settleOrTell(name);
			throw error;
		}
	};

	const trialOf = (candidate: number, share: number) => newCanary(candidate, share, randomBytes(16).toString('hex'));

	const trialChange = (name: string, candidate: number, share: number): Change => {
		const canary = trialOf(candidate, share);
		return {
			name,
			next: () => ({ ...find(name).state, canary }),
			event: 'canary.started',
			detail: { version: candidate, share, salt_id: saltId(canary.salt) },
		};
	};

	/** What a deployment does when an alias moves to a version. */
	const followed = (model: string, alias: string, version: number, reason: string): Change[] =>
		running().flatMap(({ name, state }): Change[] => {
			if (state.model !== model || state.file !== null || state.version === version) return [];
			const trial = runningCanary(state)?.candidate ?? null;
			if (state.follows === alias) {
				const event = trial === version ? 'canary.promoted' : 'deployment.moved';
				return [{ name, next: () => takenOver(find(name).state, version, reason), event, detail: { version } }];
			}
			if (alias !== 'candidate' || state.canary_share === null || trial === version) return [];
			return [trialChange(name, version, state.canary_share)];
		});

	const view = async (name: string, state: DeploymentState, desired: 'serving' | 'stopped'): Promise<Deployment> => {
		const told = desired === 'serving' ? await gateway.state().catch(() => null) : null;
		const live = told?.deployments.find((one) => one.name === name);
		const { canary } = state;
		return {
			name,
			project: state.project,
			model: state.model,
			version: state.version,
			serving_uri: live?.uri ?? uriOf(state.port),
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

	const serving = (model: string, version: number) =>
		running().some(({ state }) => state.model === model && state.file === null && state.version === version);
	const trying = (model: string) =>
		running().flatMap(({ name, state }) => {
			const trial = state.model === model ? runningCanary(state) : null;
			return trial === null ? [] : [{ name, version: trial.candidate }];
		});
	const isReady = (model: string) => (version: number) => catalog.models.version(model, version).status === 'ready';

	return {
		find,
		findIfAny,
		modelFile: (state) => gatewayConfig(rooms, '', state).baseline.file,
		serve: (params, call) =>
			inLine(async () => {
				const { name, state } = await planServing(rooms, params, call);
				const { model, version, canary_share: share } = state;
				const candidate = share === null ? null : catalog.models.behind(model, 'candidate');
				const trial =
					share === null || candidate === null || candidate.version === version
						? null
						: trialOf(candidate.version, share);
				const next = () => {
					const before = catalog.deployments.get(name);
					if (before === null) return { ...state, canary: trial };
					const { started_at } = before.desired === 'serving' ? stateOf(before) : state;
					return { ...carriedOver(state, stateOf(before), trial, isReady(model)), started_at };
				};
				const detail = { model, version, candidate: runningCanary(next())?.candidate ?? null };
				await carryOut([{ name, next, event: 'deployment.started', detail }], call.author(), () => undefined);
				const { serving_uri } = await view(name, find(name).state, 'serving');
				return { deployment: name, serving_uri, model, version };
			}),
		stop: (name, author) =>
			inLine(async () => {
				find(name);
				await gateway.remove(name);
				const config = asConfig(find(name).state);
				catalog.deployments.save(name, { config, desired: 'stopped' }, { event: 'deployment.stopped', author });
			}),
		list: () =>
			Promise.all(catalog.deployments.list().map((record) => view(record.name, stateOf(record), record.desired))),
		async show(name) {
			const record = catalog.deployments.get(name);
			if (record !== null) return view(name, stateOf(record), record.desired);
			throw new PerchError('not_found', `There is no deployment ${name}.`, {
				hint: 'perch deployments list shows them.',
			});
		},
		refresh: (name, state) => catalog.deployments.refresh(name, asConfig(state)),
		serving,
		onTrial: (model) => trying(model)[0]?.version ?? null,
		moveAlias: (model, alias, version, author) =>
			inLine(async () => {
				catalog.models.resolveReady(`${model}/${version}`);
				const changes = followed(model, alias, version, author.reason ?? 'promoted by hand');
				return carryOut(changes, author, () => {
					const moved = catalog.models.setAlias(model, alias, version, author);
					const isCandidate = catalog.models.behind(model, 'candidate')?.version === version;
					if (alias === 'production' && isCandidate) catalog.models.removeAlias(model, 'candidate', author);
					return { ...moved, version: catalog.models.version(model, version) };
				});
			}),
		follow: (model, alias, author) =>
			inLine(async () => {
				const target = catalog.models.behind(model, alias);
				if (target === null) return [];
				const refused: string[] = [];
				for (const change of followed(model, alias, target.version, author.reason ?? 'promoted')) {
					try {
						await carryOut([change], author, () => undefined);
					} catch (error) {
						const message = `Version ${target.version} is ${alias} and does not serve: ${toPerchError(error).message}`;
						tellTrouble(change.name, message);
						refused.push(`${change.name}: ${message}`);
					}
				}
				return refused;
			}),
		startCanary: (name, version, share, author) =>
			inLine(async () => {
				const { state } = find(name);
				if (state.file !== null || state.version === version) {
					const what = state.file === null ? `version ${version} already` : 'a file, which has no other versions';
					throw new PerchError('invalid_arguments', `${name} answers with ${what}.`, {
						field: 'version',
						hint: 'Try another version of a registered model: perch models list shows them.',
					});
				}
				catalog.models.resolveReady(`${state.model}/${version}`);
				await carryOut([trialChange(name, version, share)], author, () => undefined);
			}),
		async stopCanary(name, author) {
			const { state } = find(name);
			const trial = runningCanary(state);
			if (trial === null) throw noCanary(name);
			const canary = endedCanary(trial, 'stopped', author.reason ?? 'stopped by hand');
			save(name, { ...state, canary }, 'canary.stopped', author, { version: trial.candidate });
			await inLine(() => settleOrTell(name));
		},
		async endCandidate(model, version, status, author) {
			const affected = trying(model).filter((one) => one.version === version);
			catalog.transaction(() => {
				for (const { name } of affected) {
					const { state } = find(name);
					const trial = runningCanary(state);
					if (trial === null) continue;
					const canary = endedCanary(trial, status, author.reason ?? '');
					save(name, { ...state, canary }, `canary.${status}`, author, { version });
				}
				const isProduction = catalog.models.behind(model, 'production')?.version === version;
				const isNeeded = serving(model, version) || (status === 'rolled_back' && isProduction);
				if (!isNeeded) catalog.models.archive(model, version, author);
			});
			await Promise.all(affected.map(({ name }) => inLine(() => settleOrTell(name))));
		},
		reconcile: () =>
			inLine(async () => {
				for (const { name } of running()) await settleOrTell(name);
			}),
		async close() {
			closed = true;
			await line;
		},
	};
}

/** Where a port of the gateway is reached. */
export function uriOf(port: number): string {
	return `http://127.0.0.1:${port}`;
}

/** A refusal for callers who ask about a canary where none runs. */
export function noCanary(name: string): PerchError {
	return new PerchError('not_found', `${name} has no candidate on trial.`, {
		hint: 'Train a candidate, or give a version a share with perch canary start --version N.',
	});
}
