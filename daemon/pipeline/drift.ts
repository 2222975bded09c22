/** Drift of files and of live traffic: the job is started, and its report kept. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Author, Catalog } from '../catalog/catalog.ts';
import { summarizeReport } from '../drift/report/summarizeReport.ts';
import type { Project } from '../project/loadProject.ts';
import type { DriftReport } from '../protocol/drift.ts';
import { isFileReference } from '../protocol/driftReference.ts';
import { PerchError } from '../protocol/errors.ts';
import type { Importance } from '../protocol/explanations.ts';
import type { ParsedParams, Result } from '../protocol/methods.ts';
import type { ModelVersion } from '../protocol/models.ts';
import { driftSection, judgedByOf, shareThreshold } from '../protocol/project/drift.ts';
import '../protocol/schema.ts';
import { gatewayPaths } from '../serve/control.ts';
import { keepLastDrift } from '../serve/lastDrift.ts';
import type { Request } from './daemon.ts';
import { recordFound } from './datasets.ts';
import type { DeploymentState } from './deploymentState.ts';
import type { Deployments } from './deployments.ts';
import { explanationsOf } from './explanations.ts';
import { driftFiles, trainFiles } from './jobFiles.ts';
import { modelFileOf } from './modelFile.ts';
import { recordRun, replacedBy, reportArtifacts } from './monitoring.ts';
import { projectReading } from './projectReading.ts';
import { projectIfAny } from './projects.ts';
import { liveSides, sidesOf } from './references.ts';
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
		(outcome, jobFolder) => keep(rooms, outcome, jobFolder, input.look, call.author()),
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
	{ catalog, folder, root }: Rooms,
	{ report: made, datasets }: DriftOutcome,
	jobFolder: string,
	look: boolean,
	author: Author,
): Promise<{ report: DriftReport; html: string } | null> {
	if (!recordFound(catalog, Object.values(datasets), author)) return null;
	const reports = join(folder, 'reports');
	await mkdir(reports, { recursive: true });
	const html = join(reports, `${made.id}.html`);
	const json = join(reports, `${made.id}.json`);
	const replaced = look ? replacedBy(catalog, made) : null;
	const files = replaced === null ? await reportArtifacts(catalog.artifacts, made, jobFolder) : {};
	await rename(join(jobFolder, driftFiles.html), html);
	await rename(join(jobFolder, driftFiles.json), json);
	catalog.transaction(() => {
		const { reference, current } = made;
		const summary = { ...summarizeReport(made), html, json, look };
		const run = replaced === null ? recordRun(catalog, made, summary, files, author) : (replaced.run ?? null);
		if (replaced !== null) catalog.reports.remove(replaced.id);
		catalog.reports.keep({ ...summary, run }, author, {
			...(reference.dataset !== undefined && { reference: reference.dataset }),
			...(current.dataset !== undefined && { current: current.dataset }),
		});
		catalog.driftHistory.keep(made);
	});
	if (made.deployment !== null) {
		keepLastDrift(gatewayPaths(root).drift, made.deployment, made);
	}
	if (replaced !== null) await Promise.all([replaced.html, replaced.json].map((path) => rm(path, { force: true })));
	return { report: made, html };
}

/**
 * `perch drift`: two files, a file against training rows, or the live traffic of a project. `flush` has the gateway write what
 * it has logged, where that is read.
 */
export async function drift(
	rooms: Rooms,
	deployments: Deployments,
	params: ParsedParams<'drift'>,
	flush: () => Promise<void>,
	call: Request,
): Promise<Result<'drift'>> {
	const files = params.reference !== undefined && isFileReference(params.reference) && params.current !== undefined;
	const project = files && params.config === undefined ? null : projectIfAny(rooms.root, params);
	const section = project?.drift ?? z.parse(driftSection, {});
	const own = judgedByOf(section);
	const profile = params.method ?? params.profile ?? own;
	const deployed = project === null ? null : deployments.findIfAny(project.name);
	const sides = sidesOf(rooms, params, project, deployed);
	const { reference, current } = sides;
	if (reference.kind === 'live' || current.kind === 'live') await flush();
	const input: DriftInput = {
		...sides,
		chunks: params.chunks ?? section.chunks ?? null,
		time: params.time ?? project?.data.time ?? null,
		columns: params.columns ?? section.columns ?? modelColumns(project, reference),
		exclude: [...apart(project), ...(params.time === undefined ? [] : [params.time])],
		judged: await judgedOf(rooms, params, project),
		profile,
		test: params.test ?? null,
		tests: profile === own ? (section.tests ?? null) : null,
		threshold: shareThreshold({ ...section, method: profile === 'mean' ? profile : undefined }),
		...(project !== null && { rules: rowRules(project.data, project.prepare) }),
		project: project?.name ?? null,
		deployment: current.kind === 'live' ? current.deployment : null,
		look: false,
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

/** What a look at the live traffic of a deployment compares: both arms since `since`, against the rows of the version. */
export function liveInput(rooms: Rooms, name: string, state: DeploymentState, since: number): DriftInput {
	return {
		...liveSides(rooms, name, state, since),
		chunks: null,
		time: null,
		columns: state.drift.columns ?? null,
		exclude: [],
		judged: { target: null, targetAsked: false, prediction: null, task: null, model: null },
		profile: judgedByOf(state.drift),
		test: null,
		tests: state.drift.tests ?? null,
		threshold: shareThreshold(state.drift),
		project: state.project,
		deployment: name,
		look: false,
		outputs: { html: null, markdown: null, junit: null },
		reading: state.reading ?? {},
		dist: rooms.dist,
	};
}

/** The columns that a project's model takes, where files of raw rows are compared and perch.yaml names them. */
function modelColumns(project: Project | null, reference: DriftSource): string[] | null {
	return reference.kind === 'training' || reference.kind === 'live' ? null : (project?.data.columns ?? null);
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
		if (version === 0) return { ...columns, model: { file, name, asked: true, importance: null } };
		const importance = await importanceOf(catalog, catalog.models.version(name, version));
		return { ...columns, model: { file, name: `${name} version ${version}`, asked: true, importance } };
	}
	const registered = project?.register?.as;
	const production = registered === undefined ? undefined : productionOf(catalog, registered);
	if (production === undefined) return { ...columns, model: null };
	const file = catalog.artifacts.pathOf(production.sha256, trainFiles.model);
	const importance = await importanceOf(catalog, production);
	return {
		...columns,
		model: { file, name: `${production.name} version ${production.version}`, asked: false, importance },
	};
}

/** How much a version needs its columns, where its training told. */
async function importanceOf(catalog: Catalog, { run_id: run }: ModelVersion): Promise<Importance | null> {
	return run === null ? null : ((await explanationsOf(catalog, catalog.runs.show(run)))?.importance ?? null);
}

function productionOf({ models }: Catalog, name: string): ModelVersion | undefined {
	return models
		.list()
		.find((model) => model.name === name)
		?.versions.find(({ aliases }) => aliases.includes('production'));
}
