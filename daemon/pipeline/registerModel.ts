/** Versions of models that no training of the same project registers: files made elsewhere, and what a run left. */
import { basename, join } from 'node:path';
import type { Artifact } from '../catalog/artifacts.ts';
import type { NewVersion } from '../catalog/models.ts';
import { PerchError } from '../protocol/errors.ts';
import type { ParsedParams, Result } from '../protocol/methods.ts';
import type { ModelVersion } from '../protocol/models.ts';
import type { Request } from './daemon.ts';
import type { Deployments } from './deployments.ts';
import { importFiles, trainFiles } from './jobFiles.ts';
import { mainMetricOf } from './mainMetric.ts';
import { jobOptions, type Rooms } from './rooms.ts';
import { servability } from './trial.ts';
import { validationHeld } from './validateVersion.ts';
import type { ImportInput } from './work/importModel.ts';

/**
 * Registers a graph that was made elsewhere: one job checks what the file says, another loads and tries it. A file that is
 * sound and cannot be served is kept as a failed version, with the reason in its description.
 */
export async function importModel(
	rooms: Rooms,
	deployments: Deployments,
	params: ParsedParams<'models/import'>,
	call: Request,
): Promise<Result<'models/import'>> {
	const { catalog, jobs } = rooms;
	const work: ImportInput = { file: params.file };
	const options = jobOptions(`Importing ${basename(params.file)}`, call);
	const { sha256, size, path } = await jobs.run<void, Artifact>('import', work, options, (_, dir) =>
		catalog.artifacts.adopt(join(dir, importFiles.model)),
	);
	const { task, unservable } = await servability(rooms, { file: path, name: basename(params.file) }, call);
	const described = [params.description, unservable && `Cannot be served: ${unservable}`].filter(Boolean).join('\n');
	const version = await addVersion(
		rooms,
		deployments,
		{
			...{ name: params.name, sha256, size, task, origin: 'import', source: params.file, description: described },
			status: unservable === null ? 'ready' : 'failed',
		},
		params.alias,
		call,
	);
	return { version, unservable };
}

/** Registers the model that a run left, once it was loaded and tried; one whose `validate:` did not hold is kept as failed. */
export async function registerRun(
	rooms: Rooms,
	deployments: Deployments,
	{ run: asked, name, alias, description }: ParsedParams<'models/register'>,
	call: Request,
): Promise<Result<'models/register'>> {
	const { runs, artifacts, models } = rooms.catalog;
	const { run, artifacts: kept } = runs.show(asked);
	const file = kept.find(({ path }) => path === trainFiles.model);
	if (file === undefined) {
		throw new PerchError('not_found', `The run ${run.name} left no model: it is ${run.status}.`, {
			hint: 'Only a training that came to its end leaves one.',
		});
	}
	if (run.model !== null && models.version(run.model.name, run.model.version).name === name) {
		throw new PerchError('already_exists', `${name} version ${run.model.version} was made by the run ${run.name}.`, {
			hint: `Give it an alias: perch models promote ${name}/${run.model.version}.`,
		});
	}
	const path = await artifacts.verified(file.sha256, trainFiles.model);
	const { task, unservable } = await servability(rooms, { file: path, name: run.name }, call);
	if (unservable !== null)
		throw new PerchError('invalid_model', `The model of ${run.name} cannot be served. ${unservable}`);
	const version = await addVersion(
		rooms,
		deployments,
		{
			...{ name, sha256: file.sha256, size: file.size, task, origin: 'training', runId: run.id, description },
			source: `runs:/${run.id}/${trainFiles.model}`,
			mainMetric: mainMetricOf(run.metrics),
			status: validationHeld(run.tags) ? 'ready' : 'failed',
		},
		alias,
		call,
	);
	return { version };
}

/** The first version that is ready becomes production, unless it is told what to become. */
async function addVersion(
	{ catalog }: Rooms,
	deployments: Deployments,
	added: NewVersion,
	wanted: string | undefined,
	call: Request,
): Promise<ModelVersion> {
	const { models } = catalog;
	const author = call.author();
	const { made, alias } = catalog.transaction(() => {
		const created = models.createVersion(added, author);
		const isFirst = models.behind(added.name, 'production') === null;
		const given = created.status !== 'ready' ? null : (wanted ?? (isFirst ? 'production' : null));
		if (given !== null) models.setAlias(added.name, given, created.version, author);
		return { made: created, alias: given };
	});
	if (alias !== null) await deployments.follow(added.name, alias, author);
	return models.version(made.name, made.version);
}
