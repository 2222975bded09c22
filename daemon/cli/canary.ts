import type { Command } from 'commander';
import type { SimulationOutcome } from '../protocol/canary.ts';
import type { Params } from '../protocol/methods.ts';
import {
	absolute,
	action,
	configField,
	given,
	number,
	type ReadingOptions,
	readingFields,
	type Session,
	withConfig,
	withReading,
} from './command.ts';
import { figure, percent, table } from './output.ts';
import { deploymentText } from './serving.ts';

interface SimulateOptions extends ReadingOptions {
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

const onlyOne = 'the only one unless told';

/** An action that changes or asks about the canary of a deployment, and shows the deployment. */
function answerDeployment<M extends 'canary/start' | 'canary/status' | 'canary/stop'>(method: M) {
	return async ({ request, output }: Session, options: Params<M>): Promise<number> => {
		const result = await request(method, given({ ...options }) as Params<M>);
		output.answer(result, () => deploymentText(result.deployment));
		return 0;
	};
}

/** `perch canary start|status|decide|stop|simulate`, `perch simulate data|load`. */
export function canaryCommands(program: Command): void {
	const canary = program.command('canary').description('a candidate beside production');

	canary
		.command('start')
		.description('give the candidate a share of the traffic')
		.option('--deployment <name>', onlyOne)
		.option('--version <n>', 'a version; the one behind candidate unless told', number)
		.option('--share <share>', 'from 0 to 1; the one of perch.yaml unless told', number)
		.action(action(answerDeployment('canary/start')));

	canary
		.command('status')
		.description('show the canary of a deployment')
		.option('--deployment <name>', onlyOne)
		.action(action(answerDeployment('canary/status')));

	canary
		.command('stop')
		.description('take the share back without judging the candidate')
		.option('--deployment <name>', onlyOne)
		.option('--reason <text>', 'kept in the audit')
		.action(action(answerDeployment('canary/stop')));

	canary
		.command('decide')
		.description('look at the live traffic now and act on what the guards say')
		.option('--deployment <name>', onlyOne)
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

	withReading(withConfig(canary.command('simulate')))
		.description('replay traffic through the guards, with an A/A twin beside')
		.option('--deployment <name>', onlyOne)
		.option('--traffic <source>', 'log, training, or a data file')
		.option('--repetitions <n>', 'how often', number)
		.option('--requests <n>', 'requests in one repetition', number)
		.option('--block <n>', 'rows that stay together', number)
		.option('--share <share>', 'of the candidate, from 0 to 1', number)
		.option('--seed <n>', 'the same seed gives the same result', number)
		.option('--threads <n>', 'the result is the same for any number', number)
		.action(
			action(async ({ request, output }, { config, traffic, encoding, onBad, ...options }: SimulateOptions) => {
				const result = await request('canary/simulate', {
					...configField(config),
					...given({ ...options, encoding, on_bad: onBad }),
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

	withReading(simulate.command('load'))
		.description('send rows of a data file to a deployment, as clients would')
		.requiredOption('-d, --data <file>', 'where the rows come from')
		.option('--deployment <name>', onlyOne)
		.option('--requests <n>', 'how many', number)
		.option('--concurrency <n>', 'at the same time', number)
		.option('--seed <n>', 'which rows', number)
		.action(
			action(
				async (
					{ request, output },
					{
						data,
						encoding,
						onBad,
						...options
					}: ReadingOptions & {
						data: string;
						deployment?: string;
						requests?: number;
						concurrency?: number;
						seed?: number;
					},
				) => {
					const result = await request('simulate/load', {
						...{ data: absolute(data), ...readingFields(given({ encoding, onBad })) },
						...given({ ...options }),
					});
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
