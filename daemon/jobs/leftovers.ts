import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { isRunning } from '../client/processIdentity.ts';
import '../protocol/schema.ts';
import { endNotedTrees } from './command/processTree.ts';
import { identityFile } from './wire.ts';

const identity = z.object({ pid: z.number(), startTime: z.nullable(z.string()) });

/** Ends the job processes that a killed daemon left, and removes their folders. Returns how many of each. */
export function removeLeftovers(folder: string): { processes: number; folders: number } {
	let processes = 0;
	const folders = entries(folder);
	for (const name of folders) {
		const left = readIdentity(join(folder, name, identityFile));
		if (left !== null && isRunning(left)) {
			process.kill(left.pid, 'SIGKILL');
			processes++;
		}
		endNotedTrees(join(folder, name));
		rmSync(join(folder, name), { recursive: true, force: true });
	}
	return { processes, folders: folders.length };
}

function entries(folder: string): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}

function readIdentity(file: string) {
	try {
		const parsed = z.safeParse(identity, JSON.parse(readFileSync(file, 'utf8')));
		return parsed.success ? parsed.data : null;
	} catch {
		return null;
	}
}
