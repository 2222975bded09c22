/** The runs that are at work: what each tells of its way, and the end of it that anybody may ask for. */
import type { Progress, StepFigures } from '../protocol/core.ts';
import { PerchError } from '../protocol/errors.ts';
import type { RunLogLine } from '../protocol/runs.ts';
import type { Daemon, Request } from './daemon.ts';

/** One run at work. */
export interface RunningRun {
	/** The request that it was asked for by, which also ends where the run is cancelled, and whose progress is kept. */
	readonly call: Request;
	/** Everything that was told, as the text of a log. */
	log(): Uint8Array;
	end(): void;
}

export interface RunningRuns {
	begin(id: string, call: Request): RunningRun;
	/** What a run has told so far; null for one that is not at work. */
	of(id: string): { progress: Progress | null; lines: readonly RunLogLine[]; figures: readonly StepFigures[] } | null;
	/** Ends a run; throws `not_found` where it is not at work. */
	cancel(id: string): void;
}

/** Clients are told at most so often, in ms. */
const pause = 250;
const mostLines = 5000;

interface Entry {
	readonly abort: AbortController;
	progress: Progress | null;
	readonly lines: RunLogLine[];
	readonly figures: StepFigures[];
}

export function createRunningRuns({ notify }: Pick<Daemon, 'notify'>): RunningRuns {
	const running = new Map<string, Entry>();

	return {
		begin(id, call) {
			const abort = new AbortController();
			const entry: Entry = { abort, progress: null, lines: [], figures: [] };
			running.set(id, entry);
			let told = 0;
			return {
				call: {
					...call,
					signal: AbortSignal.any([call.signal, abort.signal]),
					progress(message, share, figures) {
						entry.figures.push(...(figures ?? []));
						entry.progress = { message, ...(share !== undefined && { share }) };
						if (entry.lines.at(-1)?.message !== message && entry.lines.length < mostLines) {
							entry.lines.push({ time: Date.now(), message });
						}
						call.progress(message, share, figures);
						const now = Date.now();
						if (now - told < pause) return;
						told = now;
						notify('runs/progress', { id, ...entry.progress });
					},
				},
				log: () => new TextEncoder().encode(entry.lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
				end: () => running.delete(id),
			};
		},
		of(id) {
			const entry = running.get(id);
			return entry === undefined ? null : entry;
		},
		cancel(id) {
			const entry = running.get(id);
			if (entry === undefined) throw new PerchError('not_found', `The run ${id} is not at work.`, { field: 'id' });
			entry.abort.abort();
		},
	};
}
