import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadProject, type Project } from '../project/loadProject.ts';
import { PerchError } from '../protocol/errors.ts';

/** The project that a request means: its `config`, else the perch.yaml of the root. */
export function projectOf(root: string, { config, set }: { config?: string | undefined; set: string[] }): Project {
	const project = projectIfAny(root, { config, set });
	if (project !== null) return project;
	throw new PerchError('invalid_config', `There is no perch.yaml in ${root}.`, {
		file: join(root, 'perch.yaml'),
		hint: 'Write one with perch init DATA, or name one with --config.',
	});
}

/** The same, or null where neither a config was named nor the root has one. */
export function projectIfAny(
	root: string,
	{ config, set }: { config?: string | undefined; set: string[] },
): Project | null {
	const file = config ?? join(root, 'perch.yaml');
	if (config === undefined && !existsSync(file)) return null;
	return loadProject(file, set);
}
