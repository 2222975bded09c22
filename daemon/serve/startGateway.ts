import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { startDetached } from '../client/startDetached.ts';
import { PerchError } from '../protocol/errors.ts';
import { type GatewayReport, gatewayPaths } from './control.ts';

/**
 * Starts `entry` (gateway.cjs) as a process that outlives the daemon, and waits until it can be commanded. What it
 * writes goes to `.perch/logs/gateway.log`. Throws `gateway_unavailable` with its words when it ends instead.
 */
export async function startGateway(root: string, entry: string): Promise<void> {
	const { log } = gatewayPaths(root);
	mkdirSync(dirname(log), { recursive: true, mode: 0o700 });
	const started = await startDetached<GatewayReport>({
		entry,
		args: ['--root', root],
		cwd: root,
		log,
		longestLog: 5_000_000,
	});
	if ('failed' in started) throw unavailable(log, started.failed);
	if (started.report !== 'ready')
		throw unavailable(log, `could not be started: ${started.report.error.replace(/\.$/, '')}`);
}

function unavailable(log: string, what: string): PerchError {
	return new PerchError('gateway_unavailable', `The gateway ${what}.`, {
		file: log,
		hint: 'Its log tells more: perch daemon logs --gateway.',
	});
}
