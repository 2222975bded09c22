import { type Command, Option } from 'commander';
import { type PerformanceTask, performanceTask } from '../protocol/driftPerformance.ts';
import { isFileReference } from '../protocol/driftReference.ts';
import {
	type DriftProfile,
	type DriftTest,
	driftMethod,
	driftProfile,
	evidentlyTests,
	soundTests,
} from '../protocol/driftTests.ts';
import type { Result } from '../protocol/methods.ts';
import {
	absolute,
	action,
	configField,
	given,
	modelRef,
	noteQuarantined,
	number,
	type ReadingOptions,
	readingFields,
	withConfig,
	withReading,
} from './command.ts';
import { driftHistoryCommand } from './driftHistory.ts';
import { linesApart, whereMost } from './driftLines.ts';
import { age, figure, percent, printable, shortened, table } from './output.ts';

interface DriftOptions extends ReadingOptions {
	config?: string;
	set?: string[];
	reference?: string;
	current?: string;
	profile?: DriftProfile;
	method?: 'mean';
	columns?: string;
	chunks?: string;
	time?: string;
	test?: 'auto' | DriftTest;
	model?: string;
	target?: string;
	prediction?: string;
	task?: PerformanceTask;
	html?: string;
	markdown?: string;
	junit?: string;
	failOnDrift?: boolean;
}

/** `perch drift`, `drift list`, `drift show`. */
export function driftCommands(program: Command): void {
	const drift = withReading(withConfig(program.command('drift')))
		.description('hold current data against a reference, or live traffic against the training data')
		.option(
			'--reference <what>',
			'a data file, training, production:7d (the traffic before), same_month_last_year or same_hours',
		)
		.option('--current <file>', 'a data file')
		.addOption(
			new Option('--profile <profile>', 'how it is judged: evidently as Evidently 0.7').choices(driftProfile.options),
		)
		.addOption(
			new Option('--method <method>', 'in place of a profile: the means are compared')
				.choices(driftMethod.options)
				.conflicts('profile'),
		)
		.option('--columns <a,b>', 'only these columns')
		.option(
			'--chunks <size>',
			'draw a trend: cut the current data into chunks of so many rows, or of a time such as 1d',
		)
		.option('--time <column>', 'when a row happened, where perch.yaml does not name it')
		.addOption(
			new Option(
				'--test <test>',
				`of every column; in profile sound ${soundTests.join(', ')}; in evidently ${evidentlyTests.slice(0, 3).join(', ')} and others (docs/driftProfiles.md)`,
			).choices(['auto', ...new Set([...soundTests, ...evidentlyTests])]),
		)
		.option('-m, --model <ref>', 'what scores both sides: name@alias, name/version or an .onnx file')
		.option('--target <column>', 'the labels, judged apart')
		.option('--prediction <column>', 'predictions that lie in the data, instead of a model')
		.addOption(
			new Option('--task <task>', 'what labels and predictions are, where they do not show it').choices(
				performanceTask.options,
			),
		)
		.option('--html <file>', 'write the report as one HTML file')
		.option('--markdown <file>', 'write a summary for a pull request')
		.option('--junit <file>', 'write JUnit XML, a test case a column')
		.option('--fail-on-drift', 'exit with 3 when drift is found; what cannot be told is none')
		.action(
			action(async ({ request, output }, options: DriftOptions) => {
				const twoFiles =
					options.reference !== undefined && isFileReference(options.reference) && options.current !== undefined;
				const result = await request('drift', {
					// Two files are compared as they are, unless a project is named for what it does to rows.
					...(twoFiles && options.config === undefined ? {} : configField(options.config)),
					...given({
						set: options.set,
						profile: options.profile,
						method: options.method,
						test: options.test,
						chunks: options.chunks,
						time: options.time,
						columns: options.columns?.split(','),
						target: options.target,
						prediction: options.prediction,
						task: options.task,
						model: options.model === undefined ? undefined : modelRef(options.model),
					}),
					...(options.reference !== undefined && {
						reference: isFileReference(options.reference) ? absolute(options.reference) : options.reference,
					}),
					...(options.current !== undefined && { current: absolute(options.current) }),
					...(options.html !== undefined && { html: absolute(options.html) }),
					...(options.markdown !== undefined && { markdown: absolute(options.markdown) }),
					...(options.junit !== undefined && { junit: absolute(options.junit) }),
					...readingFields(options),
				});
				noteQuarantined(output, [...(result.reference.quarantined ?? []), ...(result.current.quarantined ?? [])]);
				output.answer(result, () => {
					const sound = result.profile === 'sound';
					const rows = result.columns.map((column) => [
						shortened(column.column, 40),
						column.type,
						column.test ?? '–',
						figure(column.statistic),
						...(sound ? [figure(column.adjusted_p), figure(column.effect)] : [figure(column.score)]),
						figure(column.threshold),
						column.drift === null
							? `cannot tell: ${column.reason}`
							: column.drift
								? `drift${column.reason === null ? '' : `: ${column.reason}`}`
								: `no drift${column.reason === null ? '' : `: ${column.reason}`}`,
					]);
					const verdict =
						result.drift === null
							? `Cannot tell: ${result.reason?.replace(/\.$/, '')}`
							: result.drift
								? 'Drift'
								: 'No drift';
					const share = `${percent(result.share)} of the columns drifted (threshold ${percent(result.threshold)})`;
					const only = (side: string, names: string[]) =>
						names.length === 0 ? [] : [printable(`Only in the ${side}: ${shortened(names.join(', '), 300)}`)];
					return [
						table(
							sound
								? ['column', 'type', 'test', 'statistic', 'adjusted p', 'effect', 'floor', 'verdict']
								: ['column', 'type', 'test', 'statistic', 'score', 'threshold', 'verdict'],
							rows,
							'No columns in common.',
						),
						...result.columns.flatMap(whereMost),
						...linesApart(result),
						...only('reference', result.missing),
						...only('current data', result.added),
						`${result.drift === null ? verdict : `${verdict}: ${share}`}; ${result.reference.name} (${rowsOf(result.reference)}) against ${result.current.name} (${rowsOf(result.current)})`,
						...(result.reference.why === undefined ? [] : [printable(`Reference: ${result.reference.why}`)]),
						...(result.html === null ? [] : [`Report: ${result.html}`]),
					].join('\n');
				});
				return options.failOnDrift === true && result.drift === true ? 3 : 0;
			}),
		);

	drift
		.command('list')
		.description('list the kept reports, newest first')
		.option('--project <name>', 'of one project')
		.option('--limit <n>', 'at most so many', number)
		.action(
			action(async ({ request, output }, options: { project?: string; limit?: number }) => {
				const result = await request('drift/list', given({ ...options }));
				output.answer(result, () => {
					const rows = result.reports.map((report) => [
						report.id,
						age(report.created_at),
						report.drift === null ? 'cannot tell' : report.drift ? 'drift' : 'no drift',
						`${report.drifted} of ${report.columns}`,
						report.reference,
						report.current,
					]);
					return table(
						['report', 'when', 'verdict', 'drifted', 'reference', 'current'],
						rows,
						'No reports yet. Make one with perch drift.',
					);
				});
				return 0;
			}),
		);

	driftHistoryCommand(drift);

	drift
		.command('show')
		.description('show a kept report')
		.argument('<id>')
		.action(
			action(async ({ request, output }, id: string) => {
				const result = await request('drift/show', { id });
				output.answer(result, () => `${JSON.stringify(result.report, null, 2)}\n${result.html}`);
				return 0;
			}),
		);
}

function rowsOf({ rows, filtered }: Result<'drift'>['reference']): string {
	return `${rows} rows${filtered === undefined ? '' : `, ${filtered} left out by data.filter`}`;
}
