import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file, for its owner alone, so that a reader sees the old or the new one, never a half. */
export function writeBeside(path: string, text: string): void {
	writeFileSync(`${path}.part`, text, { mode: 0o600 });
	renameSync(`${path}.part`, path);
}
