import { join } from 'node:path';
import { type ErrorBody, PerchError } from '../protocol/errors.ts';
import { startDetached } from './startDetached.ts';
import { makeStateFolder } from './stateFolder.ts';

export interface StartOptions {
	readonly root: string;
	/** The folder of the bundles, where perchd.cjs lies. */
	readonly dist: string;
	/** Start it so that it runs nothing of the folder, for a workspace that is not trusted. */
	readonly readOnly?: boolean | undefined;
}

/** What a perchd tells the process that started it: it listens, it found another one and ends, or why it cannot. */
export type StartReport = 'ready' | 'running' | { error: ErrorBody };

/**
 * Starts a daemon that outlives this process, and waits until it reports over its channel. A daemon that ends
 * instead is an error with the end of what it wrote to stderr (kept in `.perch/logs/perchd.stderr.log`).
 */
export async function startDaemon({ root, dist, readOnly = false }: StartOptions): Promise<'ready' | 'running'> {
	const log = join(makeStateFolder(root).logs, 'perchd.stderr.log');
	const started = await startDetached<StartReport>({
		entry: join(dist, 'perchd.cjs'),
		args: ['--root', root, ...(readOnly ? ['--read-only'] : [])],
		cwd: root,
		log,
		longestLog: 1_000_000,
	});
	if ('failed' in started) {
		const { failed, written } = started;
		throw new PerchError(
			'daemon_unavailable',
			`The daemon of ${root} ${failed}${written === '' ? '.' : `:\n${written}`}`,
			{ file: log, hint: 'Run `perch doctor` to check Node, the native packages and the folder.' },
		);
	}
	if (typeof started.report === 'string') return started.report;
	throw PerchError.fromBody(started.report.error);
}
