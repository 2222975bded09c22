/** What a request to serve means: a project with its sections, or a model with the defaults. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as z from 'zod/mini';
import { checkGuards } from '../canary/guards.ts';
import type { Artifact } from '../catalog/artifacts.ts';
import { PerchError } from '../protocol/errors.ts';
import type { ParsedParams } from '../protocol/methods.ts';
import { driftSection } from '../protocol/project/drift.ts';
import { serveSection } from '../protocol/project/serve.ts';
import '../protocol/schema.ts';
import type { Request } from './daemon.ts';
import type { DeploymentState } from './deploymentState.ts';
import { trainFiles } from './jobFiles.ts';
import { modelFileOf } from './modelFile.ts';
import { projectReading } from './projectReading.ts';
import { projectOf } from './projects.ts';
import { located, type Rooms } from './rooms.ts';
import { tryFile } from './trial.ts';

export interface ServePlan {
	name: string;
	/** As if nothing of this name had been deployed before. */
	state: DeploymentState;
}

/**
 * What to deploy, and under which name; the model's file is verified, and one outside the registry is copied and tried in a
 * job first.
 */
export async function planServing(rooms: Rooms, params: ParsedParams<'serve'>, call: Request): Promise<ServePlan> {
	const { name, model, port, auth } = params;
	const asked = { ...(port !== undefined && { port }), ...(auth !== undefined && { auth }) };
	const fresh = {
		...{ port: 0, started_at: Date.now(), requests: 0, errors: 0 },
		...{ canary: null, position: null, last_drift: null },
	};
	if (model === undefined) return planProject(rooms, params, { ...fresh, asked });
	const { file, name: served, version } = await modelFileOf(rooms.catalog, model);
	const alias = /@(.+)$/.exec(model)?.[1] ?? null;
	const copy = version === 0 ? await copyFile(rooms, file, call) : null;
	return {
		name: name ?? served,
		state: {
			...fresh,
			...{ project: null, config: null, model: served, version, key: null, canary_share: null, guard: [] },
			follows: version === 0 || alias === 'latest' ? null : alias,
			file: copy,
			serve: z.parse(serveSection, asked),
			drift: z.parse(driftSection, {}),
		},
	};
}

async function copyFile(rooms: Rooms, file: string, call: Request): Promise<Artifact> {
	const copy = await rooms.catalog.artifacts.put(await readFile(file), trainFiles.model);
	await tryFile(rooms, { file: copy.path, name: basename(file) }, call);
	return copy;
}

type Fresh = Pick<
	DeploymentState,
	'port' | 'started_at' | 'requests' | 'errors' | 'canary' | 'position' | 'last_drift'
> & { asked: { port?: number; auth?: 'token' | 'none' } };

async function planProject(
	{ root, catalog }: Rooms,
	params: ParsedParams<'serve'>,
	{ asked, ...fresh }: Fresh,
): Promise<ServePlan> {
	const project = projectOf(root, params);
	if (project.register === undefined) {
		throw new PerchError('invalid_config', `${basename(project.file)} registers no model to serve.`, {
			file: project.file,
			field: 'register',
			hint: 'Add register: {as: NAME}.',
		});
	}
	const guard = project.canary?.guard ?? [];
	try {
		checkGuards(guard);
	} catch (error) {
		throw located(error, project);
	}
	const { name: model, version, sha256 } = catalog.models.resolveReady(`${project.register.as}@production`);
	await catalog.artifacts.verified(sha256, trainFiles.model);
	return {
		name: params.name ?? project.name,
		state: {
			...fresh,
			...{ project: project.name, config: project.file, model, version, follows: 'production', file: null, guard },
			serve: { ...z.parse(serveSection, project.serve ?? {}), ...asked },
			key: project.canary?.key ?? project.data.key ?? null,
			canary_share: project.canary?.steps[0]?.share ?? null,
			drift: z.parse(driftSection, project.drift ?? {}),
			reading: projectReading(project, {}),
		},
	};
}
