import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes a file so that a reader sees the old or the new one, never a half. */
export function writeBeside(path: string, text: string, mode = 0o666): void {
	const beside = `${path}.${process.pid}.part`;
	try {
		writeFileSync(beside, text, { mode });
		renameSync(beside, path);
	} catch (error) {
		rmSync(beside, { force: true });
		throw error;
	}
}
