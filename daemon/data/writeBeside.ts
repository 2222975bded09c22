import { renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Writes a file so that a reader sees the old or the new one, never a half. Errors of the system name the file that was
 * to be written, and nothing is left beside it.
 */
export function writeBeside(path: string, text: string, mode = 0o666): void {
	const beside = `${path}.${process.pid}.part`;
	try {
		writeFileSync(beside, text, { mode });
		renameSync(beside, path);
	} catch (error) {
		rmSync(beside, { force: true });
		throw naming(path, error);
	}
}

/** An error of the system with the path that the caller knows, in place of the one beside it. */
export function naming(path: string, error: unknown): unknown {
	if (error instanceof Error && 'path' in error) error.path = path;
	return error;
}
