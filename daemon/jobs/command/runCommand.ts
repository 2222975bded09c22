/** Runs a command of a person's own in a job: its output line by line, a time limit, and no process left behind. */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { PerchError } from '../../protocol/errors.ts';
import { endTree, noteTree } from './processTree.ts';
import { masking } from './secrets.ts';

export interface CommandOptions {
	/** As a shell takes it. */
	readonly run: string;
	/** The working directory. */
	readonly folder: string;
	/** Seconds after which it is ended. */
	readonly timeout: number;
	/** Added to the environment of this process. */
	readonly env: Readonly<Record<string, string>>;
	/** Variables whose values no log shows. */
	readonly secrets: readonly string[];
	/** The folder of the job, where word of the process is left while it runs. */
	readonly dir: string;
	/** What it printed, without secrets. */
	readonly log: string;
	/** Hears each line of stdout, without secrets; true: it was meant for the caller and not for the log. */
	readonly onLine: (line: string) => boolean;
}

const mostLogged = 16 << 20;
const tailLines = 20;

/**
 * Resolves when the command has ended with 0; whatever it started and left running is ended then too. Throws `job_failed`
 * with the last lines that it printed, and `file_not_found` or `invalid_config` where it cannot be started.
 */
export async function runCommand({ run, folder, timeout, dir, log, onLine, ...given }: CommandOptions): Promise<void> {
	const env = environment(given.env);
	for (const name of given.secrets) requireSecret(env, name);
	const mask = masking(env, given.secrets);
	const file = createWriteStream(log, { mode: 0o600 });
	const tail: string[] = [];
	let logged = 0;
	const keep = (line: string) => {
		tail.push(line.length > 500 ? `${line.slice(0, 500)}...` : line);
		if (tail.length > tailLines) tail.shift();
		logged += line.length + 1;
		if (logged <= mostLogged) file.write(`${line}\n`);
	};
	// A group of its own, which ends with all that it starts.
	const child = spawn(run, {
		cwd: folder,
		env,
		shell: true,
		detached: process.platform !== 'win32',
		windowsHide: true,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const { pid } = child;
	const ended = new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code, signal) => resolve({ code, signal }));
	});
	const readers = [
		readLines(child.stdout, (line) => onLine(mask(line)) || keep(mask(line))),
		readLines(child.stderr, (line) => keep(mask(line))),
	];
	const stop = () => pid !== undefined && endTree(pid);
	const forget = pid === undefined ? () => undefined : noteTree(dir, pid);
	process.once('exit', stop);
	let late = false;
	const limit = setTimeout(() => {
		late = true;
		stop();
	}, timeout * 1000);
	try {
		const { code, signal } = await ended.catch((cause: unknown) => {
			throw new PerchError('file_not_found', `The command ${mask(run)} cannot be started in ${folder}.`, {
				field: 'model.folder',
				hint: 'Check model.folder.',
				cause,
			});
		});
		stop();
		// One that left its group may hold the pipes open.
		await Promise.race([Promise.all(readers), delay(1000, undefined, { ref: false })]);
		if (late) throw failed(`was ended after ${timeout} s`, 'Raise model.timeout, or give it less to do.');
		if (code !== 0) {
			throw failed(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`, 'Run it by hand.');
		}
	} finally {
		clearTimeout(limit);
		process.removeListener('exit', stop);
		forget();
		await new Promise<void>((resolve) => file.end(resolve));
	}

	function failed(how: string, hint: string): PerchError {
		const printed = tail.length === 0 ? ' It printed nothing.' : `\n${tail.join('\n')}`;
		return new PerchError('job_failed', `The command ${mask(run)} ${how}.${printed}`, { field: 'model.run', hint });
	}
}

/** That of this process without what makes Node of an editor, and with what was asked for. */
function environment(asked: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
	const { ELECTRON_RUN_AS_NODE: _, ...inherited } = process.env;
	return { ...inherited, ...asked };
}

function requireSecret(env: NodeJS.ProcessEnv, name: string): void {
	if (env[name] !== undefined) return;
	throw new PerchError('invalid_config', `model.secrets: there is no environment variable ${name}.`, {
		field: 'model.secrets',
		hint: 'Set it where the daemon is started, and start the daemon again: perch daemon stop.',
	});
}

function readLines(stream: Readable, take: (line: string) => void): Promise<void> {
	return new Promise((resolve) => {
		createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', take).once('close', resolve);
	});
}
