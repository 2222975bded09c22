import type { Project } from './projects.ts';

/** The project that names a data file. */
export function projectOf(projects: readonly Project[], path: string): Project | undefined {
	return projects.find(({ files }) => files.some((named) => named.path === path));
}
