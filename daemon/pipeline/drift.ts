/** Drift of files and of live traffic: the job is started, and its report kept. */
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Author, Catalog } from '../catalog/catalog.ts';
import { summarizeReport } from '../drift/summarizeReport.ts';
import type { Project } from '../project/loadProject.ts';
import type { DriftReport } from '../protocol/drift.ts';
import { PerchError } from '../protocol/errors.ts';
import type { ParsedParams, Result } from '../protocol/methods.ts';
import type { ModelVersion } from '../protocol/models.ts';
import { driftSection, judgedByOf, shareThreshold } from '../protocol/project/drift.ts';
import '../protocol/schema.ts';
import { gatewayPaths } from '../serve/control.ts';
import type { Request } from './daemon.ts';
import { claimOfFile, claimOfProject, recordFound, versionOf } from './datasets.ts';
import type { DeploymentState } from './deploymentState.ts';
import type { Deployments } from './deployments.ts';
import { driftFiles, trainFiles } from './jobFiles.ts';
import { modelFileOf } from './modelFile.ts';
import { projectReading } from './projectReading.ts';
import { projectIfAny } from './projects.ts';
import { jobOptions, located, type Rooms } from './rooms.ts';
import { rowRules } from './rowRules.ts';
import type { DriftInput, DriftOutcome, DriftSource } from './work/drift.ts';

/** Runs a drift job and keeps its report as JSON and HTML in `.perch/reports/`, and the versions of what it read. */
export async function report(
	rooms: Rooms,
	input: DriftInput,
	title: string,
	call: Request,
): Promise<{ report: DriftReport; html: string }> {
	const made = await rooms.jobs.run<DriftOutcome, { report: DriftReport; html: string } | null>(
		'drift',
		input,
		{ ...jobOptions(title, call), short: input.current.kind === 'live' },
		(outcome, jobFolder) => keep(rooms, outcome, jobFolder, call.author()),
	);
	// Another job gave the number of its new version to other content meanwhile: the report must say the next one.
	if (made !== null) return made;
	const { reference, current } = input;
	const again = { reference: renewed(rooms.catalog, reference), current: renewed(rooms.catalog, current) };
	return await report(rooms, { ...input, ...again }, title, call);
}

function renewed({ datasets }: Catalog, source: DriftSource): DriftSource {
	if (source.kind !== 'file' && source.kind !== 'source') return source;
	return { ...source, dataset: { ...source.dataset, versions: datasets.of(source.dataset.name) } };
}

async function keep(
	{ catalog, folder }: Rooms,
	{ report: made, datasets }: DriftOutcome,
	jobFolder: string,
	author: Author,
): Promise<{ report: DriftReport; html: string } | null> {
	if (!recordFound(catalog, Object.values(datasets), author)) return null;
	const reports = join(folder, 'reports');
	await mkdir(reports, { recursive: true });
	const html = join(reports, `${made.id}.html`);
	const json = join(reports, `${made.id}.json`);
	await rename(join(jobFolder, driftFiles.html), html);
	await rename(join(jobFolder, driftFiles.json), json);
	const { reference, current } = made;
	catalog.reports.keep({ ...summarizeReport(made), html, json }, author, {
		...(reference.dataset !== undefined && { reference: reference.dataset }),
		...(current.dataset !== undefined && { current: current.dataset }),
	});
	return { report: made, html };
}

/** `perch drift`: two files, a file against training rows, or the live traffic of a project. */
export async function drift(
	rooms: Rooms,
	deployments: Deployments,
	params: ParsedParams<'drift'>,
	call: Request,
): Promise<Result<'drift'>> {
	const files = params.reference !== undefined && params.reference !== 'training' && params.current !== undefined;
	const project = files && params.config === undefined ? null : projectIfAny(rooms.root, params);
	const section = project?.drift ?? z.parse(driftSection, {});
	const own = judgedByOf(section);
	const profile = params.method ?? params.profile ?? own;
	const deployed = project === null ? null : deployments.findIfAny(project.name);
	const current = currentOf(rooms, params, project, deployed);
	const reference = referenceOf(rooms, params, project, deployed, current);
	const input: DriftInput = {
		reference,
		current,
		columns: params.columns ?? section.columns ?? modelColumns(project, reference),
		exclude: apart(project),
		time: project?.data.time ?? null,
		judged: await judgedOf(rooms, params, project),
		profile,
		test: params.test ?? null,
		tests: profile === own ? (section.tests ?? null) : null,
		threshold: shareThreshold({ ...section, method: profile === 'mean' ? profile : undefined }),
		...(project !== null && { rules: rowRules(project.data, project.prepare) }),
		project: project?.name ?? null,
		deployment: current.kind === 'live' ? current.deployment : null,
		outputs: { html: params.html ?? null, markdown: params.markdown ?? null, junit: params.junit ?? null },
		reading: projectReading(project, params),
		dist: rooms.dist,
	};
	try {
		const made = await report(rooms, input, `Looking for drift${project === null ? '' : ` in ${project.name}`}`, call);
		return { ...made.report, html: params.html ?? made.html };
	} catch (error) {
		throw located(error, project);
	}
}

function fileSource({ catalog }: Rooms, path: string, taken?: string): DriftSource {
	return { kind: 'file', path, dataset: claimOfFile(catalog, path, taken) };
}

/** What a look at the live traffic of a deployment compares: both arms since `since`, against the rows of the version. */
export function liveInput(rooms: Rooms, name: string, state: DeploymentState, since: number): DriftInput {
	return {
		reference:
			state.drift.reference === 'training'
				? trainingOf(rooms, rooms.catalog.models.version(state.model, state.version))
				: fileSource(rooms, state.drift.reference),
		current: { kind: 'live', requests: gatewayPaths(rooms.root).requests, deployment: name, since },
		columns: state.drift.columns ?? null,
		exclude: [],
		time: null,
		judged: { target: null, targetAsked: false, prediction: null, task: null, model: null },
		profile: judgedByOf(state.drift),
		test: null,
		tests: state.drift.tests ?? null,
		threshold: shareThreshold(state.drift),
		project: state.project,
		deployment: name,
		outputs: { html: null, markdown: null, junit: null },
		reading: {},
		dist: rooms.dist,
	};
}

/** The columns that a project's model takes, where files of raw rows are compared and perch.yaml names them. */
function modelColumns(project: Project | null, reference: DriftSource): string[] | null {
	return reference.kind === 'training' ? null : (project?.data.columns ?? null);
}

/** The columns of a project that order, part or label its rows. */
function apart(project: Project | null): string[] {
	if (project === null) return [];
	const { target, time, key, exclude } = project.data;
	return [...exclude, target, time, key].filter((name) => typeof name === 'string');
}

/** Labels and predictions: those asked for, else the target and the production version of the project. */
async function judgedOf(
	{ catalog }: Rooms,
	{ target, prediction, task, model }: ParsedParams<'drift'>,
	project: Project | null,
): Promise<DriftInput['judged']> {
	if (model !== undefined && prediction !== undefined) {
		throw new PerchError('invalid_arguments', 'Predictions come from a model or from a column, not from both.', {
			field: 'prediction',
			hint: 'Leave out one of them.',
		});
	}
	const columns = {
		target: target ?? project?.data.target ?? null,
		targetAsked: target !== undefined,
		prediction: prediction ?? null,
		task: task ?? null,
	};
	if (prediction !== undefined) return { ...columns, model: null };
	if (model !== undefined) {
		const { file, name, version } = await modelFileOf(catalog, model);
		return { ...columns, model: { file, name: version === 0 ? name : `${name} version ${version}`, asked: true } };
	}
	const registered = project?.register?.as;
	const production = registered === undefined ? undefined : productionOf(catalog, registered);
	if (production === undefined) return { ...columns, model: null };
	const file = catalog.artifacts.pathOf(production.sha256, trainFiles.model);
	return { ...columns, model: { file, name: `${production.name} version ${production.version}`, asked: false } };
}

function productionOf({ models }: Catalog, name: string): ModelVersion | undefined {
	return models
		.list()
		.find((model) => model.name === name)
		?.versions.find(({ aliases }) => aliases.includes('production'));
}

type Deployed = ReturnType<Deployments['findIfAny']>;

function currentOf(
	rooms: Rooms,
	{ current }: ParsedParams<'drift'>,
	project: Project | null,
	deployed: Deployed,
): DriftSource {
	if (current !== undefined) return fileSource(rooms, current);
	if (deployed !== null) {
		const { name, state } = deployed;
		return {
			kind: 'live',
			requests: gatewayPaths(rooms.root).requests,
			deployment: name,
			since: state.canary?.started_at ?? 0,
		};
	}
	if (project?.data.current !== undefined) {
		return { kind: 'file', path: project.data.current, dataset: claimOfProject(rooms.catalog, project, 'current') };
	}
	throw new PerchError('invalid_arguments', 'There is nothing to hold against the reference.', {
		field: 'current',
		hint: 'Name a file with --current, set data.current in perch.yaml, or serve the project to look at its live traffic.',
	});
}

function referenceOf(
	rooms: Rooms,
	{ reference }: ParsedParams<'drift'>,
	project: Project | null,
	deployed: Deployed,
	current: DriftSource,
): DriftSource {
	const taken = 'dataset' in current ? current.dataset : null;
	const beside = (path: string): DriftSource =>
		current.kind === 'file' && current.path === path ? current : fileSource(rooms, path, taken?.name);
	if (reference !== undefined && reference !== 'training') return beside(reference);
	const asked = reference ?? project?.drift?.reference ?? 'training';
	if (asked !== 'training') return beside(asked);
	if (current.kind !== 'live' && reference === undefined && project !== null)
		return {
			kind: 'source',
			source: project.data.source,
			dataset: claimOfProject(rooms.catalog, project, 'source'),
		};
	if (deployed !== null)
		return trainingOf(rooms, rooms.catalog.models.version(deployed.state.model, deployed.state.version));
	const model = project?.register?.as;
	if (model === undefined) {
		throw new PerchError('invalid_arguments', 'Whose training data is meant is not clear.', {
			field: 'reference',
			hint: 'Name a file with --reference, or a project with --config.',
		});
	}
	return trainingOf(rooms, rooms.catalog.models.resolve(`${model}@production`));
}

/** The rows that a version was trained on, as the model saw them. */
export function trainingOf({ catalog }: Rooms, version: ModelVersion): DriftSource & { kind: 'training' } {
	const artifacts = version.run_id === null ? [] : catalog.runs.show(version.run_id).artifacts;
	const rows = artifacts.find(({ path }) => path === trainFiles.reference);
	if (rows === undefined) {
		throw new PerchError(
			'not_found',
			`${version.name} version ${version.version} keeps no training rows: it was imported.`,
			{
				hint: 'Name a file as the reference: drift: {reference: data/train.csv}.',
			},
		);
	}
	return {
		kind: 'training',
		file: catalog.artifacts.pathOf(rows.sha256, trainFiles.reference),
		model: catalog.artifacts.pathOf(version.sha256, trainFiles.model),
		name: 'training',
		dataset: version.dataset === null ? null : versionOf(version.dataset),
	};
}
