/** perchd: the daemon of one folder (`--root R`), or a bridge from stdin and stdout to it (`--stdio`). */
import { realpathSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bridge } from './client/bridge.ts';
import { findRoot } from './client/root.ts';
import type { StartReport } from './client/start.ts';
import { toPerchError } from './protocol/errors.ts';
import { type RunningDaemon, runDaemon } from './rpc/runDaemon.ts';

const dist = import.meta.dirname;

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			root: { type: 'string' },
			stdio: { type: 'boolean', default: false },
			'read-only': { type: 'boolean', default: false },
		},
	});
	const root = values.root === undefined ? findRoot(process.cwd()) : realpathSync(values.root);
	const readOnly = values['read-only'];
	if (values.stdio) return bridge({ root, dist, readOnly }, process.stdin, process.stdout, say);

	const idleSeconds = Number(process.env['PERCH_IDLE_SECONDS'] ?? 600) || 600;
	const running = await runDaemon({ root, dist, readOnly, idleSeconds });
	if (running === null) {
		say(`A daemon already runs for ${root}; it stays as it is.`);
		await report('running');
		return 1;
	}
	endOnSignals(running);
	if (process.send === undefined) say(`perchd listens on ${running.socket} (pid ${process.pid}).`);
	await report('ready');
	await running.ended;
	return 0;
}

function endOnSignals({ stop }: RunningDaemon): void {
	for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop());
}

function say(text: string): void {
	process.stderr.write(`${text}\n`);
}

/** Tells the process that started this one how it went, and lets go of it. */
async function report(state: StartReport): Promise<void> {
	if (process.send === undefined) return;
	await new Promise<void>((resolve) => process.send?.(state, undefined, undefined, () => resolve()));
	if (process.connected) process.disconnect();
}

// What nobody foresaw leaves the state of this process unknown: it ends, and what it was doing is marked on the next start.
process.on('uncaughtException', (error) => {
	say(error.stack ?? String(error));
	process.exit(1);
});

main().then(
	(code) => process.exit(code),
	async (error: unknown) => {
		const known = toPerchError(error);
		say(known.code === 'internal' ? String(known.stack) : `${known.message} ${known.detail.hint ?? ''}`);
		await report({ error: known.toBody() });
		process.exit(1);
	},
);
