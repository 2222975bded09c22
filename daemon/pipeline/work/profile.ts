import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type FileStamp, sameStamps, stampFiles } from '../../data/fingerprint/fileStamps.ts';
import { htmlPage } from '../../data/htmlPage.ts';
import { profileFile } from '../../data/profile/profile.ts';
import { filesOf } from '../../data/read/family.ts';
import { writeBeside } from '../../data/writeBeside.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import { parse } from '../../protocol/parse.ts';
import { type ProfileReport, profileReport } from '../../protocol/profile.ts';
import { type Reading, readingOf } from '../../protocol/reading.ts';
import { version } from '../../protocol/version.ts';
import { profileFiles } from '../jobFiles.ts';
import type { DatasetClaim } from './identify.ts';
import { oneFile } from './oneFile.ts';

export interface ProfileInput {
	file: string;
	reading: Reading;
	dataset: DatasetClaim;
	/** The profile that was kept of the same file, as JSON, if any. */
	kept: string;
	/** Where the HTML goes besides the kept one; null for nowhere. */
	html: string | null;
	/** Folder of the bundles, which the HTML is inlined from. */
	dist: string;
}

/** What is kept of a profile: the report, and what tells whether it still holds. */
interface KeptProfile {
	version: string;
	stamps: FileStamp[];
	report: ProfileReport;
}

/** Describes every column of a data file, and writes that as JSON and HTML. The profile of an unchanged file is kept. */
export async function profileWork(input: ProfileInput, { dir, progress }: JobContext): Promise<ProfileReport> {
	const { file, reading, dataset, html, dist } = input;
	progress('Reading the data', 0);
	const stamps = await stampFiles(filesOf(file));
	const known = readKept(input.kept, stamps);
	const plain = Object.keys(readingOf(reading)).length === 0;
	const same = plain && dataset.last !== null && sameStamps(stamps, dataset.last.files);
	const made = known ?? (await profileAnew(input, dir, progress));
	const report = { ...made, dataset: same ? (dataset.last?.version ?? null) : null };

	progress('Writing the profile', 0.95);
	const page = htmlPage(`Profile: ${file}`, report, {
		script: readFileSync(join(dist, 'profile.js'), 'utf8'),
		style: readFileSync(join(dist, 'profile.css'), 'utf8'),
	});
	const kept: KeptProfile = { version, stamps, report };
	writeFileSync(join(dir, profileFiles.json), JSON.stringify(kept));
	writeFileSync(join(dir, profileFiles.html), page);
	if (html !== null) {
		mkdirSync(dirname(html), { recursive: true });
		writeBeside(html, page);
	}
	return report;
}

async function profileAnew(
	{ file, reading }: ProfileInput,
	dir: string,
	progress: JobContext['progress'],
): Promise<ProfileReport> {
	const { path, quarantined } = await oneFile(file, dir, reading);
	const report = await profileFile(path, { scratch: dir, onProgress: progress, reading });
	return { ...report, file, quarantined: [...quarantined, ...report.quarantined] };
}

/** The kept profile, where it is of this Perch and of these files as they are; null else. */
function readKept(path: string, stamps: readonly FileStamp[]): ProfileReport | null {
	try {
		const kept = JSON.parse(readFileSync(path, 'utf8')) as KeptProfile;
		if (kept.version !== version || !sameStamps(stamps, kept.stamps)) return null;
		return parse(profileReport, kept.report);
	} catch {
		return null;
	}
}
