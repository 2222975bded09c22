import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '../client/processIdentity.ts';
import { readRecord } from '../client/record.ts';
import { endNotedTrees } from './command/processTree.ts';
import { childIdentity, entriesOf } from './jobFolder.ts';
import { identityFile } from './wire.ts';

/** Ends the job processes that a killed daemon left, and removes their folders. Returns how many of each. */
export function removeLeftovers(folder: string): { processes: number; folders: number } {
	let processes = 0;
	const folders = entriesOf(folder);
	for (const name of folders) {
		const left = readRecord(join(folder, name, identityFile), childIdentity);
		if (left !== null && isRunning(left)) {
			process.kill(left.pid, 'SIGKILL');
			processes++;
		}
		endNotedTrees(join(folder, name));
		rmSync(join(folder, name), { recursive: true, force: true });
	}
	return { processes, folders: folders.length };
}
