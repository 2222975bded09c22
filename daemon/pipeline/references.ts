/** Which rows a drift report compares, and why it is these. */
import type { Project } from '../project/loadProject.ts';
import { type NamedReference, readReference, type SeasonKind } from '../protocol/driftReference.ts';
import { PerchError } from '../protocol/errors.ts';
import type { ParsedParams } from '../protocol/methods.ts';
import type { ModelVersion } from '../protocol/models.ts';
import { gatewayPaths } from '../serve/control.ts';
import { claimOfFile, claimOfProject, versionOf } from './datasets.ts';
import type { DeploymentState } from './deploymentState.ts';
import type { Deployments } from './deployments.ts';
import { trainFiles } from './jobFiles.ts';
import type { Rooms } from './rooms.ts';
import type { DriftInput, DriftSource } from './work/drift.ts';

/** Both sides of a report. */
export type Sides = Pick<DriftInput, 'reference' | 'current' | 'season' | 'why'>;

type Deployed = ReturnType<Deployments['findIfAny']>;
type Live = DriftSource & { kind: 'live' };

const day = 86_400_000;
/** How far back `same_hours` looks into logged traffic. */
const weeksOfHours = 4;

/** What the call asks for, else the project, else what suits the current data. */
export function sidesOf(
	rooms: Rooms,
	params: ParsedParams<'drift'>,
	project: Project | null,
	deployed: Deployed,
): Sides {
	const named = params.reference ?? project?.drift?.reference ?? 'training';
	const field = params.reference === undefined ? 'drift.reference' : 'reference';
	const asked = readReference(named, field);
	const { current, why } = currentOf(rooms, params, project, deployed, asked);
	return against(rooms, asked, {
		...{ named, current, why, deployed, project, time: params.time },
		place: params.reference === undefined ? ownPlace : 'named in the call',
		training: () => trainingSide(rooms, params, project, deployed, current),
	});
}

/** What a look at the live traffic of a deployment compares: both arms since `since`, against the rows of the version or what perch.yaml names. */
export function liveSides(rooms: Rooms, name: string, state: DeploymentState, since: number): Sides {
	const named = state.drift.reference;
	const deployed = { name, state };
	return against(rooms, readReference(named, 'drift.reference'), {
		...{ named, current: liveSource(rooms, deployed, since), why: null, deployed, project: null, place: ownPlace },
		training: () => {
			const version = rooms.catalog.models.version(state.model, state.version);
			const because = `training: what version ${version.version}, the baseline, was trained on.`;
			return { reference: trainingOf(rooms, version), because };
		},
	});
}

const ownPlace = 'named by drift.reference in perch.yaml';

/** What is known once the current data are. */
interface Chosen {
	/** The reference, as it was named. */
	named: string;
	/** Where that was. */
	place: string;
	current: DriftSource;
	/** Why it is these rows; null where that goes without saying. */
	why: string | null;
	deployed: Deployed;
	project: Project | null;
	/** The column of time, where the call names it. */
	time?: string | undefined;
	training: () => { reference: DriftSource; because: string };
}

function against(
	rooms: Rooms,
	asked: NamedReference,
	{ named, place, current, why, deployed, project, time, training }: Chosen,
): Sides {
	const sides = (reference: DriftSource, because: string): Sides => ({
		...{ reference, current, season: null },
		why: { reference: because, current: why },
	});
	switch (asked.kind) {
		case 'file': {
			const taken = 'dataset' in current ? current.dataset : null;
			const same = current.kind === 'file' && current.path === asked.path;
			return sides(same ? current : fileSource(rooms, asked.path, taken?.name), `The file ${place}.`);
		}
		case 'production': {
			if (deployed === null) throw notDeployed(named);
			const until = current.kind === 'live' ? current.since : Date.now();
			const reference = liveSource(rooms, deployed, until - asked.seconds * 1000, until);
			return sides(reference, `${named}: the logged traffic of that time, up to the beginning of the current data.`);
		}
		case 'training': {
			const { reference, because } = training();
			return sides(reference, because);
		}
		default:
			return {
				...seasonalSides(rooms, asked.kind, current, project, deployed, time),
				why: { reference: null, current: why },
			};
	}
}

function currentOf(
	rooms: Rooms,
	{ current }: ParsedParams<'drift'>,
	project: Project | null,
	deployed: Deployed,
	asked: NamedReference,
): { current: DriftSource; why: string | null } {
	if (current !== undefined) return { current: fileSource(rooms, current), why: null };
	if (deployed !== null) {
		const { canary } = deployed.state;
		if (canary !== null) return { current: liveSource(rooms, deployed, canary.started_at), why: null };
		const moving = asked.kind !== 'training' && asked.kind !== 'file';
		if (!moving) return { current: liveSource(rooms, deployed, 0), why: null };
		const why = 'The traffic of the last 24 hours, as the reference is what came before.';
		return { current: liveSource(rooms, deployed, Date.now() - day), why };
	}
	if (project?.data.current !== undefined) {
		const dataset = claimOfProject(rooms.catalog, project, 'current');
		return { current: { kind: 'file', path: project.data.current, dataset }, why: null };
	}
	throw new PerchError('invalid_arguments', 'There is nothing to hold against the reference.', {
		field: 'current',
		hint: 'Name a file with --current, set data.current in perch.yaml, or serve the project to look at its live traffic.',
	});
}

/** Files are held against the project's own data by its time, traffic against the traffic before it. */
function seasonalSides(
	rooms: Rooms,
	kind: SeasonKind,
	current: DriftSource,
	project: Project | null,
	deployed: Deployed,
	named?: string,
): Pick<Sides, 'reference' | 'current' | 'season'> {
	if (current.kind === 'live' && deployed !== null) {
		const since = kind === 'same_hours' ? Math.max(0, current.since - weeksOfHours * 7 * day) : 0;
		return { reference: liveSource(rooms, deployed, since, current.since), current, season: { kind, time: null } };
	}
	if (project === null) {
		throw new PerchError('invalid_arguments', `${kind} needs a project, whose data.source holds the earlier rows.`, {
			field: 'reference',
			hint: 'Name a project with --config.',
		});
	}
	const time = named ?? project.data.time ?? null;
	if (time === null) {
		throw new PerchError('invalid_arguments', `${kind} needs to know when rows happened.`, {
			field: 'data.time',
			hint: 'Name the column: data: {time: COLUMN}.',
		});
	}
	return { reference: sourceOf(rooms, project), current, season: { kind, time } };
}

function trainingSide(
	rooms: Rooms,
	{ reference }: ParsedParams<'drift'>,
	project: Project | null,
	deployed: Deployed,
	current: DriftSource,
): { reference: DriftSource; because: string } {
	const unmodelled = deployed === null && project?.register === undefined;
	if (current.kind !== 'live' && project !== null && (reference === undefined || unmodelled)) {
		return { reference: sourceOf(rooms, project), because: 'training: the data that the project trains on.' };
	}
	if (deployed !== null) {
		const { name, state } = deployed;
		const because = `training: what version ${state.version} was trained on, which ${name} serves.`;
		return { reference: trainingOf(rooms, rooms.catalog.models.version(state.model, state.version)), because };
	}
	const model = project?.register?.as;
	if (model === undefined) {
		throw new PerchError('invalid_arguments', 'Whose training data is meant is not clear.', {
			field: 'reference',
			hint: 'Name a file with --reference, or a project with --config.',
		});
	}
	const version = rooms.catalog.models.resolve(`${model}@production`);
	const because = `training: what version ${version.version} of ${model} was trained on, which is in production.`;
	return { reference: trainingOf(rooms, version), because };
}

function notDeployed(named: string): PerchError {
	return new PerchError('invalid_arguments', `${named} needs a deployment: there is no logged traffic.`, {
		field: 'drift.reference',
		hint: 'Serve the project first, or choose another reference.',
	});
}

function fileSource({ catalog }: Rooms, path: string, taken?: string): DriftSource {
	return { kind: 'file', path, dataset: claimOfFile(catalog, path, taken) };
}

function sourceOf({ catalog }: Rooms, project: Project): DriftSource {
	return { kind: 'source', source: project.data.source, dataset: claimOfProject(catalog, project, 'source') };
}

/** The logged traffic of a deployment from `since` to before `until`, with the model that says what its rows are. */
function liveSource(
	{ root, catalog }: Rooms,
	{ name, state }: Exclude<Deployed, null>,
	since: number,
	until: number | null = null,
): Live {
	const model = state.file?.path ?? modelPath({ catalog }, state);
	return { kind: 'live', requests: gatewayPaths(root).requests, deployment: name, since, until, model };
}

function modelPath({ catalog }: Pick<Rooms, 'catalog'>, { model, version }: DeploymentState): string {
	return catalog.artifacts.pathOf(catalog.models.version(model, version).sha256, trainFiles.model);
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
