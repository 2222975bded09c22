import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Client, connect } from '../client/connect.ts';
import { findRoot } from '../client/root.ts';
import type { Progress } from '../protocol/core.ts';
import { toPerchError } from '../protocol/errors.ts';
import type { MethodName, Params, Result } from '../protocol/methods.ts';
import { asideNote, type Quarantined, type Reading } from '../protocol/reading.ts';
import { version } from '../protocol/version.ts';
import { createOutput, type Output, printable, printError } from './output.ts';

/** What a command works with: the daemon, asked only when needed, and the way answers are printed. */
export interface Session {
	readonly root: string;
	readonly output: Output;
	client(): Promise<Client>;
	/** Calls a method; long ones show their progress on a terminal and are cancelled by Ctrl+C. */
	request<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>>;
}

/** Where the bundles lie: beside this file. */
export const dist = import.meta.dirname;

/** Makes an action of a command: `--json`, errors with their exit codes, and the connection's end are the same for all. */
export function action<Args extends unknown[]>(work: (session: Session, ...args: Args) => Promise<number | undefined>) {
	return async function run(this: Command, ...args: unknown[]): Promise<void> {
		const command = args.at(-1) as Command;
		const json = command.optsWithGlobals()['json'] === true;
		const output = createOutput(json);
		const root = findRoot(process.cwd());
		const abort = new AbortController();
		const interrupt = () => abort.abort();
		process.once('SIGINT', interrupt);
		let connection: Promise<Client> | undefined;
		const client = () => {
			connection ??= connect({ root, dist, client: { name: 'perch', version } });
			return connection;
		};
		const progress = createProgress();
		try {
			const request: Session['request'] = async (method, params) => {
				const result = await (await client()).request(method, params, {
					onProgress: progress.show,
					signal: abort.signal,
				});
				progress.clear();
				return result;
			};
			process.exitCode = (await work({ root, output, client, request }, ...(args.slice(0, -1) as Args))) ?? 0;
		} catch (error) {
			progress.clear();
			process.exitCode = printError(toPerchError(error), json);
		} finally {
			process.off('SIGINT', interrupt);
			await connection?.then((open) => open.close()).catch(() => undefined);
		}
	};
}

/** One line of progress, rewritten in place; nothing where stderr is no terminal. */
function createProgress(): { show(progress: Progress): void; clear(): void } {
	if (!process.stderr.isTTY) return { show: () => undefined, clear: () => undefined };
	return {
		show: ({ message, share }) =>
			process.stderr.write(`\r\u001b[K${share === undefined ? '' : `${Math.round(share * 100)} % `}${message}`),
		clear: () => process.stderr.write('\r\u001b[K'),
	};
}

/** A path from the command line, absolute. */
export function absolute(path: string): string {
	return resolve(process.cwd(), path);
}

/** The perch.yaml that a command means: the one given, else the nearest above the current folder, if any. */
export function nearestConfig(given: string | undefined): string | undefined {
	if (given !== undefined) return absolute(given);
	for (let folder = process.cwd(); ; folder = dirname(folder)) {
		const file = join(folder, 'perch.yaml');
		if (existsSync(file)) return file;
		if (folder === dirname(folder)) return undefined;
	}
}

/** `config` as a field of params: absent rather than undefined. */
export function configField(given: string | undefined): { config?: string } {
	const config = nearestConfig(given);
	return config === undefined ? {} : { config };
}

/** The options of commands that work with a perch.yaml. */
export function withConfig(command: Command): Command {
	return command
		.option('-c, --config <file>', 'a perch.yaml; the nearest above this folder unless told')
		.option('--set <path=value>', 'override a value of perch.yaml', several);
}

/** The options of commands that read a data file. */
export function withReading(command: Command): Command {
	return command
		.option('--encoding <name>', 'of text files, such as windows-1252; UTF-8 unless told')
		.addOption(
			new Option('--on-bad <what>', 'with rows that cannot be read or do not fit').choices(['stop', 'quarantine']),
		);
}

export interface ReadingOptions {
	encoding?: string;
	onBad?: 'stop' | 'quarantine';
}

/** The same as fields of params. */
export function readingFields({ encoding, onBad }: ReadingOptions): Reading {
	return given({ encoding, on_bad: onBad });
}

/** Tells which rows were set aside. */
export function noteQuarantined(output: Output, quarantined: Quarantined): void {
	for (const one of quarantined) output.note(printable(`warning: ${asideNote(one)}`));
}

/** A model as a request names it: a path of an .onnx file becomes absolute, everything else stays. */
export function modelRef(text: string): string {
	return text.endsWith('.onnx') ? absolute(text) : text;
}

/** Reads the value of an option that takes a number. */
export function number(text: string): number {
	const value = Number(text);
	if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
	return value;
}

/** Collects an option that may be given several times. */
export function several(value: string, earlier: string[] = []): string[] {
	return [...earlier, value];
}

/** The fields of an options object that were given, so that `undefined` never reaches the wire. */
export function given<T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
		[K in keyof T]?: Exclude<T[K], undefined>;
	};
}
