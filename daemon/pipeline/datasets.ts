/** Names and versions of what pipelines read, and answers about them. */
import type { Author, Catalog } from '../catalog/catalog.ts';
import type { Project } from '../project/loadProject.ts';
import { PerchError } from '../protocol/errors.ts';
import type { ParsedParams, Result } from '../protocol/methods.ts';
import { readingOf } from '../protocol/reading.ts';
import type { DatasetVersion } from '../protocol/runs.ts';
import type { Request } from './daemon.ts';
import { jobOptions, type Rooms } from './rooms.ts';
import type { DatasetClaim, Identity } from './work/identify.ts';

/** What a project's data are in its name. */
type Role = 'source' | 'test' | 'current';

/** The data of a project go by its name, those that are not trained on with what they are for. */
export function claimOfProject({ datasets }: Catalog, { name }: Pick<Project, 'name'>, role: Role): DatasetClaim {
	const called = role === 'source' ? name : `${name}-${role}`;
	return { name: called, plain: false, versions: datasets.of(called), last: null };
}

/** A file that was named by itself goes by its own name, which no other file has; `taken` is that of one beside it. */
export function claimOfFile({ datasets }: Catalog, path: string, taken?: string): DatasetClaim {
	const name = datasets.nameFor(path, taken);
	const last = datasets.lastFrom(path);
	const known = last === null ? null : { version: versionOf(last), files: last.files };
	return { name, plain: true, versions: datasets.of(name), last: known };
}

/**
 * Records what a job found. False, and nothing is recorded, where a version that the job called the next one has other
 * content by now.
 */
export function recordFound(
	{ datasets, transaction }: Catalog,
	identities: (Identity | null)[],
	author: Author,
): boolean {
	const outdated = identities.some((identity) => {
		if (identity === null) return false;
		const { name, version, digest } = identity.version;
		return (datasets.at(name, version)?.digest ?? digest) !== digest;
	});
	if (outdated) return false;
	transaction(() => {
		for (const identity of identities) if (identity?.found) datasets.record(identity.found, author);
	});
	return true;
}

export function versionOf({ name, version, digest }: DatasetVersion): DatasetVersion {
	return { name, version, digest };
}

/** `perch datasets show`: a version as it was kept, or a file as it stands. */
export async function showDataset(
	{ catalog, jobs }: Rooms,
	{ file, dataset: ref, rows, ...params }: ParsedParams<'datasets/show'>,
	call: Request,
): Promise<Result<'datasets/show'>> {
	if (ref !== undefined && file === undefined) return keptDataset(catalog, ref);
	if (file !== undefined && ref === undefined) {
		return await jobs.run(
			'describe',
			{ file, rows, reading: readingOf(params) },
			{ ...jobOptions('Describing the data', call), short: true },
			(made: Described) => ({
				...made,
				...{ dataset: null, details: [], models: [] },
			}),
		);
	}
	throw new PerchError('invalid_arguments', 'Either a file or a dataset is to be shown.', { field: 'file' });
}

type Described = Omit<Result<'datasets/show'>, 'dataset' | 'details' | 'models'>;

function keptDataset({ datasets }: Catalog, ref: string): Result<'datasets/show'> {
	const kept = datasets.find(ref);
	const dataset = datasets.describe(kept);
	const { source, rows, columns } = kept;
	const describe = columns.flatMap(({ name, nulls, mean, std, min, max }) =>
		nulls === null || typeof min !== 'number' || typeof max !== 'number'
			? []
			: [{ column: name, count: rows - nulls, mean, std, min, median: null, max }],
	);
	const models = datasets.models(kept);
	return {
		file: source,
		rows,
		columns: dataset.columns,
		quarantined: [],
		head: [],
		describe,
		dataset,
		details: columns,
		models,
	};
}
