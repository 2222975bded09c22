/** Threads that measure trials on folds which all of them share. */
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { alone } from '../../kernels/team.ts';
import type { ModelSection } from '../../protocol/project/model.ts';
import { createRandom, shuffle } from '../../stats/random.ts';
import { estimatorOf } from '../estimators.ts';
import type { Target } from '../target.ts';
import { type PreparedFold, scoreFold } from '../validation/crossValidate.ts';
import type { Measurement, Metrics } from './trial.ts';

/** What every thread works with; its arrays lie in shared memory. */
export interface TrialLesson {
	readonly model: ModelSection;
	readonly target: Target;
	readonly folds: readonly PreparedFold[];
	readonly seed: number;
	/** A folder for what an external trainer reads and writes. */
	readonly dir?: string | undefined;
}

export interface TrialThreads {
	/** Metrics of each fold asked for; rejects with what the estimator says of the params. */
	measure(measurement: Measurement): Promise<Metrics[]>;
	/** Ends the threads, whatever they do. */
	close(): Promise<void>;
}

type Answer = { readonly metrics: Metrics[] } | { readonly refusal: string };

/** Starts `count` threads from the bundle `entry`. One that dies fails its trial, and another takes its place. */
export function startTrialThreads(entry: string, count: number, lesson: TrialLesson): TrialThreads {
	const shared: TrialLesson = {
		...lesson,
		target: shareTarget(lesson.target),
		folds: lesson.folds.map(({ matrix, train, test }) => ({
			train: share(train),
			test: share(test),
			matrix: { ...matrix, columns: matrix.columns.map(share) },
		})),
	};
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

function share<A extends Float32Array | Float64Array | Uint32Array | Uint16Array>(values: A): A {
	const Kind = values.constructor as new (buffer: SharedArrayBuffer) => A;
	const copy = new Kind(new SharedArrayBuffer(values.byteLength));
	copy.set(values as never);
	return copy;
}

function shareTarget(target: Target): Target {
	const { weights } = target;
	const rows = { rows: share(target.rows), ...(weights !== undefined && { weights: share(weights) }) };
	return target.task === 'regression'
		? { ...target, ...rows, values: share(target.values) }
		: { ...target, ...rows, codes: share(target.codes) };
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

/** Learns from the asked share of the rows of each fold and measures with the others; more rows hold those of fewer. */
export async function measureTrial(
	{ model, target, folds, seed, dir }: TrialLesson,
	{ params, folds: asked, share: rowShare }: Measurement,
): Promise<Metrics[]> {
	const estimator = estimatorOf({ ...model, params: { ...model.params, ...params } }, { team: alone, dir });
	if (estimator.kind !== 'predictor') throw new Error(`${model.type} predicts nothing.`);
	const measured: Metrics[] = [];
	for (const number of asked) {
		const fold = folds[number] as PreparedFold;
		const count = Math.max(1, Math.round(rowShare * fold.train.length));
		const train =
			rowShare === 1
				? fold.train
				: shuffle(fold.train.slice(), createRandom(seed, 'rows', number))
						.slice(0, count)
						.sort();
		measured.push(await scoreFold({ ...fold, train }, target, estimator, () => undefined));
	}
	return measured;
}
