/** Profiles of data files: the job is started, and the last profile of each file kept. */
import { createHash } from 'node:crypto';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { ParsedParams, Result } from '../protocol/methods.ts';
import type { ProfileReport } from '../protocol/profile.ts';
import { readingOf } from '../protocol/reading.ts';
import type { Request } from './daemon.ts';
import { claimOfFile } from './datasets.ts';
import { profileFiles } from './jobFiles.ts';
import { jobOptions, type Rooms } from './rooms.ts';
import type { ProfileInput } from './work/profile.ts';

/** `perch profile`: kept as JSON and HTML in `.perch/profiles/`, one a file and way of reading it. */
export async function profile(
	{ catalog, jobs, folder, dist }: Rooms,
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
			return { ...made, html: html ?? kept.html };
		},
	);
}
