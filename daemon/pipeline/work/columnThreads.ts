/** Columns spread over threads. Each is done by one thread alone, so the answers are the same for any number of them. */
import { parentPort, Worker } from 'node:worker_threads';
import type { Column } from '../../data/table.ts';
import { type ColumnAnswer, type ColumnTask, doColumnTask } from './columnTask.ts';

export interface ColumnThreads {
	/** Does a column as soon as a thread is free. The memory of the column is given away. */
	do(task: ColumnTask): Promise<ColumnAnswer>;
	close(): Promise<void>;
}

/** A dictionary of more words costs more to copy to a thread than its column to examine. */
const longestDictionary = 50_000;

/** Starts threads from the bundle `entry`; with one thread it is this one. */
export function startColumnThreads(entry: string, threads: number): ColumnThreads {
	if (threads <= 1) return here;
	const idle = Array.from({ length: threads }, () => startThread(entry));
	const all = [...idle];
	const waiting: (() => void)[] = [];

	return {
		async do(task) {
			if (columnsOf(task).some((column) => column.kind === 'string' && column.dictionary.length > longestDictionary)) {
				return doColumnTask(task);
			}
			while (idle.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
			const thread = idle.pop() as Thread;
			try {
				return await thread.do(task);
			} finally {
				idle.push(thread);
				waiting.shift()?.();
			}
		},
		async close() {
			await Promise.all(all.map(({ worker }) => worker.terminate()));
		},
	};
}

const here: ColumnThreads = {
	// Progress leaves this process between two columns only.
	do: (task) =>
		new Promise((resolve, reject) =>
			setImmediate(() => {
				try {
					resolve(doColumnTask(task));
				} catch (error) {
					reject(error);
				}
			}),
		),
	close: async () => undefined,
};

interface Thread {
	worker: Worker;
	do(task: ColumnTask): Promise<ColumnAnswer>;
}

function startThread(entry: string): Thread {
	const worker = new Worker(entry);
	// Between two columns nobody waits for it; what ends it then is told by the next.
	worker.on('error', () => undefined);
	return {
		worker,
		do: (task) =>
			new Promise((resolve, reject) => {
				const settle = () => {
					worker.off('message', take);
					worker.off('error', fail);
					worker.off('exit', exit);
				};
				const take = (answer: ColumnAnswer) => {
					settle();
					resolve(answer);
				};
				const fail = (error: Error) => {
					settle();
					reject(error);
				};
				const exit = (code: number) => fail(new Error(`A thread ended with ${code} at the column ${task.name}.`));
				worker.on('message', take);
				worker.on('error', fail);
				worker.on('exit', exit);
				worker.postMessage(task, columnsOf(task).map(memoryOf));
			}),
	};
}

function columnsOf({ reference, current }: ColumnTask): Column[] {
	return [reference, current].filter((column) => column !== null);
}

function memoryOf(column: Column): ArrayBuffer {
	return (column.kind === 'number' ? column.values.buffer : column.codes.buffer) as ArrayBuffer;
}

/** The thread's side. */
export function answerColumnTasks(): void {
	parentPort?.on('message', (task: ColumnTask) => parentPort?.postMessage(doColumnTask(task)));
}
