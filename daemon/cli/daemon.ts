import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { connect } from '../client/connect.ts';
import { PerchError, toPerchError } from '../protocol/errors.ts';
import { methodNamed, type Result } from '../protocol/methods.ts';
import { version } from '../protocol/version.ts';
import { action, dist, given, number, type Session } from './command.ts';
import { eventsTable, figure } from './output.ts';

/** `perch daemon start|stop|status|logs`, `audit show|verify`, `rpc`. */
export function daemonCommands(program: Command): void {
	const daemon = program.command('daemon').description('the process that does the work of this folder');

	daemon
		.command('start')
		.description('start the daemon of this folder, or find it running')
		.option('--foreground', 'stay, and stop with Ctrl+C')
		.action(
			action(async (session, options: { foreground?: boolean }) => {
				if (options.foreground === true) return foreground(session.root);
				return showStatus(session, await session.request('daemon/status', {}));
			}),
		);

	daemon
		.command('stop')
		.description('stop the daemon and its gateway')
		.action(
			action(async (session) => {
				// A gateway outlives a daemon that was killed; the one that is started now takes it over, and ends it.
				const orphan = existsSync(join(session.root, '.perch', 'gateway.json'));
				const running = orphan ? await session.client() : await attached(session);
				const result =
					running === null ? { stopped: false, deployments: [], jobs: 0 } : await running.request('daemon/stop', {});
				running?.close();
				session.output.answer(result, () =>
					result.stopped
						? `Stopped${result.deployments.length > 0 ? `, with ${result.deployments.join(', ')}` : ''}.`
						: 'No daemon is running in this folder.',
				);
				return 0;
			}),
		);

	daemon
		.command('status')
		.description('tell what runs in this folder')
		.action(
			action(async (session) => {
				const running = await attached(session);
				if (running === null) {
					const stopped = {
						running: false,
						pid: null,
						version,
						root: session.root,
						socket: null,
						tracking_uri: null,
						serving_uri: null,
						token_file: join(session.root, '.perch', 'token'),
						deployments: [],
					};
					session.output.answer(stopped, () => `No daemon is running in ${session.root}.`);
					return 0;
				}
				const status = await running.request('daemon/status', {});
				running.close();
				return showStatus(session, status);
			}),
		);

	daemon
		.command('logs')
		.description('the last lines of a log')
		.option('--gateway', 'of the gateway')
		.option('--lines <n>', 'so many', number)
		.action(
			action(async ({ request, output }, options: { gateway?: boolean; lines?: number }) => {
				const result = await request('daemon/logs', {
					process: options.gateway === true ? 'gateway' : 'daemon',
					...given({ lines: options.lines }),
				});
				output.answer(result, () => result.lines.join('\n'));
				return 0;
			}),
		);

	const audit = program.command('audit').description('the trail of every change');

	audit
		.command('show')
		.description('list changes, newest first')
		.option('--subject <subject>', 'of one run, version or deployment')
		.option('--limit <n>', 'at most so many', number)
		.action(
			action(async ({ request, output }, options: { subject?: string; limit?: number }) => {
				const result = await request('audit/show', given({ ...options }));
				output.answer(result, () => eventsTable(result.events));
				return 0;
			}),
		);

	audit
		.command('verify')
		.description('recompute the chain of hashes')
		.action(
			action(async ({ request, output }) => {
				const result = await request('audit/verify', {});
				output.answer(result, () =>
					result.valid
						? `${result.events} events, unbroken; head ${result.head}`
						: `Broken at event ${figure(result.broken_at)}`,
				);
				return result.valid ? 0 : 3;
			}),
		);

	program
		.command('rpc')
		.description('call any method of the protocol')
		.argument('<method>')
		.argument('[params]', 'a JSON object', '{}')
		.action(
			action(async ({ request, output }, method: string, params: string) => {
				const result = await request(methodNamed(method), parseJson(params) as never);
				output.answer(result, () => JSON.stringify(result, null, 2));
				return 0;
			}),
		);
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new PerchError('invalid_arguments', `The params are not JSON: ${text}`, { field: 'params', cause });
	}
}

function showStatus({ output }: Session, result: Result<'daemon/status'>): number {
	output.answer(result, () => {
		const deployed = result.deployments.map(
			(one) => `  ${one.name}: ${one.model} version ${one.version} at ${one.uri}`,
		);
		return [
			`perchd ${result.version} (pid ${result.pid}) in ${result.root}`,
			`socket ${result.socket}`,
			`token in ${result.token_file}`,
			...(deployed.length > 0 ? ['deployed:', ...deployed] : ['nothing is deployed']),
		].join('\n');
	});
	return 0;
}

/** The running daemon of this folder, or null; never starts one. */
async function attached({ root }: Session) {
	try {
		return await connect({ root, dist, client: { name: 'perch', version }, start: false });
	} catch (error) {
		if (toPerchError(error).code === 'daemon_unavailable') return null;
		throw error;
	}
}

/** Runs the daemon as a child of this terminal until one of them ends. */
function foreground(root: string): Promise<number> {
	const child = spawn(process.execPath, [join(dist, 'perchd.cjs'), '--root', root], { stdio: 'inherit' });
	return new Promise((done) => child.once('exit', (code) => done(code ?? 1)));
}
