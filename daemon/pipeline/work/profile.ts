import { profileFile } from '../../data/profile.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import type { ProfileReport } from '../../protocol/profile.ts';

export interface ProfileInput {
	file: string;
}

/** Describes every column of a data file. */
export async function profileWork({ file }: ProfileInput, { dir, progress }: JobContext): Promise<ProfileReport> {
	progress('Reading the data', 0);
	return await profileFile(file, { scratch: dir, onProgress: progress });
}
