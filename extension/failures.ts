/** How errors reach the user: one toast an incident, with a way to the log and, where there is one, to the file. */
import { Position, Range, Uri, window } from 'vscode';
import { type ErrorCode, PerchError, toPerchError } from '../daemon/protocol/errors.ts';
import type { Log } from './log.ts';

export interface Failures {
	/** Logs an error and shows it, unless it says that the user cancelled or was shown a moment ago. */
	show(what: string, error: unknown): void;
	/** A failure that no command of the user's caused. */
	log(what: string, error: unknown): void;
}

/** Offered beside `Show Log`, by error code. */
type Remedies = Partial<Record<ErrorCode, { title: string; run(): unknown }>>;

const sameIncident = 5000;

export function createFailures(log: Log, remedies: Remedies): Failures {
	const shown = new Map<string, number>();

	function record(what: string, error: unknown): PerchError {
		const failure = toPerchError(error);
		const { file, line, field, hint } = failure.detail;
		const where = [file, line, field].filter((part) => part !== undefined).join(':');
		log.error(`${what}: ${failure.message}${where === '' ? '' : ` (${where})`}${hint === undefined ? '' : ` ${hint}`}`);
		if (failure.code === 'internal' && failure.cause instanceof Error) log.error(failure.cause);
		return failure;
	}

	async function offer(what: string, failure: PerchError): Promise<void> {
		const { file, line, hint } = failure.detail;
		const remedy = remedies[failure.code];
		const actions = [
			...(remedy === undefined ? [] : [remedy]),
			...(file === undefined ? [] : [{ title: 'Open File', run: () => openAt(file, line) }]),
			{ title: 'Show Log', run: () => log.show() },
		];
		const text = [`${what}: ${failure.message}`, hint].filter((part) => part !== undefined).join(' ');
		const chosen = await window.showErrorMessage(text, ...actions);
		await chosen?.run();
	}

	return {
		show(what, error) {
			const failure = toPerchError(error);
			if (failure.code === 'cancelled') return log.info(`${what}: cancelled.`);
			record(what, failure);
			const now = Date.now();
			const incident = `${failure.code} ${failure.message}`;
			if (now - (shown.get(incident) ?? 0) < sameIncident) return;
			shown.set(incident, now);
			void offer(what, failure).catch((reason: unknown) => log.error(String(reason)));
		},
		log: (what, error) => void record(what, error),
	};
}

async function openAt(file: string, line: number | undefined): Promise<void> {
	const position = new Position(Math.max(0, (line ?? 1) - 1), 0);
	await window.showTextDocument(Uri.file(file), { selection: new Range(position, position) });
}

/** What every handler throws when a question was left with Escape: it ends quietly. */
export function cancelled(): PerchError {
	return new PerchError('cancelled', 'The question was left without an answer.');
}
