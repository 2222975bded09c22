/** Where things lie in a root's `.perch/`, and how it is made: readable by its owner alone. */
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { PerchError } from '../protocol/errors.ts';
import '../protocol/schema.ts';
import { readRecord } from './record.ts';

export interface StatePaths {
	readonly folder: string;
	readonly token: string;
	readonly daemon: string;
	readonly logs: string;
}

export function statePaths(root: string): StatePaths {
	const folder = join(root, '.perch');
	return { folder, token: join(folder, 'token'), daemon: join(folder, 'daemon.json'), logs: join(folder, 'logs') };
}

/** Makes `.perch/` and its `logs/` where they are missing, with mode 0700; `daemon_unavailable` where it cannot. */
export function makeStateFolder(root: string): StatePaths {
	const paths = statePaths(root);
	try {
		const existed = existsSync(paths.folder);
		mkdirSync(paths.logs, { recursive: true, mode: 0o700 });
		if (!existed) chmodSync(paths.folder, 0o700);
	} catch (cause) {
		throw new PerchError('daemon_unavailable', `${paths.folder} cannot be made: ${(cause as Error).message}.`, {
			file: paths.folder,
			hint: 'Perch keeps its state there: work in a folder that you may write to.',
			cause,
		});
	}
	return paths;
}

/** What `.perch/daemon.json` says of the running daemon. */
export const daemonRecord = z.object({
	pid: z.number(),
	startTime: z.nullable(z.string()),
	socket: z.string(),
	version: z.string(),
});
export type DaemonRecord = z.infer<typeof daemonRecord>;

/** The record of the daemon that runs, or ran last and was killed; null where there is none that can be read. */
export function readDaemonRecord(root: string): DaemonRecord | null {
	return readRecord(statePaths(root).daemon, daemonRecord);
}
