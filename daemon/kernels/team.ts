/**
 * Threads that do the parts of one piece of work together, this thread among them. The caller waits, so a fit stays a plain
 * function; a part may go to any thread, and work whose parts do not depend on each other gives the same for any number.
 */
import { type MessagePort, receiveMessageOnPort, Worker, workerData } from 'node:worker_threads';
import { PerchError } from '../protocol/errors.ts';

/** Does a part of a piece of work; `values` are those of `Task.run`. An answer is cloned if another thread gives it. */
export type DoPart<Answer> = (part: number, values: Float64Array) => Answer;

/** A kind of work: every thread prepares it once from the same input, which is cloned except for what is shared. */
export interface Work<Input, Answer> {
	readonly name: string;
	prepare(input: Input): DoPart<Answer>;
}

export interface Task<Answer> {
	/** Does the parts 0 to `parts` − 1 and returns their answers. At most eight numbers may be told to all parts. */
	run(parts: number, ...values: number[]): Answer[];
	/** Lets the threads forget it. */
	close(): void;
}

export interface Team {
	readonly threads: number;
	open<Input, Answer>(work: Work<Input, Answer>, input: Input): Task<Answer>;
	/** Ends the threads. */
	close(): Promise<void>;
}

/** This thread alone. */
export const alone: Team = {
	threads: 1,
	open({ prepare }, input) {
		const doPart = prepare(input);
		return {
			run: (parts, ...values) => {
				const told = Float64Array.from(values);
				return Array.from({ length: parts }, (_, part) => doPart(part, told));
			},
			close: () => undefined,
		};
	},
	close: async () => undefined,
};

/** Places in the words that threads share. */
const epoch = 0;
const isOpen = 1;
const inside = 2;
const nextPart = 3;
const partCount = 4;
const taskNumber = 5;
const failures = 6;
/** Answers that threads have sent. */
const sent = 7;
/** Helpers that ended in the midst of a part. */
const lost = 15;
/** From here on a word for each helper: whether it is among those inside. */
const atWork = 16;
const mostValues = 8;

interface Common {
	readonly words: Int32Array;
	readonly values: Float64Array;
}

type Letter =
	| { readonly kind: 'open'; readonly task: number; readonly name: string; readonly input: unknown }
	| { readonly kind: 'close'; readonly task: number };
type Answered =
	| { readonly kind: 'answer'; readonly part: number; readonly answer: unknown }
	| { readonly kind: 'failed'; readonly error: unknown };

/** Loads of a word before a thread goes to sleep: waking it takes as long as a thousand of them. */
const spins = 20_000;
/** Milliseconds a thread sleeps at most before it looks again. */
const shortSleep = 1;
const longSleep = 100;

/**
 * Starts `threads` − 1 threads from the bundle `entry`, which calls `joinTeam`; they are of use as soon as they are up. The
 * caller of `run` hears nothing while it waits, so another thread starts them, and tells it when one of them ends.
 */
export function startTeam(entry: string, threads: number): Team {
	if (threads <= 1) return alone;
	const common: Common = {
		words: new Int32Array(new SharedArrayBuffer(4 * (atWork + threads))),
		values: new Float64Array(new SharedArrayBuffer(8 * mostValues)),
	};
	const helpers = startHelpers(entry, common, threads - 1);
	let tasks = 0;
	return {
		threads,
		open({ name, prepare }, input) {
			const task = ++tasks;
			const doPart = prepare(input);
			const tell = (letter: Letter) => {
				for (const port of helpers.ports) port.postMessage(letter);
			};
			tell({ kind: 'open', task, name, input });
			return {
				run: (parts, ...values) => runTogether(common, helpers, task, doPart, parts, values),
				close: () => tell({ kind: 'close', task }),
			};
		},
		async close() {
			await helpers.watcher.terminate();
		},
	};
}

/** The thread that watches over the helpers, the port on which it says why one ended, and those of the helpers. */
interface Helpers {
	readonly watcher: Worker;
	readonly news: MessagePort;
	readonly ports: readonly MessagePort[];
}

type Watching = Common & { entry: string; ports: MessagePort[]; news: MessagePort };
type Helping = Common & { index: number; port: MessagePort };

function startHelpers(entry: string, common: Common, count: number): Helpers {
	const channels = Array.from({ length: count }, () => new MessageChannel());
	const news = new MessageChannel();
	const given: Watching = { ...common, entry, ports: channels.map(({ port2 }) => port2), news: news.port2 };
	const watcher = new Worker(entry, { workerData: given, transferList: [...given.ports, given.news] as never[] });
	watcher.on('error', () => undefined);
	watcher.unref();
	const ports = channels.map(({ port1 }) => port1);
	for (const port of [...ports, news.port1]) port.unref();
	return { watcher, news: news.port1, ports };
}

/** A helper that ends between two pieces of work is not missed; a part that it had begun is lost. */
function watch({ words, values, entry, ports, news }: Watching): void {
	for (const [index, port] of ports.entries()) {
		const given: Helping = { words, values, index, port };
		const worker = new Worker(entry, { workerData: given, transferList: [port as never] });
		let why = 'it ended by itself';
		worker.on('error', (error) => {
			why = error.message;
		});
		worker.on('exit', () => {
			if (Atomics.load(words, atWork + index) === 0) return;
			news.postMessage(why);
			Atomics.add(words, lost, 1);
			Atomics.notify(words, inside);
		});
	}
}

function runTogether<Answer>(
	{ words, values }: Common,
	{ ports, news }: Helpers,
	task: number,
	doPart: DoPart<Answer>,
	parts: number,
	told: readonly number[],
): Answer[] {
	const answers = new Array<Answer>(parts);
	values.set(told);
	Atomics.store(words, nextPart, 0);
	Atomics.store(words, partCount, parts);
	Atomics.store(words, taskNumber, task);
	Atomics.store(words, failures, 0);
	Atomics.store(words, sent, 0);
	Atomics.store(words, isOpen, 1);
	Atomics.add(words, epoch, 1);
	Atomics.notify(words, epoch);
	try {
		for (let part = Atomics.add(words, nextPart, 1); part < parts; part = Atomics.add(words, nextPart, 1)) {
			answers[part] = doPart(part, values);
		}
	} finally {
		Atomics.store(words, nextPart, parts);
		// Whoever came in before it was closed is waited for; whoever comes later sees that it is closed.
		Atomics.store(words, isOpen, 0);
		waitWhile(words, inside, (count) => count > Atomics.load(words, lost), shortSleep);
	}
	if (Atomics.load(words, lost) > 0) throw threadLost(receiveMessageOnPort(news)?.message);
	const hasFailed = Atomics.load(words, failures) > 0;
	// To look for letters takes longer than many a part.
	if (hasFailed || Atomics.load(words, sent) > 0) collect(ports, answers, hasFailed);
	return answers;
}

function threadLost(why: unknown): PerchError {
	return new PerchError('job_failed', `A thread ended in the midst of its work: ${why ?? 'another was lost before'}.`, {
		hint: 'The system may have run out of memory: try with fewer rows or columns.',
	});
}

function collect<Answer>(ports: readonly MessagePort[], answers: Answer[], hasFailed: boolean): void {
	let failed: Answered | undefined;
	for (const port of ports) {
		for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
			const answered = next.message as Answered;
			if (answered.kind === 'failed') failed = answered;
			else answers[answered.part] = answered.answer as Answer;
		}
	}
	if (hasFailed) throw failed?.kind === 'failed' ? failed.error : new Error('A thread failed without a word.');
}

/** Returns the first value that is no longer to be waited for. */
function waitWhile(words: Int32Array, word: number, isToWait: (value: number) => boolean, sleep: number): number {
	for (let spin = 0; spin < spins; spin++) {
		const value = Atomics.load(words, word);
		if (!isToWait(value)) return value;
	}
	for (;;) {
		const value = Atomics.load(words, word);
		if (!isToWait(value)) return value;
		Atomics.wait(words, word, value, sleep);
	}
}

/** The threads' side: watches over the others, or does parts until the thread is ended. `works` are all that it may be asked for. */
export function joinTeam(works: readonly Work<never, unknown>[]): void {
	const given = workerData as Watching | Helping;
	if ('entry' in given) watch(given);
	else help(given, works);
}

function help({ words, values, index, port }: Helping, works: readonly Work<never, unknown>[]): never {
	const byName = new Map(works.map((work) => [work.name, work]));
	const tasks = new Map<number, () => DoPart<unknown>>();
	const readLetters = () => {
		for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
			const letter = next.message as Letter;
			if (letter.kind === 'close') tasks.delete(letter.task);
			else
				tasks.set(
					letter.task,
					once(() => prepareFrom(byName.get(letter.name), letter)),
				);
		}
	};
	let seen = 0;
	for (;;) {
		seen = waitWhile(words, epoch, (value) => value === seen, longSleep);
		readLetters();
		Atomics.store(words, atWork + index, 1);
		Atomics.add(words, inside, 1);
		if (Atomics.load(words, isOpen) === 1) doParts({ words, values }, tasks.get(Atomics.load(words, taskNumber)), port);
		if (Atomics.sub(words, inside, 1) === 1) Atomics.notify(words, inside);
		Atomics.store(words, atWork + index, 0);
	}
}

function doParts({ words, values }: Common, task: (() => DoPart<unknown>) | undefined, port: MessagePort): void {
	// Its letter may have come after the letters were read; then others do the work.
	if (task === undefined) return;
	const parts = Atomics.load(words, partCount);
	try {
		const doPart = task();
		for (let part = Atomics.add(words, nextPart, 1); part < parts; part = Atomics.add(words, nextPart, 1)) {
			const answer = doPart(part, values);
			if (answer === undefined) continue;
			port.postMessage({ kind: 'answer', part, answer } satisfies Answered);
			Atomics.add(words, sent, 1);
		}
	} catch (error) {
		Atomics.store(words, nextPart, parts);
		Atomics.add(words, failures, 1);
		port.postMessage({ kind: 'failed', error } satisfies Answered);
	}
}

function prepareFrom(work: Work<never, unknown> | undefined, { name, input }: Letter & { kind: 'open' }) {
	if (work === undefined) throw new Error(`No thread knows the work ${name}.`);
	return work.prepare(input as never);
}

function once<T>(make: () => T): () => T {
	let made: { value: T } | undefined;
	return () => {
		made ??= { value: make() };
		return made.value;
	};
}
