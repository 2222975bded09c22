/** The built command line, run as a user would: a process in a folder, its exit code, and what it printed. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, connect } from '../../daemon/client/connect.ts';

export const repository = join(import.meta.dirname, '../..');
export const dist = join(repository, 'dist');

export interface Ended {
	code: number | null;
	stdout: string;
	stderr: string;
}

/** A folder of its own with the daemon that a test starts in it; `end` stops the daemon and removes the folder. */
export interface Workplace {
	folder: string;
	perch(...args: string[]): Ended;
	/** Runs a command with `--json`, expects exit code 0, and returns its value. */
	json<T = Record<string, unknown>>(...args: string[]): T;
	/** Runs a command with `--json` that must fail, and returns its exit code and error. */
	refused(...args: string[]): {
		code: number | null;
		error: { code: string; message: string; hint?: string; file?: string; line?: number; field?: string };
	};
	/** A connection to the daemon of the folder, which is started where none runs. */
	connect(name?: string): Promise<Client>;
	/** The cells of a CSV file in the folder without quotes, row by row, less its head. */
	rows(file: string): string[][];
	end(): void;
}

export function createWorkplace(sample?: string): Workplace {
	const folder = mkdtempSync(join(tmpdir(), 'perch-test-'));
	if (sample !== undefined) cpSync(join(repository, 'samples', sample), folder, { recursive: true });
	const perch = (...args: string[]): Ended => {
		const { status, stdout, stderr } = spawnSync(process.execPath, [join(dist, 'perch.cjs'), ...args], {
			cwd: folder,
			encoding: 'utf8',
			maxBuffer: 2 ** 28,
		});
		return { code: status, stdout, stderr };
	};
	return {
		folder,
		perch,
		json(...args) {
			const { code, stdout, stderr } = perch(...args, '--json');
			if (code !== 0) throw new Error(`perch ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
			return JSON.parse(stdout);
		},
		refused(...args) {
			const { code, stdout, stderr } = perch(...args, '--json');
			if (code === 0) throw new Error(`perch ${args.join(' ')} was not refused: ${stdout}`);
			try {
				return { code, error: JSON.parse(stdout).error };
			} catch {
				throw new Error(`perch ${args.join(' ')} ended with ${code} and no error object: ${stdout}${stderr}`);
			}
		},
		connect: (name = 'test') => connect({ root: folder, dist, client: { name, version: '1' } }),
		rows(file) {
			const [, ...lines] = readFileSync(join(folder, file), 'utf8').trim().split(/\r?\n/);
			return lines.map((line) => line.split(','));
		},
		end() {
			perch('daemon', 'stop');
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
