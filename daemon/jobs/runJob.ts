import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter, ResponseError } from 'vscode-jsonrpc/node';
import { identityOf } from '../client/processIdentity.ts';
import type { StepFigures } from '../protocol/core.ts';
import { errorCodes, PerchError, toPerchError } from '../protocol/errors.ts';
import { identityFile, type JobRequest, progressMethod, runMethod, toldMethod } from './wire.ts';

/** What a job works with, inside its process. */
export interface JobContext {
	/** The job's own folder: what it writes there is taken by the daemon, or removed with the job. */
	readonly dir: string;
	/** Tells how far the work has come; `share` is 0 to 1, absent while unknown. May be called in a hot loop. */
	progress(message: string, share?: number, figures?: readonly StepFigures[]): void;
	/** Tells the daemon what is to be kept even if the work never ends; every word arrives, in order. */
	tell(news: unknown): void;
}

/** The kinds of work that a job process can do, by name. */
export type JobHandlers = Readonly<Record<string, (input: never, context: JobContext) => unknown>>;

const shortestPause = 50;

/**
 * The child's side: does the one piece of work that its parent asks for. Ends itself when the channel to the parent
 * closes, even from within a loop that never yields.
 */
export function runJob(handlers: JobHandlers): void {
	const [, , dir, parent] = process.argv;
	if (dir === undefined || parent === undefined || process.send === undefined) {
		process.stderr.write('A job is started by perchd, not by hand.\n');
		process.exitCode = 2;
		return;
	}
	const refusal = identify(dir);
	process.on('disconnect', () => process.exit(1));
	watchParent(Number(parent));

	const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
	let last = 0;
	let untold: StepFigures[] = [];
	const progress = (message: string, share?: number, figures: readonly StepFigures[] = []) => {
		untold.push(...figures);
		const now = Date.now();
		if (now - last < shortestPause && share !== 1) return;
		last = now;
		void connection.sendNotification(progressMethod, {
			message,
			...(share !== undefined && { share }),
			...(untold.length > 0 && { figures: untold }),
		});
		untold = [];
	};
	const tell = (news: unknown) => void connection.sendNotification(toldMethod, news);
	connection.onRequest(runMethod, async ({ kind, input }: JobRequest) => {
		try {
			if (refusal !== null) throw refusal;
			const handler = Object.hasOwn(handlers, kind) ? handlers[kind] : undefined;
			if (handler === undefined) throw new PerchError('internal', `No job is called ${kind}.`);
			return (await handler(input as never, { dir, progress, tell })) ?? null;
		} catch (error) {
			const known = toPerchError(error);
			if (known.code === 'internal')
				process.stderr.write(`${(known.cause as Error | undefined)?.stack ?? known.stack}\n`);
			return new ResponseError(errorCodes[known.code].number, known.message, known.toBody());
		}
	});
	connection.listen();
}

/** Leaves word of this process in its folder; what keeps it from that, such as a full disk, is the answer to its parent. */
function identify(dir: string): unknown {
	try {
		writeFileSync(join(dir, identityFile), JSON.stringify(identityOf(process.pid)));
		return null;
	} catch (error) {
		return error;
	}
}

/**
 * A thread of its own, since training may keep the main one busy for long after the daemon was killed. The daemon's pid
 * comes from the daemon: one that is looked up here could already be that of its heir. A main thread that is idle has half a
 * second to end by itself, with what it started.
 */
function watchParent(pid: number): void {
	const source = `
		const { workerData: parent } = require('node:worker_threads');
		const isGone = () => {
			if (process.platform !== 'win32') return process.ppid !== parent;
			try { return !process.kill(parent, 0); } catch { return true; }
		};
		let gone = 0;
		setInterval(() => { if (isGone() && ++gone > 1) process.kill(process.pid, 'SIGKILL'); }, 500);`;
	new Worker(source, { eval: true, workerData: pid }).unref();
}
