/** Profiles of data files: the job is started, and the last profile of each file kept. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBeside } from '../data/writeBeside.ts';
import type { ParsedParams, Result } from '../protocol/methods.ts';
import { parse } from '../protocol/parse.ts';
import { type ProfileReport, type ProfileSummary, profileSummary } from '../protocol/profile.ts';
import { readingOf } from '../protocol/reading.ts';
import type { Request } from './daemon.ts';
import { claimOfFile } from './datasets.ts';
import { profileFiles } from './jobFiles.ts';
import { jobOptions, type Rooms } from './rooms.ts';
import type { ProfileInput } from './work/profile.ts';

/** A whole profile may be large: lists read what stands beside it. */
const summaryEnding = '.summary.json';

/** `perch profile`: kept as JSON and HTML in `.perch/profiles/`, one a file and way of reading it. */
export async function profile(
	{ catalog, jobs, folder, dist, notify }: Rooms,
	{ file, html, ...params }: ParsedParams<'profile'>,
	call: Request,
): Promise<Result<'profile'>> {
	const reading = readingOf(params);
	const profiles = join(folder, 'profiles');
	const name = createHash('sha256')
		.update(JSON.stringify([file, reading]))
		.digest('hex')
		.slice(0, 16);
	const kept = { json: join(profiles, `${name}.json`), html: join(profiles, `${name}.html`) };
	const summary = join(profiles, `${name}${summaryEnding}`);
	const input: ProfileInput = {
		...{ file, reading, dist },
		dataset: claimOfFile(catalog, file),
		kept: kept.json,
		html: html ?? null,
	};
	return await jobs.run(
		'profile',
		input,
		jobOptions('Profiling the data', call),
		async (made: ProfileReport, jobFolder) => {
			await mkdir(profiles, { recursive: true });
			await rename(join(jobFolder, profileFiles.html), kept.html);
			await rename(join(jobFolder, profileFiles.json), kept.json);
			writeBeside(summary, JSON.stringify(summaryOf(made, kept.html)));
			notify('datasets/changed', { subject: file, event: 'profile.kept' });
			return { ...made, html: html ?? kept.html };
		},
	);
}

function summaryOf(
	{ columns, file, created_at, dataset, rows, duplicates }: ProfileReport,
	html: string,
): ProfileSummary {
	return { file, created_at, dataset, rows, columns: columns.length, duplicates, html };
}

/** The last profile of each file, newest first; one that an older Perch kept is not among them. */
export async function listProfiles({ folder }: Pick<Rooms, 'folder'>): Promise<Result<'profile/list'>> {
	const profiles = join(folder, 'profiles');
	const names = await readdir(profiles).catch((): string[] => []);
	const read = async (name: string) => {
		const file = join(profiles, name);
		return parse(profileSummary, JSON.parse(await readFile(file, 'utf8')), 'invalid_data', { file });
	};
	const found = await Promise.all(names.filter((name) => name.endsWith(summaryEnding)).map(read));
	return { profiles: found.sort((a, b) => b.created_at - a.created_at) };
}
