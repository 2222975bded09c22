/** The daemon of a project and its gateway are detached from whoever started them: tests end them by the files that they write. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Sends a signal to a process, or to a group by its negative number; false when it is gone. */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
	try {
		return process.kill(pid, name);
	} catch {
		return false;
	}
}

/** Ends a process or a group: politely, and after five seconds by force. */
export async function end(pid: number): Promise<void> {
	signal(pid, 'SIGTERM');
	for (let tries = 0; tries < 50 && signal(pid, 0); tries++) {
		await wait(100);
	}
	signal(pid, 'SIGKILL');
}

/** The daemons and gateways that have run in a folder, as they wrote it. */
export function daemonsOf(folder: string): number[] {
	return globSync('**/.perch/{daemon,gateway}.json', { cwd: folder }).map((file) => {
		const { pid } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { pid: number };
		return pid;
	});
}

export async function endDaemons(folder: string): Promise<void> {
	for (const pid of daemonsOf(folder)) await end(pid);
}
