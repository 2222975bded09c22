import { spawn } from 'node:child_process';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type ErrorBody, PerchError } from '../protocol/errors.ts';
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

const longestStart = 30_000;
const longestErrorLog = 1_000_000;

/**
 * Starts a daemon that outlives this process, and waits until it reports over its channel. A daemon that ends
 * instead is an error with the end of what it wrote to stderr (kept in `.perch/logs/perchd.stderr.log`).
 */
export function startDaemon({ root, dist, readOnly = false }: StartOptions): Promise<'ready' | 'running'> {
	const file = join(makeStateFolder(root).logs, 'perchd.stderr.log');
	const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
	const stderr = openSync(file, size > longestErrorLog ? 'w' : 'a', 0o600);
	const before = size > longestErrorLog ? 0 : size;
	const entry = join(dist, 'perchd.cjs');
	const child = spawn(process.execPath, [entry, '--root', root, ...(readOnly ? ['--read-only'] : [])], {
		cwd: root,
		detached: true,
		windowsHide: true,
		stdio: ['ignore', stderr, stderr, 'ipc'],
		// In VS Code the executable is Electron, which runs as Node when told so.
		env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
	});
	closeSync(stderr);
	return new Promise((resolve, reject) => {
		const letGo = () => {
			clearTimeout(timer);
			child.removeAllListeners();
			child.on('error', () => undefined);
			if (child.connected) child.disconnect();
			child.unref();
		};
		const fail = (what: string) => {
			letGo();
			const tail = readFrom(file, before);
			reject(
				new PerchError('daemon_unavailable', `The daemon of ${root} ${what}${tail === '' ? '.' : `:\n${tail}`}`, {
					file,
					hint: 'Run `perch doctor` to check Node, the native packages and the folder.',
				}),
			);
		};
		const timer = setTimeout(() => {
			child.kill('SIGKILL');
			fail(`was not ready after ${longestStart / 1000} seconds`);
		}, longestStart);
		child.on('message', (report: StartReport) => {
			letGo();
			if (typeof report === 'string') resolve(report);
			else reject(PerchError.fromBody(report.error));
		});
		child.on('error', (error) => fail(`could not be started: ${error.message}`));
		child.on('exit', (code, signal) => fail(`ended while starting (${signal ?? `exit code ${code}`})`));
	});
}

/** The last 2000 bytes of what a file holds from an offset on. */
function readFrom(file: string, offset: number): string {
	const end = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
	const start = Math.max(offset, end - 2000);
	if (end <= start) return '';
	const buffer = Buffer.alloc(end - start);
	const handle = openSync(file, 'r');
	try {
		return buffer.toString('utf8', 0, readSync(handle, buffer, 0, buffer.length, start)).trim();
	} finally {
		closeSync(handle);
	}
}
