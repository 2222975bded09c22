import type { Command } from 'commander';
import type { SimulationOutcome } from '../protocol/canary.ts';
import { absolute, action, configField, given, several } from './command.ts';
import { figure, percent, table } from './output.ts';
import { deploymentText } from './serving.ts';

interface SimulateOptions {
	config?: string;
	set?: string[];
	deployment?: string;
	traffic?: string;
	repetitions?: number;
	requests?: number;
	block?: number;
	share?: number;
	seed?: number;
	threads?: number;
}

/** `perch canary start|status|decide|stop|simulate`, `perch simulate data|load`. */
export function canaryCommands(program: Command): void {
	const canary = program.command('canary').description('a candidate beside production');

	canary
		.command('start')
		.description('give the candidate a share of the traffic')
		.option('--deployment <name>')
		.option('--version <n>', 'a version; the one behind candidate unless told', Number)
		.option('--share <share>', 'from 0 to 1; the one of perch.yaml unless told', Number)
		.action(
			action(async ({ request, output }, options: { deployment?: string; version?: number; share?: number }) => {
				const result = await request('canary/start', given({ ...options }));
				output.answer(result, () => deploymentText(result.deployment));
				return 0;
			}),
		);

	canary
		.command('status')
		.description('show the canary of a deployment')
		.option('--deployment <name>')
		.action(
			action(async ({ request, output }, options: { deployment?: string }) => {
				const result = await request('canary/status', given({ ...options }));
				output.answer(result, () => deploymentText(result.deployment));
				return 0;
			}),
		);

	canary
		.command('decide')
		.description('look at the live traffic now and act on what the guards say')
		.option('--deployment <name>')
		.action(
			action(async ({ request, output }, options: { deployment?: string }) => {
				const result = await request('canary/decide', given({ ...options }));
				output.answer(result, () => {
					const rows = result.verdicts.map(({ guard, failed, value, reason }) => [
						guard,
						failed === null ? 'cannot tell' : failed ? 'failed' : 'holds',
						figure(value),
						reason,
					]);
					return `${table(['guard', 'verdict', 'value', 'reason'], rows, 'No guards.')}\n${result.action === 'none' ? 'Nothing was done.' : 'Rolled back.'}`;
				});
				return 0;
			}),
		);

	canary
		.command('stop')
		.description('take the share back without judging the candidate')
		.option('--deployment <name>')
		.option('--reason <text>')
		.action(
			action(async ({ request, output }, options: { deployment?: string; reason?: string }) => {
				const result = await request('canary/stop', given({ ...options }));
				output.answer(result, () => deploymentText(result.deployment));
				return 0;
			}),
		);

	canary
		.command('simulate')
		.description('replay traffic through the guards, with an A/A twin beside')
		.option('-c, --config <file>')
		.option('--set <path=value>', 'override a value of perch.yaml', several)
		.option('--deployment <name>')
		.option('--traffic <source>', 'log, training, or a data file')
		.option('--repetitions <n>', 'how often', Number)
		.option('--requests <n>', 'requests in one repetition', Number)
		.option('--block <n>', 'rows that stay together', Number)
		.option('--share <share>', 'of the candidate, from 0 to 1', Number)
		.option('--seed <n>', 'the same seed gives the same result', Number)
		.option('--threads <n>', 'the result is the same for any number', Number)
		.action(
			action(async ({ request, output }, { config, traffic, ...options }: SimulateOptions) => {
				const result = await request('canary/simulate', {
					...configField(config),
					...given({ ...options }),
					...(traffic !== undefined && {
						traffic: traffic === 'log' || traffic === 'training' ? traffic : absolute(traffic),
					}),
				});
				output.answer(result, () => {
					const outcomes: [string, SimulationOutcome][] = [
						['this traffic', result],
						['A/A twin', result.aa],
						...result.harm.map(({ shift, outcome }): [string, SimulationOutcome] => [`moved by ${shift} sd`, outcome]),
					];
					const rows = outcomes.map(([name, { rollback, requests, exposure }]) => [
						name,
						percent(rollback.share),
						`${percent(rollback.low)} – ${percent(rollback.high)}`,
						figure(requests.p50),
						figure(requests.p95),
						figure(exposure.mean),
					]);
					const { settings } = result;
					return `${table(['', 'P(roll back)', '95 % interval', 'requests p50', 'p95', 'exposure'], rows, '')}\n${settings.repetitions} repetitions of ${settings.requests} requests from ${settings.traffic} (${settings.rows} rows), seed ${settings.seed}`;
				});
				return 0;
			}),
		);

	const simulate = program.command('simulate').description('made data and made traffic');

	simulate
		.command('data')
		.description('write the series that a description makes')
		.argument('<spec>', 'a YAML file with the fields of simulate:')
		.requiredOption('-o, --output <file>', 'a .csv or .parquet file')
		.action(
			action(async ({ request, output }, spec: string, options: { output: string }) => {
				const result = await request('simulate/data', { spec: absolute(spec), output: absolute(options.output) });
				output.answer(result, () => `Wrote ${result.rows} rows of ${result.columns.join(', ')} into ${result.output}`);
				return 0;
			}),
		);

	simulate
		.command('load')
		.description('send rows of a data file to a deployment, as clients would')
		.requiredOption('-d, --data <file>')
		.option('--deployment <name>')
		.option('--requests <n>', 'how many', Number)
		.option('--concurrency <n>', 'at the same time', Number)
		.option('--seed <n>', 'which rows', Number)
		.action(
			action(
				async (
					{ request, output },
					{
						data,
						...options
					}: { data: string; deployment?: string; requests?: number; concurrency?: number; seed?: number },
				) => {
					const result = await request('simulate/load', { data: absolute(data), ...given({ ...options }) });
					output.answer(
						result,
						() =>
							`Sent ${result.sent} requests to ${result.deployment} in ${figure(result.seconds)} s: ${result.arms.baseline} to the baseline, ${result.arms.candidate} to the candidate, ${result.anomalies} anomalies, ${result.failed} failed`,
					);
					return result.failed === 0 ? 0 : 1;
				},
			),
		);
}
