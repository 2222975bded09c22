import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Command } from 'commander';
import { PerchError } from '../protocol/errors.ts';
import { action, dist } from './command.ts';
import { table } from './output.ts';
import { type Check, checks } from './probes.ts';

/** `perch doctor`. */
export function doctorCommand(program: Command): void {
	program
		.command('doctor')
		.description('check what Perch rests on, and say what to do')
		.option('--probe <name>', 'one of the checks, in this process')
		.action(
			action(async ({ root, output }, options: { probe?: string }) => {
				if (options.probe !== undefined) {
					const check = checks.find(({ name }) => name === options.probe);
					if (check === undefined) {
						throw new PerchError('invalid_arguments', `There is no check ${options.probe}.`, {
							hint: `Checks: ${checks.map(({ name }) => name).join(', ')}.`,
						});
					}
					const found = await check.probe(root);
					output.answer({ found }, () => found);
					return 0;
				}
				const results = await Promise.all(checks.map(inChild));
				const passed = results.every((result) => result.passed);
				output.answer({ passed, checks: results }, () => {
					const rows = results.map((result) => [
						result.passed ? 'ok' : 'FAILED',
						result.check,
						result.found,
						result.passed ? '' : result.remedy,
					]);
					return table(['', 'check', 'found', 'what to do'], rows, '');
				});
				return passed ? 0 : 1;
			}),
		);
}

/** Runs one check in a child process; how it ended is the result, whatever happened in it. */
function inChild({ name, remedy }: Check): Promise<{ check: string; passed: boolean; found: string; remedy: string }> {
	return new Promise((done) => {
		const child = spawn(process.execPath, [join(dist, 'perch.cjs'), 'doctor', '--probe', name], {
			stdio: ['ignore', 'pipe', 'pipe'],
			timeout: 20_000,
		});
		const said: string[] = [];
		child.stdout.on('data', (chunk: Buffer) => said.push(chunk.toString()));
		child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
		child.once('close', (code, signal) => {
			const text = said.join('').trim();
			const found =
				signal !== null
					? `the process ended by ${signal}`
					: text === ''
						? `exit code ${code}`
						: text.replace(/^perch: /, '');
			done({ check: name, passed: code === 0, found, remedy });
		});
	});
}
