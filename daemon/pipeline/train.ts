import { dirname, join } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import type { Project } from '../project/loadProject.ts';
import { modelName } from '../project/modelName.ts';
import { PerchError, toPerchError } from '../protocol/errors.ts';
import type { ParsedParams, Result } from '../protocol/methods.ts';
import { parse } from '../protocol/parse.ts';
import type { Comparison } from '../protocol/project/comparison.ts';
import { type DataSection, dataSection } from '../protocol/project/data.ts';
import { modelSection } from '../protocol/project/model.ts';
import { readingOf } from '../protocol/reading.ts';
import { type Run, runLogLine } from '../protocol/runs.ts';
import { askedParams } from './askedParams.ts';
import { requireChecks } from './checks.ts';
import { commitOf } from './commit.ts';
import type { Request } from './daemon.ts';
import { claimOfFile, claimOfProject } from './datasets.ts';
import type { Deployments } from './deployments.ts';
import { inFile } from './inFile.ts';
import { trainFiles } from './jobFiles.ts';
import { mainMetricOf } from './mainMetric.ts';
import { projectReading } from './projectReading.ts';
import { projectOf } from './projects.ts';
import { jobOptions, located, type Rooms } from './rooms.ts';
import { keepTuning, tuningKey } from './tuning.ts';
import { comparisonMetrics, describeValidation, validateVersion, validationTag } from './validateVersion.ts';
import type { TrainInput, TrainOutcome } from './work/train.ts';

/** What a training told, a JSON object a line. */
const logFile = 'training.log';

interface Plan {
	experiment: string;
	source: string;
	folder: string;
	input: Omit<TrainInput, 'production' | 'earlier' | 'code'>;
	register: { as: string; alias: string } | null;
	validate: Comparison[];
	project: Project | null;
}

/** Checks the data, trains in a job, then keeps run, artifacts, version and alias in one transaction. */
export async function train(
	rooms: Rooms,
	deployments: Deployments,
	atWork: RunsAtWork,
	params: ParsedParams<'train'>,
	call: Request,
): Promise<Result<'train'>> {
	const { catalog, jobs } = rooms;
	const plan = planOf(rooms, params);
	const { project } = plan;
	const commit = await commitOf(plan.folder);
	const code = { perch: rooms.version, commit };
	const input = { ...plan.input, code, production: await productionOf(catalog, plan) };
	const doubts = await requireChecks(rooms, project, input.reading, call);
	const fresh = {
		...{ experiment: plan.experiment, source: plan.source, commit },
		params: askedParams(input.model, input.data),
	};
	const { tune } = input.model;
	const tuning =
		tune === undefined ? null : keepTuning(catalog, keyOf(plan, rooms.version), tune, fresh, () => call.author());
	const single = tuning === null ? catalog.runs.create(fresh, call.author()) : null;
	const runOf = () => (single ?? tuning?.run()) as Run;
	const abort = new AbortController();
	const signal = AbortSignal.any([call.signal, abort.signal]);
	const working = { isRun: (id: string) => runOf().id === id, cancel: () => abort.abort() };
	atWork.add(working);
	const running = rooms.running.begin(() => (single ?? tuning?.run() ?? null)?.id ?? null, { ...call, signal });
	try {
		const title = `${tune === undefined ? 'Training' : 'Tuning'} ${plan.register?.as ?? plan.experiment}`;
		const options = { ...jobOptions(title, running.call), onTold: tuning?.take };
		const job: TrainInput = { ...input, earlier: tuning?.earlier ?? null };
		const kept = await jobs.run<TrainOutcome, Kept>('train', job, options, async (outcome, dir) => ({
			outcome: { ...outcome, warnings: [...doubts, ...outcome.warnings] },
			model: await catalog.artifacts.adopt(join(dir, trainFiles.model)),
			reference: await catalog.artifacts.adopt(join(dir, trainFiles.reference)),
			log: await catalog.artifacts.put(running.log(), logFile),
			explanations: await catalog.artifacts.adopt(join(dir, trainFiles.explanations)),
			files: await adoptFiles(catalog, outcome.files),
		}));
		const { version, alias, validation } = catalog.transaction(() => keep(rooms, plan, runOf().id, kept, call));
		const refused =
			version === null || alias === null ? [] : await deployments.follow(version.name, alias, call.author());
		return {
			run: catalog.runs.get(runOf().id),
			version: version === null ? null : catalog.models.version(version.name, version.version),
			model: kept.model.path,
			warnings: [...kept.outcome.warnings, ...refused],
			quarantined: kept.outcome.quarantined,
			validation,
		};
	} catch (error) {
		const { source, test } = input.data;
		const known = inData(located(error, project), source, test);
		tuning?.stop();
		const { id, status } = catalog.runs.get(runOf().id);
		if (status === 'RUNNING') {
			catalog.runs.logArtifact(id, logFile, await catalog.artifacts.put(running.log(), logFile));
			catalog.runs.end(id, known.code === 'cancelled' ? 'KILLED' : 'FAILED', call.author(known.message));
		}
		throw known;
	} finally {
		running.end();
		atWork.delete(working);
	}
}

/** The trainings under way, to be cancelled by anybody. */
export type RunsAtWork = Set<{ isRun(id: string): boolean; cancel(): void }>;

/** What a training has told: of one at work from memory, else as it was kept; nothing of a run that kept none. */
export async function readLog({ catalog, running }: Rooms, id: string): Promise<Result<'runs/log'>> {
	const live = running.of(id);
	if (live !== null) return { lines: [...live.lines], progress: live.progress, figures: [...live.figures] };
	const kept = catalog.runs.show(id).artifacts.find(({ path }) => path === logFile);
	if (kept === undefined) return { lines: [], progress: null, figures: [] };
	const text = (await catalog.artifacts.read(kept.sha256, logFile)).toString('utf8');
	const lines = text.split('\n').filter((line) => line !== '');
	return {
		lines: lines.map((line) => parse(runLogLine, JSON.parse(line), 'corrupt_artifact')),
		progress: null,
		figures: [],
	};
}

/** What a tuning is known by: all that its trials depend on, but for what the data hold. */
function keyOf({ input, experiment }: Plan, version: string): string {
	const { data, reading, prepare, model, split } = input;
	return tuningKey({ experiment, data, reading, prepare, model, split, version });
}

/** The file of the version in production, where a rule compares with it. */
async function productionOf(
	{ models, artifacts }: Catalog,
	{ register, validate }: Plan,
): Promise<TrainInput['production']> {
	const metrics = validate.filter((rule) => rule.not_worse_than !== undefined).map(({ metric }) => metric);
	const production = register === null || metrics.length === 0 ? null : models.behind(register.as, 'production');
	if (production === null) return null;
	return { file: await artifacts.verified(production.sha256, trainFiles.model), version: production.version, metrics };
}

/** An error of what the data hold, with their file, where perch.yaml is not what is wrong. */
function inData(error: PerchError, source: DataSection['source'], test: string | undefined): PerchError {
	const file = error.detail.field === 'data.test' ? test : source;
	return typeof file === 'string' ? toPerchError(inFile(error, file)) : error;
}

interface Kept {
	outcome: TrainOutcome;
	model: { sha256: string; size: number; path: string };
	reference: { sha256: string; size: number; path: string };
	explanations: { sha256: string; size: number; path: string };
	log: { sha256: string; size: number };
	files: (readonly [name: string, file: { sha256: string; size: number }])[];
}

async function adoptFiles({ artifacts }: Catalog, files: TrainOutcome['files']): Promise<Kept['files']> {
	const kept: Kept['files'] = [];
	for (const [name, path] of Object.entries(files)) kept.push([name, await artifacts.adopt(path)]);
	return kept;
}

function planOf({ root, catalog, dist }: Rooms, params: ParsedParams<'train'>): Plan {
	if (params.data !== undefined) return planForFile({ catalog, dist }, params, params.data);
	const stray = (['model', 'name'] as const).find((field) => params[field] !== undefined);
	if (stray !== undefined) {
		throw new PerchError('invalid_arguments', `${stray} goes with a data file; here perch.yaml says it.`, {
			field: stray,
			hint: `Override it with --set ${stray === 'model' ? 'model.type' : 'register.as'}=..., or add --data FILE.`,
		});
	}
	const project = projectOf(root, params);
	const { data, prepare, model, split } = project;
	if (model === undefined) {
		throw new PerchError('invalid_config', `${project.file} has no model to train.`, {
			file: project.file,
			hint: 'Add model: {type: isolation_forest}; checks and drift need none.',
		});
	}
	const override = {
		...data,
		...(params.target !== undefined && { target: params.target }),
		...(params.test !== undefined && { test: params.test }),
	};
	return {
		experiment: project.name,
		source: project.file,
		folder: dirname(project.file),
		input: {
			data: override,
			reading: projectReading(project, params),
			prepare,
			model: { ...model, params: { ...model.params, ...params.params } },
			split,
			dist,
			datasets: {
				training: claimOfProject(catalog, project, 'source'),
				test: claimOfProject(catalog, project, 'test'),
			},
		},
		register: project.register ?? null,
		validate: project.validate,
		project,
	};
}

function planForFile(
	{ catalog, dist }: Pick<Rooms, 'catalog' | 'dist'>,
	params: ParsedParams<'train'>,
	file: string,
): Plan {
	if (params.model === undefined) {
		throw new PerchError('invalid_arguments', 'A data file alone does not say which model to train.', {
			field: 'model',
			hint: 'Add --model isolation_forest.',
		});
	}
	const name = params.name ?? modelName(file);
	const training = claimOfFile(catalog, file);
	return {
		experiment: name,
		source: file,
		folder: dirname(file),
		input: {
			data: parse(dataSection, {
				source: file,
				...(params.target !== undefined && { target: params.target }),
				...(params.test !== undefined && { test: params.test }),
			}),
			reading: readingOf(params),
			prepare: [],
			model: parse(modelSection, { type: params.model, params: params.params }),
			split: undefined,
			dist,
			datasets: {
				training,
				test: params.test === undefined ? training : claimOfFile(catalog, params.test, training.name),
			},
		},
		register: { as: name, alias: 'candidate' },
		validate: [],
		project: null,
	};
}

/** Everything that a training leaves in the catalog; called inside a transaction. */
function keep(
	{ catalog }: Rooms,
	plan: Plan,
	id: string,
	{ outcome, model, reference, explanations, log, files }: Kept,
	call: Request,
) {
	const author = call.author();
	const { runs, models } = catalog;
	runs.replaceParams(id, outcome.params);
	const now = Date.now();
	runs.logMetrics(
		id,
		Object.entries(outcome.history).flatMap(([key, points]) =>
			points.map((point) => ({ key, timestamp: now, ...point })),
		),
	);
	const last = Math.max(0, ...Object.values(outcome.history).flatMap((points) => points.map(({ step }) => step)));
	runs.logMetrics(
		id,
		Object.entries({ ...outcome.metrics, ...comparisonMetrics(outcome.compared) }).map(([key, value]) => ({
			key,
			value,
			step: key in outcome.history ? last : 0,
			// Of two values of a step the later one is that of the run, and of two of a millisecond the greater one.
			timestamp: now + 1,
		})),
	);
	runs.setEnvironment(id, outcome.environment);
	runs.setWarnings(id, outcome.warnings);
	for (const [context, { version: known, found }] of Object.entries(outcome.datasets)) {
		runs.useDataset(id, found ?? known, author, context);
	}
	runs.logArtifact(id, trainFiles.model, model);
	runs.logArtifact(id, trainFiles.reference, reference);
	runs.logArtifact(id, trainFiles.explanations, explanations);
	runs.logArtifact(id, logFile, log);
	for (const [name, file] of files) runs.logArtifact(id, name, file);
	runs.end(id, 'FINISHED', author);

	const production = plan.register === null ? null : models.behind(plan.register.as, 'production');
	const validation = validateVersion(plan.validate, outcome.metrics, production, outcome.compared);
	if (validation.length > 0) runs.setTags(id, { [validationTag]: validation.map(describeValidation).join('\n') });
	if (plan.register === null) return { version: null, alias: null, validation };
	const { as: name } = plan.register;
	const valid = validation.every(({ passed }) => passed);
	const version = models.createVersion(
		{
			name,
			sha256: model.sha256,
			size: model.size,
			task: outcome.description.task,
			origin: 'training',
			runId: id,
			source: `runs:/${id}/${trainFiles.model}`,
			mainMetric: mainMetricOf(outcome.metrics),
			status: valid ? 'ready' : 'failed',
		},
		author,
	);
	const alias = !valid ? null : production === null ? 'production' : plan.register.alias;
	if (alias !== null) models.setAlias(name, alias, version.version, author);
	return { version, alias, validation };
}
