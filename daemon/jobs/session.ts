import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../protocol/core.ts';
import { startChild } from './startJob.ts';

/** A job process that answers many requests and keeps what they need between them; it takes no place among the jobs. */
export interface JobSession {
	/** Does one piece of work of the process; errors are those of `startJob`. Its progress goes to who asked last. */
	request<T>(kind: string, input: unknown, onProgress?: (progress: Progress) => void): Promise<T>;
	/** Ends the process and removes its folder. */
	close(): Promise<void>;
}

/** Starts a process of `entry` with a folder of its own in `folder`. */
export function openSession(folder: string, entry: string): JobSession {
	const dir = join(folder, randomBytes(6).toString('hex'));
	mkdirSync(dir, { recursive: true, mode: 0o700 });
	let told: ((progress: Progress) => void) | undefined;
	const child = startChild({ dir, entry, onProgress: (progress) => told?.(progress) });
	let closed: Promise<void> | undefined;
	return {
		request<T>(kind: string, input: unknown, onProgress?: (progress: Progress) => void) {
			told = onProgress;
			return child.run(kind, input) as Promise<T>;
		},
		close() {
			closed ??= child.end().finally(() => rmSync(dir, { recursive: true, force: true }));
			return closed;
		},
	};
}
