import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../protocol/core.ts';
import { PerchError } from '../protocol/errors.ts';
import { createLine } from './line.ts';
import { startJob } from './startJob.ts';

export interface RunOptions {
	/** What a person reads in the list of running work, such as "Training vitalwatch". */
	readonly title: string;
	readonly onProgress?: ((progress: Progress) => void) | undefined;
	/** Hears what the work tells before it is done (`JobContext.tell`). */
	readonly onTold?: ((news: never) => void) | undefined;
	readonly signal?: AbortSignal | undefined;
	/** Work of seconds that somebody waits for, or that guards live traffic: it has a place of its own beside trainings. */
	readonly short?: boolean;
}

export interface RunningJob {
	readonly id: string;
	readonly kind: string;
	readonly title: string;
	readonly started_at: number;
}

/** The jobs of one daemon: a few at once, the others in line. */
export interface Jobs {
	/**
	 * Does one piece of work in a process of its own, then hands its result and its folder to `take`, which moves
	 * what is to stay; afterwards the folder is removed. Errors are those of `startJob` and of `take`.
	 */
	run<Outcome, Taken>(
		kind: string,
		input: unknown,
		options: RunOptions,
		take: (outcome: Outcome, dir: string) => Taken | Promise<Taken>,
	): Promise<Taken>;
	/** Running and waiting jobs, the oldest first. */
	list(): RunningJob[];
	/** Cancels everything, takes nothing new, and resolves when no process is left, with how many were cancelled. */
	stop(): Promise<number>;
}

export interface JobsOptions {
	/** `.perch/jobs`. */
	readonly folder: string;
	/** The program of the children: dist/job.cjs. */
	readonly entry: string;
	/** How many processes may run at once, beside the one of short work. */
	readonly limit?: number;
	readonly onChange?: (id: string, event: 'queued' | 'started' | 'ended') => void;
}

export function createJobs({ folder, entry, limit = 2, onChange = () => undefined }: JobsOptions): Jobs {
	const jobs = new Map<string, { summary: RunningJob; abort: AbortController; settled: Promise<unknown> }>();
	const lines = { long: createLine(limit), short: createLine(1) };
	let stopped = false;

	const work = async (id: string, kind: string, input: unknown, options: RunOptions, signal: AbortSignal) => {
		const dir = join(folder, id);
		mkdirSync(dir, { recursive: true, mode: 0o700 });
		onChange(id, 'started');
		return startJob(kind, input, {
			dir,
			entry,
			signal,
			onProgress: options.onProgress,
			onTold: options.onTold as ((news: unknown) => void) | undefined,
			stepsBack: options.short !== true,
		});
	};

	return {
		async run(kind, input, options, take) {
			if (stopped) throw new PerchError('cancelled', 'The daemon is stopping: nothing new is started.');
			const id = randomBytes(6).toString('hex');
			const abort = new AbortController();
			const signal = options.signal === undefined ? abort.signal : AbortSignal.any([abort.signal, options.signal]);
			if (signal.aborted) throw new PerchError('cancelled', `${options.title} was cancelled.`);
			let settle = () => {};
			const settled = new Promise<void>((resolve) => {
				settle = resolve;
			});
			const summary = { id, kind, title: options.title, started_at: Date.now() };
			jobs.set(id, { summary, abort, settled });
			onChange(id, 'queued');
			try {
				const line = options.short === true ? lines.short : lines.long;
				await line.enter(signal);
				try {
					const outcome = await work(id, kind, input, options, signal);
					return await take(outcome as Parameters<typeof take>[0], join(folder, id));
				} finally {
					rmSync(join(folder, id), { recursive: true, force: true });
					line.leave();
				}
			} finally {
				jobs.delete(id);
				settle();
				onChange(id, 'ended');
			}
		},
		list: () => [...jobs.values()].map(({ summary }) => summary),
		async stop() {
			stopped = true;
			const running = [...jobs.values()];
			for (const { abort } of running) abort.abort();
			await Promise.all(running.map(({ settled }) => settled));
			return running.length;
		},
	};
}
