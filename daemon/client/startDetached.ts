import { spawn } from 'node:child_process';
import { closeSync, openSync, readSync, statSync } from 'node:fs';

export interface DetachedOptions {
	/** The program: a bundle for Node. */
	readonly entry: string;
	readonly args: readonly string[];
	readonly cwd: string;
	/** The file that what it writes is appended to; begun anew where it is longer than `longestLog` bytes. */
	readonly log: string;
	readonly longestLog: number;
}

/** How the start of a process went: what it reported first, or how it failed, with the end of what it wrote. */
export type Started<Report> = { report: Report } | { failed: string; written: string };

const longestStart = 30_000;

/** Starts a process that outlives this one, and waits until it reports over its channel, ends, or takes too long. */
export function startDetached<Report>({
	entry,
	args,
	cwd,
	log,
	longestLog,
}: DetachedOptions): Promise<Started<Report>> {
	const size = sizeOf(log);
	const before = size > longestLog ? 0 : size;
	const output = openSync(log, size > longestLog ? 'w' : 'a', 0o600);
	const child = spawn(process.execPath, [entry, ...args], {
		cwd,
		detached: true,
		windowsHide: true,
		stdio: ['ignore', output, output, 'ipc'],
		// In VS Code the executable is Electron, which runs as Node when told so.
		env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
	});
	closeSync(output);
	return new Promise((resolve) => {
		const settle = (started: Started<Report>) => {
			clearTimeout(timer);
			child.removeAllListeners();
			child.on('error', () => undefined);
			if (child.connected) child.disconnect();
			child.unref();
			resolve(started);
		};
		const fail = (failed: string) => settle({ failed, written: readFrom(log, before) });
		const timer = setTimeout(() => {
			child.kill('SIGKILL');
			fail(`was not ready after ${longestStart / 1000} seconds`);
		}, longestStart);
		child.on('message', (report: Report) => settle({ report }));
		child.on('error', (error) => fail(`could not be started: ${error.message}`));
		child.on('exit', (code, signal) => fail(`ended while starting (${signal ?? `exit code ${code}`})`));
	});
}

function sizeOf(file: string): number {
	return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The last 2000 bytes of what a file holds from an offset on. */
function readFrom(file: string, offset: number): string {
	const end = sizeOf(file);
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
