/** The runs that are at work, and what each tells of its way. */
import type { Progress, StepFigures } from '../protocol/core.ts';
import type { RunLogLine } from '../protocol/runs.ts';
import type { Daemon, Request } from './daemon.ts';

/** One run at work. */
export interface RunningRun {
	/** The request that it was asked for by, whose progress is kept. */
	readonly call: Request;
	/** Everything that was told, as the text of a log. */
	log(): Uint8Array;
	end(): void;
}

export interface RunningRuns {
	/** `idOf` gives the id of the run, which may get one later; null until then. */
	begin(idOf: () => string | null, call: Request): RunningRun;
	/** What a run has told so far; null for one that is not at work. */
	of(id: string): { progress: Progress | null; lines: readonly RunLogLine[]; figures: readonly StepFigures[] } | null;
}

/** Clients are told at most so often, in ms. */
const pause = 250;
const mostLines = 5000;

interface Entry {
	idOf(): string | null;
	progress: Progress | null;
	readonly lines: RunLogLine[];
	readonly figures: StepFigures[];
}

export function createRunningRuns({ notify }: Pick<Daemon, 'notify'>): RunningRuns {
	const running = new Set<Entry>();

	return {
		begin(idOf, call) {
			const entry: Entry = { idOf, progress: null, lines: [], figures: [] };
			running.add(entry);
			let told = 0;
			return {
				call: {
					...call,
					progress(message, share, figures) {
						entry.figures.push(...(figures ?? []));
						entry.progress = { message, ...(share !== undefined && { share }) };
						if (entry.lines.at(-1)?.message !== message && entry.lines.length < mostLines) {
							entry.lines.push({ time: Date.now(), message });
						}
						call.progress(message, share, figures);
						const [now, id] = [Date.now(), idOf()];
						if (id === null || now - told < pause) return;
						told = now;
						notify('runs/progress', { id, ...entry.progress });
					},
				},
				log: () => new TextEncoder().encode(entry.lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
				end: () => running.delete(entry),
			};
		},
		of: (id) => [...running].find((entry) => entry.idOf() === id) ?? null,
	};
}
