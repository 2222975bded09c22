import { type Command, Option } from 'commander';
import type { Deployment } from '../protocol/serving.ts';
import { action, configField, given, modelRef, number, withConfig } from './command.ts';
import { age, figure, percent, table } from './output.ts';

/** `perch serve`, `deployments list|show|stop`, `logs`. */
export function servingCommands(program: Command): void {
	withConfig(program.command('serve'))
		.description('deploy a model; returns when the gateway answers')
		.option('-m, --model <ref>', 'name@alias, name@latest, name/version or an .onnx file, instead of a perch.yaml')
		.option('--name <name>', 'name of the deployment')
		.option('--port <port>', 'of the gateway', number)
		.addOption(new Option('--auth <auth>', 'whether requests need a token').choices(['token', 'none']))
		.action(
			action(
				async (
					{ request, output },
					options: {
						config?: string;
						set?: string[];
						model?: string;
						name?: string;
						port?: number;
						auth?: 'token' | 'none';
					},
				) => {
					const result = await request('serve', {
						...(options.model === undefined ? configField(options.config) : { model: modelRef(options.model) }),
						...given({ set: options.set, name: options.name, port: options.port, auth: options.auth }),
					});
					output.answer(
						result,
						() =>
							`${result.deployment} answers at ${result.serving_uri} with ${result.model} version ${result.version}`,
					);
					return 0;
				},
			),
		);

	const deployments = program.command('deployments').description('what is served');

	deployments
		.command('list')
		.description('list deployments')
		.action(
			action(async ({ request, output }) => {
				const result = await request('deployments/list', {});
				output.answer(result, () => {
					const rows = result.deployments.map((one) => [
						one.name,
						one.state,
						`${one.model} ${one.version}`,
						canaryText(one),
						one.requests,
						one.serving_uri,
					]);
					return table(
						['deployment', 'state', 'serves', 'canary', 'requests', 'at'],
						rows,
						'Nothing is deployed. Deploy with perch serve.',
					);
				});
				return 0;
			}),
		);

	deployments
		.command('show')
		.description('show a deployment')
		.argument('<name>')
		.action(
			action(async ({ request, output }, name: string) => {
				const result = await request('deployments/show', { name });
				output.answer(result, () => deploymentText(result.deployment));
				return 0;
			}),
		);

	deployments
		.command('stop')
		.description('stop a deployment')
		.argument('<name>')
		.action(
			action(async ({ request, output }, name: string) => {
				const result = await request('deployments/stop', { name });
				output.answer(result, () => `Stopped ${result.deployment}`);
				return 0;
			}),
		);

	program
		.command('logs')
		.description('logged requests, newest first')
		.option('--deployment <name>', 'of one; all unless told')
		.option('--limit <n>', 'at most so many', number)
		.action(
			action(async ({ request, output }, options: { deployment?: string; limit?: number }) => {
				const result = await request('logs', given({ ...options }));
				output.answer(result, () => {
					const rows = result.requests.map((one) => [
						age(one.ts),
						one.deployment,
						one.arm,
						one.version,
						one.status,
						one.rows,
						`${figure(one.latency_us / 1000)} ms`,
						one.id,
					]);
					return table(
						['when', 'deployment', 'arm', 'version', 'status', 'rows', 'took', 'id'],
						rows,
						'No requests yet.',
					);
				});
				return 0;
			}),
		);
}

function canaryText({ canary }: Deployment): string {
	if (canary === null) return '–';
	return canary.status === 'running'
		? `${canary.candidate} at ${percent(canary.share)}`
		: `${canary.candidate} ${canary.status.replace('_', ' ')}`;
}

/** A deployment as a person reads it. */
export function deploymentText(one: Deployment): string {
	const lines = [
		`${one.name} ${one.state} at ${one.serving_uri} (auth: ${one.auth})`,
		`serves ${one.model} version ${one.version}; ${one.requests} requests, ${one.errors} errors, since ${age(one.started_at)}`,
	];
	if (one.canary !== null) {
		const { requests, reason } = one.canary;
		lines.push(
			`canary: version ${canaryText(one)}; ${requests.baseline} requests to the baseline, ${requests.candidate} to the candidate${reason === '' ? '' : `; ${reason}`}`,
		);
	}
	if (one.last_drift !== null) {
		const { drift, share, reason } = one.last_drift;
		lines.push(
			`drift: ${drift === null ? `cannot tell (${reason})` : drift ? 'found' : 'none'}, ${percent(share)} of the columns, ${age(one.last_drift.created_at)}`,
		);
	}
	return [...lines, ...one.warnings.map((warning) => `warning: ${warning}`)].join('\n');
}
