import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { compareRuns } from '../catalog/comparison.ts';
import { diffDatasets } from '../catalog/datasetDiff.ts';
import type { CoreMethod, Daemon, Handlers, Pipeline } from '../pipeline/daemon.ts';
import { explanationsOf } from '../pipeline/explanations.ts';
import { driftReport } from '../protocol/drift.ts';
import { PerchError } from '../protocol/errors.ts';
import type { Result } from '../protocol/methods.ts';
import { parse } from '../protocol/parse.ts';
import type { Run } from '../protocol/runs.ts';
import { lastLines } from './logTail.ts';

/** What the daemon tells of its own state. */
export interface DaemonState {
	socket(): string;
	readonly startedAt: number;
	clients(): number;
	/** Begins the end of the process, which comes after the answer is out. */
	stop(): void;
}

type RunGroups = NonNullable<Result<'runs/list'>['groups']>;

/** The methods that need no more than the catalog and the daemon itself. */
export function createCoreHandlers(daemon: Daemon, pipeline: Pipeline, state: DaemonState): Handlers<CoreMethod> {
	const { catalog, jobs, root, folder } = daemon;
	return {
		'daemon/status': () => ({
			running: true,
			pid: process.pid,
			version: daemon.version,
			root,
			socket: state.socket(),
			tracking_uri: null,
			serving_uri: pipeline.servingUri(),
			token_file: join(folder, 'token'),
			read_only: daemon.readOnly,
			started_at: state.startedAt,
			clients: state.clients(),
			jobs: jobs.list(),
			deployments: pipeline.deployments(),
		}),
		async 'daemon/stop'() {
			try {
				const stopped = await jobs.stop();
				return { stopped: true, deployments: await pipeline.stopGateway(), jobs: stopped };
			} finally {
				state.stop();
			}
		},
		'daemon/logs'({ process: which, lines }) {
			const file = join(folder, 'logs', which === 'daemon' ? 'perchd.log' : 'gateway.log');
			return { file, lines: lastLines(file, lines) };
		},

		async 'runs/list'({ experiment, parent, limit, group }, { signal }) {
			const of = parent === undefined ? parent : catalog.runs.find(parent).id;
			const runs = catalog.runs.list({ experiment, parent: of, limit });
			if (group === undefined) return { runs };
			const rows = runs.map((run) => ({ value: groupOf(run, group), metrics: run.metrics }));
			const options = { title: `Grouping runs by ${group}`, signal };
			return { runs, groups: await jobs.run('groups', { rows }, options, (groups: RunGroups) => groups) };
		},
		'runs/show': ({ id }) => catalog.runs.show(id),
		async 'runs/explanations'({ id }) {
			const shown = catalog.runs.show(id);
			return { run: shown.run.id, explanations: await explanationsOf(catalog, shown) };
		},
		'runs/compare': ({ ids, all }) =>
			compareRuns(
				ids.map((id) => catalog.runs.show(id)),
				all,
			),
		'runs/delete'({ id }, { author }) {
			const run = catalog.runs.find(id);
			catalog.runs.remove(run.id, author());
			return { id: run.id };
		},

		'models/list': () => ({ models: catalog.models.list() }),
		'models/show': ({ name }) => ({
			model: catalog.models.get(name),
			history: catalog.audit.list({ subject: name, limit: 1000 }),
		}),
		'models/restore': ({ name, version, reason }, { author }) => ({
			version: catalog.models.restore(name, version, author(reason)),
		}),
		async 'models/export'({ model, output }) {
			const { sha256, size } = catalog.models.resolve(model);
			const kept = await catalog.artifacts.verified(sha256, 'model.onnx');
			const target = resolve(root, output);
			await copyWhole(kept, target);
			return { output: target, sha256, size };
		},

		'datasets/list': () => ({ datasets: catalog.datasets.list() }),
		'datasets/diff'({ from, to }) {
			const { find, at } = catalog.datasets;
			const one = find(from);
			if (to !== undefined) return diffDatasets(one, find(to));
			const before = at(one.name, one.version - 1);
			if (before !== null) return diffDatasets(before, one);
			throw new PerchError('not_found', `${one.name}@${one.version} is the first version of its name.`, {
				field: 'to',
				hint: 'Name the version to hold it against as well.',
			});
		},

		'drift/list': ({ project, limit }) => ({ reports: catalog.reports.list({ project, limit }) }),
		'drift/history'({ column, ...filter }) {
			const reports = catalog.reports.list(filter).reverse();
			return {
				reports: reports.map(({ id, created_at, drift, share, threshold, reference, current }) => ({
					...{ id, created_at, drift, share, threshold, reference, current },
				})),
				columns: catalog.driftHistory.follow(reports, column ?? null),
			};
		},
		async 'drift/show'({ id }) {
			const { json, html } = catalog.reports.get(id);
			const report: unknown = JSON.parse(await readFile(json, 'utf8'));
			return { report: parse(driftReport, report, 'invalid_data', { file: json }), html };
		},

		'audit/show': ({ subject, limit }) => ({ events: catalog.audit.list({ subject, limit }) }),
		'audit/verify': () => catalog.audit.verify(),
	};
}

function groupOf({ params, tags }: Run, name: string): string {
	return params[name] ?? tags[name] ?? '';
}

/** Copies beside the target and renames: the target is whole or as it was. */
async function copyWhole(from: string, to: string): Promise<void> {
	await mkdir(dirname(to), { recursive: true });
	const beside = `${to}.${randomBytes(4).toString('hex')}.part`;
	try {
		await copyFile(from, beside);
		await rename(beside, to);
	} catch (error) {
		await rm(beside, { force: true });
		throw error;
	}
}
