/** Starts the gateway of a root as a process that outlives the daemon. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { PerchError } from '../protocol/errors.ts';
import { type GatewayReport, gatewayPaths } from './control.ts';

const longestStart = 30_000;
const longestLog = 5_000_000;

/**
 * Starts `entry` (gateway.cjs) and waits until it can be commanded. What it writes goes to `.perch/logs/gateway.log`.
 * Throws `gateway_unavailable` with its words when it ends instead.
 */
export function startGateway(root: string, entry: string): Promise<void> {
	const { log } = gatewayPaths(root);
	mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
	const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
	const output = openSync(log, size > longestLog ? 'w' : 'a', 0o600);
	const child = spawn(process.execPath, [entry, '--root', root], {
		cwd: root,
		detached: true,
		windowsHide: true,
		stdio: ['ignore', output, output, 'ipc'],
		// In VS Code the executable is Electron, which runs as Node when told so.
		env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
	});
	closeSync(output);
	return new Promise((resolve, reject) => {
		const letGo = () => {
			clearTimeout(timer);
			child.removeAllListeners();
			child.on('error', () => undefined);
			if (child.connected) child.disconnect();
			child.unref();
		};
		const fail = (what: string) => {
			letGo();
			reject(
				new PerchError('gateway_unavailable', `The gateway ${what}.`, {
					file: log,
					hint: 'Its log tells more: perch daemon logs --gateway.',
				}),
			);
		};
		const timer = setTimeout(() => {
			child.kill('SIGKILL');
			fail(`was not ready after ${longestStart / 1000} seconds`);
		}, longestStart);
		child.on('message', (report: GatewayReport) => {
			if (report !== 'ready') return fail(`could not be started: ${report.error}`);
			letGo();
			resolve();
		});
		child.on('error', (error) => fail(`could not be started: ${error.message}`));
		child.on('exit', (code, signal) => fail(`ended while starting (${signal ?? `exit code ${code}`})`));
	});
}
