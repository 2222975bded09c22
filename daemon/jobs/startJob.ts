import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter, ResponseError } from 'vscode-jsonrpc/node';
import * as z from 'zod/mini';
import { type Progress, progressValue } from '../protocol/core.ts';
import { errorBody, PerchError, toPerchError } from '../protocol/errors.ts';
import '../protocol/schema.ts';
import { endNotedTrees } from './command/processTree.ts';
import { outputFile, progressMethod, runMethod, toldMethod } from './wire.ts';

export interface StartJobOptions {
	/** An existing folder for this job alone. */
	readonly dir: string;
	/** The program of the child: dist/job.cjs. */
	readonly entry: string;
	readonly onProgress?: ((progress: Progress) => void) | undefined;
	/** Hears what the work tells before it is done, in its order; all of it before `run` resolves. */
	readonly onTold?: ((news: unknown) => void) | undefined;
	/** It stands back for whatever else wants the processor: the daemon, the gateway and the programs of the user. */
	readonly stepsBack?: boolean;
	/** Ends the process, at the latest half a second after it aborts. */
	readonly signal?: AbortSignal | undefined;
}

const graceBeforeKill = 500;
/** Unix niceness: a third of the share of the processor that a program of normal priority gets where both want it. */
export const stepsBackBy = 5;

/** A running job process. */
export interface Child {
	/** Rejects with the PerchError of the work, or `job_failed` with the end of what a process that died wrote. */
	run(kind: string, input: unknown): Promise<unknown>;
	end(): Promise<void>;
}

/** Starts a job process, which does what it is asked for until it is ended. */
export function startChild({ dir, entry, onProgress, onTold, stepsBack }: Omit<StartJobOptions, 'signal'>): Child {
	const output = openSync(join(dir, outputFile), 'a', 0o600);
	const child = fork(entry, [dir, String(process.pid)], {
		stdio: ['ignore', output, output, 'ipc'],
		serialization: 'advanced',
		execArgv: [],
		env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
	});
	closeSync(output);
	if (stepsBack === true) stepBack(child);
	const ended = endOf(child);
	const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
	connection.onError(() => undefined);
	connection.onNotification(progressMethod, (value: unknown) => {
		const progress = z.safeParse(progressValue, value);
		if (progress.success) onProgress?.(progress.data);
	});
	connection.onNotification(toldMethod, (news: unknown) => onTold?.(news));
	connection.listen();
	return {
		async run(kind, input) {
			const death = ended.then((how): never => {
				throw new PerchError('job_failed', `The job ${kind} ${how}.${tailOf(dir)}`, {
					hint: how.includes('SIGKILL')
						? 'The system may have run out of memory: try with fewer rows or columns.'
						: 'The daemon goes on; `perch daemon logs` shows what came before.',
				});
			});
			death.catch(() => undefined);
			try {
				return await Promise.race([connection.sendRequest<unknown>(runMethod, { kind, input }), death]);
			} catch (error) {
				// A channel that broke is what a death looks like before the process is seen to have ended.
				throw child.connected ? fromChild(error) : await death.catch((reason: unknown) => reason);
			}
		},
		async end() {
			await end(child, ended);
			endNotedTrees(dir);
			connection.dispose();
		},
	};
}

/**
 * Does one piece of work in a process of its own and resolves with its result (a structured clone: typed arrays and
 * NaN survive). Rejects with the PerchError of the work, `cancelled`, or `job_failed` with the end of what a process
 * that died wrote.
 */
export async function startJob(kind: string, input: unknown, options: StartJobOptions): Promise<unknown> {
	const { signal } = options;
	const isCancelled = () => signal?.aborted === true;
	if (isCancelled()) throw cancelled(kind);
	const child = startChild(options);
	const cancel = () => void child.end();
	signal?.addEventListener('abort', cancel, { once: true });
	try {
		return await child.run(kind, input);
	} catch (error) {
		if (isCancelled()) throw cancelled(kind);
		throw error;
	} finally {
		signal?.removeEventListener('abort', cancel);
		await child.end();
	}
}

/** Its threads, and what it starts, come to be with its priority. Where the system does not allow it, it stays as it is. */
function stepBack({ pid }: ChildProcess): void {
	if (pid === undefined) return;
	try {
		setPriority(pid, stepsBackBy);
	} catch {
		// It has ended, or may not be changed.
	}
}

/** How a process ended, in words. */
function endOf(child: ChildProcess): Promise<string> {
	return new Promise((resolve) => {
		child.once('error', (error) => resolve(`could not be started: ${error.message}`));
		child.once('exit', (code, signal) =>
			resolve(signal === null ? `ended by itself with exit code ${code}` : `was ended by ${signal}`),
		);
	});
}

/** SIGTERM, which ends a process even in the midst of a loop, and SIGKILL for one in native code that blocks it. */
async function end(child: ChildProcess, ended: Promise<string>): Promise<void> {
	child.kill('SIGTERM');
	const timer = setTimeout(() => child.kill('SIGKILL'), graceBeforeKill);
	await ended;
	clearTimeout(timer);
}

function cancelled(kind: string): PerchError {
	return new PerchError('cancelled', `The job ${kind} was cancelled.`);
}

function fromChild(error: unknown): PerchError {
	if (!(error instanceof ResponseError)) return toPerchError(error);
	const body = z.safeParse(errorBody, error.data);
	return body.success ? PerchError.fromBody(body.data) : new PerchError('job_failed', error.message);
}

/** The last 2000 characters of what the process printed. */
function tailOf(dir: string): string {
	try {
		const text = readFileSync(join(dir, outputFile), 'utf8').trim();
		return text === '' ? '' : `\n${text.slice(-2000)}`;
	} catch {
		return '';
	}
}
