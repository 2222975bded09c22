/** The entry of the gateway: `gateway.cjs --root FOLDER`. */
import { parseArgs } from 'node:util';
import { toPerchError } from './protocol/errors.ts';
import type { GatewayReport } from './serve/control.ts';
import { runGateway } from './serve/gatewayProcess.ts';

function report(told: GatewayReport): void {
	if (process.connected) process.send?.(told, () => process.disconnect());
}

async function main(): Promise<void> {
	const { values } = parseArgs({ options: { root: { type: 'string' }, idle: { type: 'string' } } });
	if (values.root === undefined) throw new Error('--root FOLDER is missing');
	const idle = values.idle === undefined ? {} : { idle: Number(values.idle) };
	await runGateway({ root: values.root, ...idle }, () => report('ready'));
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		const { message } = toPerchError(error);
		process.stderr.write(`${message}\n`);
		report({ error: message });
		process.exitCode = 1;
	},
);
