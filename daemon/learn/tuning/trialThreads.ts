/** Threads that measure trials on folds which all of them share. */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { measureTrial, shareLesson, type TrialLesson } from './lessons.ts';
import type { Measurement, Metrics } from './trial.ts';

export interface TrialThreads {
	/** Metrics of each fold asked for; rejects with what the estimator says of the params. */
	measure(measurement: Measurement): Promise<Metrics[]>;
	/** Ends the threads, whatever they do. */
	close(): Promise<void>;
}

type Answer = { readonly metrics: Metrics[] } | { readonly refusal: string };

/** Starts `count` threads from the bundle `entry`. One that dies fails its trial, and another takes its place. */
export function startTrialThreads(entry: string, count: number, lesson: TrialLesson): TrialThreads {
	const shared = shareLesson(lesson);
	const start = () => new Worker(entry, { workerData: shared });
	const idle = Array.from({ length: count }, start);
	const all = new Set(idle);
	const waiting: ((thread: Worker) => void)[] = [];
	const free = (thread: Worker) => {
		const next = waiting.shift();
		if (next === undefined) idle.push(thread);
		else next(thread);
	};
	return {
		async measure(measurement) {
			const thread = idle.pop() ?? (await new Promise<Worker>((resolve) => waiting.push(resolve)));
			const answer = await ask(thread, measurement).catch((error: unknown) => {
				all.delete(thread);
				const heir = start();
				all.add(heir);
				free(heir);
				throw error;
			});
			free(thread);
			if ('refusal' in answer) throw new Error(answer.refusal);
			return answer.metrics;
		},
		async close() {
			await Promise.all([...all].map((thread) => thread.terminate()));
		},
	};
}

function ask(thread: Worker, measurement: Measurement): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const settle = () => {
			for (const event of ['message', 'error', 'exit']) thread.removeAllListeners(event);
		};
		thread.on('message', (answer: Answer) => {
			settle();
			resolve(answer);
		});
		thread.on('error', (error) => {
			settle();
			reject(error);
		});
		thread.on('exit', (code) => {
			settle();
			reject(new Error(`The thread of the trial ended with ${code}.`));
		});
		thread.postMessage(measurement);
	});
}

/** The thread's side. */
export function answerMeasurements(): void {
	const lesson = workerData as TrialLesson;
	parentPort?.on('message', async (measurement: Measurement) => {
		const answer: Answer = await measureTrial(lesson, measurement).then(
			(metrics) => ({ metrics }),
			(error: Error) => ({ refusal: error.message }),
		);
		parentPort?.postMessage(answer);
	});
}
