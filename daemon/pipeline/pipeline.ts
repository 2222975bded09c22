import { join, resolve } from 'node:path';
import { createGatewayLink } from '../serve/gatewayLink.ts';
import { simulateCanary } from './canarySimulation.ts';
import { check } from './checks.ts';
import type { Daemon, Handlers, Pipeline, PipelineMethod } from './daemon.ts';
import { stateOf } from './deploymentState.ts';
import { createDeployments, noCanary } from './deployments.ts';
import { drift } from './drift.ts';
import { createLive } from './live.ts';
import { simulateLoad } from './load.ts';
import { archive, importModel, predict, promote, rollback } from './models.ts';
import { createLogKeeper } from './requestLogs.ts';
import { jobOptions, type Rooms } from './rooms.ts';
import { train } from './train.ts';

/** Adds training, serving and decisions to a daemon. */
export function openPipeline(daemon: Daemon): Pipeline {
	const { catalog, jobs, log, root, dist, readOnly } = daemon;
	const gateway = createGatewayLink({
		root,
		entry: join(dist, 'gateway.cjs'),
		onRang: (deployment) => live.rang(deployment),
		onActed: (deployment, { version, reason }) => void recordActed(deployment, version, reason),
		onRevived: (state, reason) => {
			log.warn({ reason, revived: state !== null }, 'the gateway died');
			daemon.notify('log/message', {
				level: state === null ? 'error' : 'warning',
				message: `The gateway died: ${reason}`,
			});
			for (const { name } of catalog.deployments.list())
				daemon.notify('deployments/changed', { subject: name, event: 'gateway.revived' });
		},
	});
	const rooms: Rooms = { ...daemon, gateway };
	const deployments = createDeployments(rooms);
	const live = createLive(rooms, deployments);
	const logs = createLogKeeper(rooms);

	/** The gateway took a failing candidate's traffic away: the catalog follows. */
	const recordActed = async (name: string, version: number, reason: string) => {
		const { state } = deployments.find(name);
		if (state.canary?.status !== 'running' || state.canary.candidate !== version) return;
		await deployments.endCandidate(state.model, version, 'rolled_back', { actor: 'gateway', reason });
	};

	const begin = async () => {
		if (readOnly || !catalog.deployments.list().some(({ desired }) => desired === 'serving')) return;
		const adopted = await gateway.adopt();
		for (const { name, actedAlone } of adopted?.deployments ?? []) {
			if (actedAlone !== null) await recordActed(name, actedAlone.version, actedAlone.reason);
		}
		await deployments.reconcile();
		for (const { name, desired } of catalog.deployments.list()) if (desired === 'serving') live.rang(name);
	};
	const begun = begin().catch((error: Error) =>
		log.error({ error: error.message }, 'what was deployed could not be restored'),
	);

	const absolute = (path: string) => resolve(root, path);
	const handlers: Handlers<PipelineMethod> = {
		init: ({ data, output, force }, request) =>
			jobs.run(
				'init',
				{ data: absolute(data), output: absolute(output), force },
				jobOptions('Looking at the data', request),
				(made: never) => made,
			),
		train: (params, request) => train(rooms, deployments, params, request),
		predict: (params, request) => predict(rooms, params, request),
		'datasets/show': ({ file, rows }, request) =>
			jobs.run(
				'describe',
				{ file: absolute(file), rows },
				jobOptions('Describing the data', request),
				(made: never) => made,
			),
		profile: ({ file }, request) =>
			jobs.run('profile', { file: absolute(file) }, jobOptions('Profiling the data', request), (made: never) => made),
		check: (params, request) =>
			check(rooms, { ...params, ...(params.file !== undefined && { file: absolute(params.file) }) }, request),
		'checks/infer': ({ file }, request) =>
			jobs.run(
				'infer-checks',
				{ file: absolute(file) },
				jobOptions('Looking for checks', request),
				(made: never) => made,
			),
		drift: async (params, request) => {
			const { name } = nameIfAny(params) ?? {};
			if (name !== undefined) await live.catchUp(name);
			return drift(rooms, deployments, params, request);
		},
		'models/promote': (params, request) => promote(rooms, deployments, params, request),
		'models/rollback': (params, request) => rollback(rooms, deployments, params, request),
		'models/archive': (params, request) => archive(rooms, deployments, params, request),
		'models/import': (params, request) => importModel(rooms, deployments, params, request),
		serve: (params, request) => deployments.serve(params, request),
		'deployments/list': async () => ({ deployments: await deployments.list() }),
		'deployments/show': async ({ name }) => ({ deployment: await deployments.show(name) }),
		'deployments/stop': async ({ name }, request) => {
			await live.catchUp(name);
			await deployments.stop(name, request);
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
		'canary/simulate': (params, request) => simulateCanary(rooms, deployments, params, request),
		'simulate/data': ({ spec, output }, request) =>
			jobs.run(
				'simulate-data',
				{ spec: absolute(spec), output: absolute(output) },
				jobOptions('Making data', request),
				(made: never) => made,
			),
		'simulate/load': async (params, request) => {
			const { name } = deployments.find(params.deployment);
			const outcome = await simulateLoad(rooms, deployments, params, request);
			await live.catchUp(name);
			return outcome;
		},
	};

	const nameIfAny = ({ current }: { current?: string | undefined }) => {
		const serving = catalog.deployments.list().filter(({ desired }) => desired === 'serving');
		return current === undefined && serving.length === 1 ? serving[0] : undefined;
	};

	const serving = () => catalog.deployments.list().filter(({ desired }) => desired === 'serving');
	return {
		handlers,
		deployments: () =>
			serving().map((record) => {
				const { model, version, canary, port } = stateOf(record);
				const running = canary?.status === 'running' ? canary : null;
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
			const names = serving().map(({ name }) => name);
			await gateway.stop();
			return names;
		},
		async close() {
			logs.close();
			await begun;
			await live.close();
			gateway.close();
		},
	};
}

function uriOf(port: number): string {
	return `http://127.0.0.1:${port}`;
}
