import { type Command, Option } from 'commander';
import type { Result } from '../protocol/methods.ts';
import type { Run } from '../protocol/runs.ts';
import { action, given, number } from './command.ts';
import { explanationLines } from './explanationLines.ts';
import { age, figure, metricTable, printable, table } from './output.ts';

/** `perch runs list|show|log|tuning|cancel|explanations|compare|delete`. */
export function runCommands(program: Command): void {
	const runs = program.command('runs').description('runs and their comparison');

	runs
		.command('list')
		.description('list runs, newest first')
		.option('--experiment <name>', 'of one project')
		.option('--parent <run>', 'the trials of a tuning')
		.option('--limit <n>', 'at most so many', number)
		.option('--group <param>', 'also mean metrics by the values of a param or tag')
		.action(
			action(
				async (
					{ request, output },
					options: { experiment?: string; parent?: string; limit?: number; group?: string },
				) => {
					const result = await request('runs/list', given({ ...options }));
					output.answer(result, () => {
						const lines = result.runs.map((run) => [
							run.id.slice(0, 8),
							run.name,
							statusOf(run),
							run.model === null ? '–' : `${run.model.name} ${run.model.version}`,
							age(run.start_time),
						]);
						const groups = result.groups?.map(({ value, runs: count, metrics }) => [
							value,
							count,
							Object.entries(metrics)
								.map(([name, mean]) => `${name} ${figure(mean)}`)
								.join(', '),
						]);
						const list = table(
							['run', 'name', 'status', 'version', 'started'],
							lines,
							'No runs yet. Start one with perch train.',
						);
						return groups === undefined
							? list
							: `${list}\n\n${table([options.group ?? 'group', 'runs', 'mean metrics'], groups, 'No groups.')}`;
					});
					return 0;
				},
			),
		);

	runs
		.command('show')
		.description('show one run')
		.argument('<run>', 'an id, the start of one, or a name')
		.action(
			action(async ({ request, output }, id: string) => {
				const result = await request('runs/show', { id });
				output.answer(result, () => {
					const { run, source, environment, warnings, artifacts, datasets } = result;
					const lines = [
						`${run.name} (${run.id}) ${statusOf(run)}, ${run.experiment}, ${age(run.start_time)}${took(run)}`,
						...toldOf(run),
						...(source === null ? [] : [printable(`started from: ${source}`)]),
						...(run.model === null ? [] : [`version: ${run.model.name}/${run.model.version}`]),
						...(datasets.length === 0 ? ['data: –'] : datasets.map(dataLine)),
						`commit: ${run.commit ?? '–'}`,
						table(['param', 'value'], Object.entries(run.params), 'no params'),
						metricTable(run.metrics, 'no metrics'),
						table(['environment', 'value'], Object.entries(environment), 'no environment'),
						table(
							['artifact', 'bytes', 'sha256'],
							artifacts.map(({ path, size, sha256 }) => [path, size, sha256]),
							'no artifacts',
						),
						...warnings.map((warning) => `warning: ${warning}`),
					];
					return lines.join('\n');
				});
				return 0;
			}),
		);

	runs
		.command('log')
		.description('show what a training told of its way')
		.argument('<run>', 'an id, the start of one, or a name')
		.action(
			action(async ({ request, output }, id: string) => {
				const result = await request('runs/log', { id });
				output.answer(result, () =>
					result.lines.length === 0
						? 'This run kept no log.'
						: result.lines
								.map(({ time, message }) => printable(`${new Date(time).toISOString()} ${message}`))
								.join('\n'),
				);
				return 0;
			}),
		);

	runs
		.command('tuning')
		.description('show the trials of a tuning, the best first')
		.argument('<run>', 'an id, the start of one, or a name')
		.action(
			action(async ({ request, output }, id: string) => {
				const result = await request('runs/tuning', { id });
				output.answer(result, () => tuningText(result));
				return 0;
			}),
		);

	runs
		.command('cancel')
		.description('end a run that is at work; a tuning goes on from there when it is trained again')
		.argument('<run>', 'an id, the start of one, or a name')
		.action(
			action(async ({ request, output }, id: string) => {
				const result = await request('runs/cancel', { id });
				output.answer(result, () => `Cancelled run ${result.id}`);
				return 0;
			}),
		);

	runs
		.command('explanations')
		.description('say why the model of a run says what it says, and where it goes wrong')
		.argument('<run>', 'an id, the start of one, or a name')
		.action(
			action(async ({ request, output }, id: string) => {
				const result = await request('runs/explanations', { id });
				output.answer(result, () => explanationLines(result.explanations));
				return 0;
			}),
		);

	runs
		.command('compare')
		.description('compare runs: only what differs')
		.argument('<runs...>', 'two or more runs')
		.option('--all', 'also what is the same')
		.addOption(
			new Option('--format <format>', 'how it is printed').choices(['table', 'markdown', 'csv']).default('table'),
		)
		.action(
			action(async ({ request, output }, ids: string[], options: { all?: boolean; format: string }) => {
				const result = await request('runs/compare', { ids, all: options.all === true });
				output.answer(result, () => {
					if (options.format === 'markdown') return result.markdown;
					if (options.format === 'csv') return result.csv;
					const rows = result.rows.map(({ section, name, values, best }) => [
						`${section} ${name}`,
						...values.map(
							(value, index) =>
								`${typeof value === 'number' ? figure(value) : (value ?? '–')}${index === best ? ' (best)' : ''}`,
						),
					]);
					return `${table(['', ...result.runs.map((run) => run.name)], rows, 'The runs do not differ.')}\n${result.same} more are the same.`;
				});
				return 0;
			}),
		);

	runs
		.command('delete')
		.description('delete a run that no version came from')
		.argument('<run>', 'an id, the start of one, or a name')
		.action(
			action(async ({ request, output }, id: string) => {
				const result = await request('runs/delete', { id });
				output.answer(result, () => `Deleted run ${result.id}`);
				return 0;
			}),
		);
}

function tuningText({
	run,
	search,
	metric,
	direction,
	planned,
	space,
	trials,
	importance,
}: Result<'runs/tuning'>): string {
	const sign = direction === 'less' ? 1 : -1;
	const rank = ({ status, value }: (typeof trials)[number]) =>
		value === null || status === 'failed'
			? Number.POSITIVE_INFINITY
			: sign * value + (status === 'finished' ? 0 : 1e300);
	const ordered = [...trials].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
	const names = space.map(({ name }) => name);
	const weights = names.map((name) => `${name} ${figure(importance?.[name] ?? null)}`).join(', ');
	return [
		`${run.name} ${statusOf(run)}: ${trials.length} of ${planned} trials by ${search}`,
		...goesOn(run),
		table(
			['trial', metric ?? 'metric', 'spread', ...names, 'status', 'run'],
			ordered.map(({ number: trial, value, spread, params, status, run: child }) => [
				trial,
				figure(value),
				figure(spread),
				...names.map((name) => {
					const chosen = params[name];
					return typeof chosen === 'number' ? figure(chosen) : String(chosen ?? '–');
				}),
				status,
				child.slice(0, 8),
			]),
			'No trial has begun.',
		),
		...(importance === null ? [] : [`Share of the variance that each param explains alone: ${weights}`]),
	].join('\n');
}

function took({ start_time, end_time }: Run): string {
	return end_time === null ? '' : `, took ${((end_time - start_time) / 1000).toFixed(1)} s`;
}

/** A run that a crash ended says so. */
function statusOf({ status, tags }: Pick<Run, 'status' | 'tags'>): string {
	return status === 'KILLED' && tags['perch.interrupted'] === 'true' ? 'KILLED (interrupted)' : status;
}

/** How to go on with a tuning that was stopped. */
function goesOn({ status, tags }: Pick<Run, 'status' | 'tags'>): string[] {
	return status === 'KILLED' && 'perch.tuning' in tags
		? ['The next perch train of the same perch.yaml on the same data goes on from here; no trial is repeated.']
		: [];
}

/** Why it ended early, and what `validate:` said. */
function toldOf(run: Run): string[] {
	const { status, tags } = run;
	const reason = tags['perch.reason'];
	return [
		...goesOn(run),
		...(status === 'FINISHED' || reason === undefined ? [] : [printable(`reason: ${reason}`)]),
		...(tags['perch.validation'] ?? '').split('\n').filter((line) => line !== ''),
	];
}

function dataLine({ context, name, version, digest, rows }: Result<'runs/show'>['datasets'][number]): string {
	return printable(`${context === 'training' ? 'data' : context}: ${name}@${version} ${digest} (${rows} rows)`);
}
