/** A model from outside is loaded and run in a job before it comes near a gateway. */
import { PerchError, toPerchError } from '../protocol/errors.ts';
import type { Request } from './daemon.ts';
import { jobOptions, type Rooms } from './rooms.ts';
import type { TrialInput, trialWork } from './work/importModel.ts';

type TrialOutcome = Awaited<ReturnType<typeof trialWork>>;

/** A graph may hold a loop that never ends. */
const longestTrial = 60_000;

/** Throws `invalid_model` or `model_mismatch` as loading does, and `job_failed` where the process died of the model. */
export async function tryFile(
	{ jobs }: Rooms,
	input: TrialInput,
	call: Pick<Request, 'progress' | 'signal'>,
): Promise<TrialOutcome> {
	const limit = AbortSignal.timeout(longestTrial);
	const options = jobOptions(`Trying ${input.name}`, { ...call, signal: AbortSignal.any([call.signal, limit]) });
	try {
		return await jobs.run<TrialOutcome, TrialOutcome>(
			'trial',
			input,
			{ ...options, short: true },
			(outcome) => outcome,
		);
	} catch (error) {
		if (!limit.aborted || call.signal.aborted) throw error;
		throw new PerchError('invalid_model', `${input.name} gave no answer within ${longestTrial / 1000} s.`, {
			hint: 'Its graph may hold a loop that does not end.',
			cause: error,
		});
	}
}

const unservableCodes = new Set<string>(['invalid_model', 'model_mismatch', 'invalid_data', 'job_failed']);

/** What a model is for, or why it cannot be served. */
export async function servability(
	rooms: Rooms,
	input: TrialInput,
	call: Pick<Request, 'progress' | 'signal'>,
): Promise<{ task: string; unservable: string | null }> {
	try {
		const { description } = await tryFile(rooms, input, call);
		return { task: description.task, unservable: null };
	} catch (error) {
		const known = toPerchError(error);
		if (!unservableCodes.has(known.code)) throw known;
		return { task: 'unknown', unservable: [known.message, known.detail.hint].filter(Boolean).join(' ') };
	}
}
