import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** What marks a root, the strongest first: an existing state folder, a repository, a project file. */
const marks = ['.perch', '.git', 'perch.yaml'];

/**
 * The folder whose daemon a caller in `cwd` talks to: the nearest ancestor (itself included) that has `.perch/`,
 * else `.git`, else `perch.yaml`, else `cwd`. Links are resolved, so that every way to a folder finds the same daemon.
 */
export function findRoot(cwd: string): string {
	const start = resolved(cwd);
	for (const mark of marks) {
		const found = ancestors(start).find((folder) => existsSync(join(folder, mark)));
		if (found !== undefined) return found;
	}
	return start;
}

function ancestors(folder: string): string[] {
	const parent = dirname(folder);
	return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

/** A folder that does not exist is taken as written: the error belongs to whoever uses it. */
function resolved(cwd: string): string {
	try {
		return realpathSync(cwd);
	} catch {
		return resolve(cwd);
	}
}
