import { join, resolve } from 'node:path';
import { isFileReference } from '../protocol/driftReference.ts';
import { PerchError } from '../protocol/errors.ts';
import type { Result } from '../protocol/methods.ts';
import { readingOf } from '../protocol/reading.ts';
import type { ActedAlone } from '../serve/control.ts';
import { createGatewayLink } from '../serve/gatewayLink.ts';
import { simulateCanary } from './canarySimulation.ts';
import { check } from './checks.ts';
import type { Daemon, Handlers, Pipeline, PipelineMethod } from './daemon.ts';
import { showDataset } from './datasets.ts';
import { runningCanary, stateOf } from './deploymentState.ts';
import { createDeployments, noCanary, uriOf } from './deployments.ts';
import { drift } from './drift.ts';
import { createLive } from './live.ts';
import { simulateLoad } from './load.ts';
import { archive, explainRows, predict, promote, rollback, writeCard } from './models.ts';
import { listProfiles, profile } from './profile.ts';
import { importModel, registerRun } from './registerModel.ts';
import { createLogKeeper } from './requestLogs.ts';
import { jobOptions, type Rooms } from './rooms.ts';
import { createRunningRuns } from './runningRuns.ts';
import { createTables } from './tables.ts';
import { type RunsAtWork, readLog, train } from './train.ts';
import { showTuning } from './tuning.ts';

/** Adds training, serving and decisions to a daemon. */
export function openPipeline(daemon: Daemon): Pipeline {
	const { catalog, jobs, log, root, dist, readOnly } = daemon;
	const gateway = createGatewayLink({
		root,
		entry: join(dist, 'gateway.cjs'),
		onRang: (deployment) => live.rang(deployment),
		onActed: (deployment, acted) => recordActed(deployment, acted),
		onRevived: (state, reason) => {
			log.warn({ reason, revived: state !== null }, 'the gateway died');
			daemon.notify('log/message', {
				level: state === null ? 'error' : 'warning',
				message: `The gateway died: ${reason}`,
			});
			for (const { name } of catalog.deployments.list())
				daemon.notify('deployments/changed', { subject: name, event: 'gateway.revived' });
			// It has restored what the one before was told last, which may be less than what was decided.
			if (state !== null) deployments.reconcile().catch(() => undefined);
		},
	});
	const running = createRunningRuns(daemon);
	const rooms: Rooms = { ...daemon, gateway, running };
	const deployments = createDeployments(rooms);
	const live = createLive(rooms, deployments);
	const logs = createLogKeeper(rooms);
	const tables = createTables(daemon);

	/** The gateway took a failing candidate's traffic away: the catalog follows. */
	const recordActed = (name: string, { version, reason }: ActedAlone) => {
		const state = deployments.findIfAny(name)?.state;
		if (state === undefined || runningCanary(state)?.candidate !== version) return;
		deployments
			.endCandidate(state.model, version, 'rolled_back', { actor: 'gateway', reason })
			.catch((error: Error) => log.error({ deployment: name, error: error.message }, 'a rollback was not recorded'));
	};

	const serving = () => catalog.deployments.list().filter(({ desired }) => desired === 'serving');
	const begin = async () => {
		if (readOnly || serving().length === 0) return;
		const adopted = await gateway.adopt();
		for (const { name, actedAlone } of adopted?.deployments ?? []) {
			if (actedAlone !== null) recordActed(name, actedAlone);
		}
		await deployments.reconcile();
		for (const { name } of serving()) live.rang(name);
	};
	const begun = begin().catch((error: Error) =>
		log.error({ error: error.message }, 'what was deployed could not be restored'),
	);

	/** Paths are relative to the root, wherever this process was started. */
	const absolute = (path: string) => resolve(root, path);
	const absolutes = <T extends object>(params: T, ...fields: (keyof T)[]): T => {
		const paths = fields.flatMap((field) => {
			const path = params[field];
			return typeof path === 'string' ? [[field, absolute(path)]] : [];
		});
		return { ...params, ...Object.fromEntries(paths) };
	};
	const modelRef = (ref: string) => (ref.endsWith('.onnx') ? absolute(ref) : ref);

	const atWork: RunsAtWork = new Set();
	const isAtWork = (id: string) => [...atWork].some((one) => one.isRun(id));

	const handlers: Handlers<PipelineMethod> = {
		init: ({ data, output, force, ...params }, request) =>
			jobs.run(
				'init',
				{ data: absolute(data), output: absolute(output), force, reading: readingOf(params) },
				jobOptions('Looking at the data', request),
				(made: Result<'init'>) => made,
			),
		train: (params, request) => train(rooms, deployments, atWork, absolutes(params, 'config', 'data', 'test'), request),
		'runs/tuning': ({ id }) => showTuning(catalog, id, isAtWork),
		'runs/cancel'({ id }) {
			const run = catalog.runs.find(id);
			if (!isAtWork(run.id)) {
				throw new PerchError('invalid_arguments', `The run ${run.name} is not at work: it is ${run.status}.`);
			}
			for (const one of atWork) if (one.isRun(run.id)) one.cancel();
			return { id: run.id };
		},
		predict: (params, request) =>
			predict(rooms, { ...absolutes(params, 'input', 'output'), model: modelRef(params.model) }, request),
		'runs/log': ({ id }) => readLog(rooms, catalog.runs.find(id).id),
		'datasets/show': (params, request) => showDataset(rooms, absolutes(params, 'file'), request),
		profile: (params, request) => profile(rooms, absolutes(params, 'file', 'html'), request),
		'profile/list': () => listProfiles(rooms),
		'table/open': (params, request) => tables.open(absolutes(params, 'file'), request),
		'table/rows': (params, request) => tables.rows(params, request),
		'table/copy': (params, request) => tables.copy(params, request),
		'table/close': async ({ table }) => {
			await tables.close(table);
			return { table };
		},
		check: (params, request) => check(rooms, absolutes(params, 'config', 'file'), request),
		'checks/infer': ({ file, ...params }, request) =>
			jobs.run(
				'infer-checks',
				{ file: absolute(file), reading: readingOf(params) },
				jobOptions('Looking for checks', request),
				(made: Result<'checks/infer'>) => made,
			),
		drift: async (params, request) => {
			const { reference } = params;
			const named = reference === undefined || !isFileReference(reference) ? {} : { reference: absolute(reference) };
			const model = params.model === undefined ? {} : { model: modelRef(params.model) };
			return drift(
				rooms,
				deployments,
				{ ...absolutes(params, 'config', 'current', 'html', 'markdown', 'junit'), ...named, ...model },
				() => gateway.flush(),
				request,
			);
		},
		'models/card': (params, request) => writeCard(rooms, absolutes(params, 'html'), request),
		'models/explain': (params, request) => explainRows(rooms, { ...params, model: modelRef(params.model) }, request),
		'models/promote': (params, request) => promote(rooms, deployments, params, request),
		'models/rollback': (params, request) => rollback(rooms, deployments, params, request),
		'models/archive': (params, request) => archive(rooms, deployments, params, request),
		'models/import': (params, request) => importModel(rooms, deployments, absolutes(params, 'file'), request),
		'models/register': (params, request) => registerRun(rooms, deployments, params, request),
		serve: (params, request) => {
			const named = params.model === undefined ? {} : { model: modelRef(params.model) };
			return deployments.serve({ ...absolutes(params, 'config'), ...named }, request);
		},
		'deployments/list': async () => ({ deployments: await deployments.list() }),
		'deployments/show': async ({ name }) => ({ deployment: await deployments.show(name) }),
		'deployments/stop': async ({ name }, request) => {
			await live.catchUp(name);
			await deployments.stop(name, request.author());
			return { deployment: name };
		},
		logs: (params, request) => logs.read(params, request),
		'canary/start': async ({ deployment, version, share }, { author }) => {
			const { name, state } = deployments.find(deployment);
			const chosen = version ?? catalog.models.behind(state.model, 'candidate')?.version;
			if (chosen === undefined) throw noCanary(name);
			await deployments.startCanary(name, chosen, share ?? state.canary_share ?? 0.1, author());
			return { deployment: await deployments.show(name) };
		},
		'canary/status': async ({ deployment }) => {
			const { name } = deployments.find(deployment);
			await live.catchUp(name);
			return { deployment: await deployments.show(name) };
		},
		'canary/decide': ({ deployment }, request) => live.decide(deployment, request),
		'canary/stop': async ({ deployment, reason }, { author }) => {
			const { name } = deployments.find(deployment);
			await deployments.stopCanary(name, author(reason));
			return { deployment: await deployments.show(name) };
		},
		'canary/simulate': (params, request) => {
			const { traffic } = params;
			const named =
				traffic === undefined || traffic === 'log' || traffic === 'training' ? {} : { traffic: absolute(traffic) };
			return simulateCanary(rooms, deployments, { ...absolutes(params, 'config'), ...named }, request);
		},
		'simulate/data': ({ spec, output }, request) =>
			jobs.run(
				'simulate-data',
				{ spec: absolute(spec), output: absolute(output) },
				jobOptions('Making data', request),
				(made: Result<'simulate/data'>) => made,
			),
		'simulate/load': async (params, request) => {
			const { name } = deployments.find(params.deployment);
			const outcome = await simulateLoad(rooms, deployments, absolutes(params, 'data'), request);
			await live.catchUp(name);
			return outcome;
		},
	};

	return {
		handlers,
		deployments: () =>
			serving().map((record) => {
				const state = stateOf(record);
				const { model, version, port } = state;
				const running = runningCanary(state);
				return {
					name: record.name,
					uri: uriOf(port),
					model,
					version,
					candidate: running?.candidate ?? null,
					share: running?.share ?? 0,
				};
			}),
		servingUri: () => {
			const [first] = serving();
			return first === undefined ? null : uriOf(stateOf(first).port);
		},
		async stopGateway() {
			await live.close();
			await deployments.close();
			const names = serving().map(({ name }) => name);
			await gateway.stop();
			return names;
		},
		async close() {
			logs.close();
			await tables.closeAll();
			await begun;
			await live.close();
			await deployments.close();
			gateway.close();
		},
	};
}
