/** The repetitions of a simulation, spread over threads: the result is the same for any number of them. */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { Repetition } from './simulation.ts';

/** What a thread is given: something to be cloned that names the work, and which repetitions are its own. */
interface Share<Input> {
	input: Input;
	first: number;
	step: number;
	repetitions: number;
}

/** Rows of results a repetition, one entry an outcome (the traffic, its twins). */
export type RepetitionRow = Repetition[];
/** Prepares what all repetitions share, and returns what does one of them. */
export type PrepareRepetitions<Input> = (input: Input) => (repetition: number) => RepetitionRow;

/** Does all repetitions, in their order, on `threads` threads started from the file `entry`; one thread is this one. */
export async function spreadRepetitions<Input>(
	input: Input,
	prepare: PrepareRepetitions<Input>,
	{
		repetitions,
		threads,
		entry,
		onDone,
	}: { repetitions: number; threads: number; entry: string; onDone: (done: number) => void },
): Promise<RepetitionRow[]> {
	const rows = new Array<RepetitionRow>(repetitions);
	let done = 0;
	const take = (repetition: number, row: RepetitionRow) => {
		rows[repetition] = row;
		onDone(++done);
	};
	if (threads === 1) {
		const repeat = prepare(input);
		for (let repetition = 0; repetition < repetitions; repetition++) {
			take(repetition, repeat(repetition));
			// Progress leaves this process, and cancellation reaches it, between two repetitions only.
			await new Promise(setImmediate);
		}
		return rows;
	}
	await Promise.all(
		Array.from({ length: threads }, (_, first) => {
			const workerData: Share<Input> = { input, first, step: threads, repetitions };
			const worker = new Worker(entry, { workerData });
			worker.on('message', ({ repetition, row }: { repetition: number; row: RepetitionRow }) => take(repetition, row));
			return new Promise<void>((resolve, reject) => {
				worker.once('error', reject);
				worker.once('exit', (code) =>
					code === 0 ? resolve() : reject(new Error(`A simulation thread ended with ${code}.`)),
				);
			});
		}),
	);
	return rows;
}

/** The thread's side. */
export function repeatInThread<Input>(prepare: PrepareRepetitions<Input>): void {
	const { input, first, step, repetitions } = workerData as Share<Input>;
	const repeat = prepare(input);
	for (let repetition = first; repetition < repetitions; repetition += step) {
		parentPort?.postMessage({ repetition, row: repeat(repetition) });
	}
}
