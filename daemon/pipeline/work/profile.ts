import { profileFile } from '../../data/profile.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import type { ProfileReport } from '../../protocol/profile.ts';
import type { Reading } from '../../protocol/reading.ts';
import { oneFile } from './oneFile.ts';

export interface ProfileInput {
	file: string;
	reading: Reading;
}

/** Describes every column of a data file. */
export async function profileWork(
	{ file, reading }: ProfileInput,
	{ dir, progress }: JobContext,
): Promise<ProfileReport> {
	progress('Reading the data', 0);
	const { path } = await oneFile(file, dir, reading);
	return { ...(await profileFile(path, { scratch: dir, onProgress: progress, reading })), file };
}
