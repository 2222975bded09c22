import type { Project } from './projects.ts';

/** The project that names a data file. */
export function projectOf(projects: readonly Project[], path: string): Project | undefined {
	return projects.find(({ files }) => files.some((named) => named.path === path));
}

/** How the project that names a data file reads it: a field of requests about the file. */
export function encodingOf(projects: readonly Project[], path: string): { encoding?: string } {
	const encoding = projectOf(projects, path)?.encoding ?? null;
	return encoding === null ? {} : { encoding };
}
