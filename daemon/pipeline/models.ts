import { basename } from 'node:path';
import { PerchError } from '../protocol/errors.ts';
import type { ParsedParams, Result } from '../protocol/methods.ts';
import { readingOf } from '../protocol/reading.ts';
import type { Request } from './daemon.ts';
import type { Deployments } from './deployments.ts';
import { explanationsOf } from './explanations.ts';
import { trainFiles } from './jobFiles.ts';
import { modelFileOf } from './modelFile.ts';
import { jobOptions, type Rooms } from './rooms.ts';
import type { CardInput } from './work/card.ts';
import type { ExplainInput } from './work/explainRows.ts';
import type { PredictInput } from './work/predict.ts';

/** Scores a file in a job. */
export async function predict(
	rooms: Rooms,
	{ model, input, output, key, ...params }: ParsedParams<'predict'>,
	call: Request,
): Promise<Result<'predict'>> {
	const { file, name, version } = await modelFileOf(rooms.catalog, model);
	const named = version === 0 ? model : `${name}/${version}`;
	const work: PredictInput = { file, model: named, input, output, keys: key ?? null, reading: readingOf(params) };
	return rooms.jobs.run<Result<'predict'>, Result<'predict'>>(
		'predict',
		work,
		jobOptions(`Scoring ${basename(input)}`, call),
		(outcome) => outcome,
	);
}

/** Writes the card of a version in a job, which reads its file. */
export async function writeCard(
	rooms: Rooms,
	{ model, html }: ParsedParams<'models/card'>,
	call: Request,
): Promise<Result<'models/card'>> {
	const { models, runs, artifacts } = rooms.catalog;
	const isName = !/[@/]/.test(model);
	const version =
		(isName ? models.behind(model, 'production') : null) ?? models.resolve(isName ? `${model}@latest` : model);
	const run = version.run_id === null ? null : runs.show(version.run_id);
	const work: CardInput = {
		file: await artifacts.verified(version.sha256, trainFiles.model),
		html: html ?? null,
		version,
		run,
		explanations: run && (await explanationsOf(rooms.catalog, run)),
	};
	const named = `${version.name}/${version.version}`;
	return rooms.jobs.run<{ markdown: string }, Result<'models/card'>>(
		'card',
		work,
		jobOptions(`Writing the card of ${named}`, call),
		({ markdown }) => ({ model: named, markdown, html: html ?? null }),
	);
}

/** Explains rows in a job. */
export async function explainRows(
	rooms: Rooms,
	{ model, rows }: ParsedParams<'models/explain'>,
	call: Request,
): Promise<Result<'models/explain'>> {
	const { file, name, version } = await modelFileOf(rooms.catalog, model);
	const work: ExplainInput = { file, model: version === 0 ? model : `${name}/${version}`, rows };
	return rooms.jobs.run<Result<'models/explain'>, Result<'models/explain'>>(
		'explain-rows',
		work,
		jobOptions(`Explaining ${work.model}`, call),
		(outcome) => outcome,
	);
}

/** Moves an alias to a version; deployments that follow it take the version over. */
export async function promote(
	{ catalog }: Rooms,
	deployments: Deployments,
	params: ParsedParams<'models/promote'>,
	call: Request,
): Promise<Result<'models/promote'>> {
	const { name, alias, reason } = params;
	const chosen =
		params.version ??
		catalog.models.behind(name, 'candidate')?.version ??
		newest(catalog.models.get(name).versions, name);
	return deployments.moveAlias(name, alias, chosen, call.author(reason));
}

function newest(versions: { version: number; status: string }[], name: string): number {
	const ready = versions.find(({ status }) => status === 'ready');
	if (ready !== undefined) return ready.version;
	throw new PerchError('not_found', `${name} has no version that is ready.`, {
		hint: 'Train one, or restore an archived one.',
	});
}

/** Ends the candidate, or gives production back to the version that had it before. */
export async function rollback(
	{ catalog }: Rooms,
	deployments: Deployments,
	{ name, reason }: ParsedParams<'models/rollback'>,
	call: Request,
): Promise<Result<'models/rollback'>> {
	const author = call.author(reason ?? 'rolled back by hand');
	const candidate = catalog.models.behind(name, 'candidate')?.version ?? deployments.onTrial(name);
	if (candidate !== null) {
		await deployments.endCandidate(name, candidate, 'rolled_back', author);
		const tried = catalog.models.version(name, candidate);
		const production = catalog.models.behind(name, 'production');
		return { version: production ?? tried, archived: tried.status === 'archived' ? candidate : null };
	}
	const before = catalog.models.before(name, 'production');
	if (before === null) {
		catalog.models.get(name);
		throw new PerchError('not_found', `${name} has neither a candidate nor an earlier production version.`, {
			hint: 'perch models show lists its versions.',
		});
	}
	const { version } = await deployments.moveAlias(name, 'production', before.version, author);
	return { version, archived: null };
}

/** Takes a version out of service and archives it. */
export async function archive(
	{ catalog }: Rooms,
	deployments: Deployments,
	{ name, version, reason }: ParsedParams<'models/archive'>,
	call: Request,
): Promise<Result<'models/archive'>> {
	if (deployments.serving(name, version)) {
		throw new PerchError('invalid_arguments', `${name} version ${version} is what a deployment answers with.`, {
			hint: 'Promote another version or stop the deployment first.',
		});
	}
	await deployments.endCandidate(name, version, 'stopped', call.author(reason));
	return { version: catalog.models.version(name, version) };
}
