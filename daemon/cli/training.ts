import type { Command } from 'commander';
import { PerchError } from '../protocol/errors.ts';
import type { Result } from '../protocol/methods.ts';
import {
	absolute,
	action,
	configField,
	given,
	modelRef,
	nearestConfig,
	noteQuarantined,
	type ReadingOptions,
	readingFields,
	type Session,
	several,
	withConfig,
	withReading,
} from './command.ts';
import { metricTable } from './output.ts';

/** `perch init`, `train`, `predict`. */
export function trainingCommands(program: Command): void {
	withReading(program.command('init'))
		.description('write a commented perch.yaml for a data file')
		.argument('<data>', 'a CSV, TSV, JSON, JSON lines or Parquet file')
		.option('-o, --output <file>', 'where to write it', 'perch.yaml')
		.option('--force', 'replace an existing file')
		.action(
			action(
				async ({ request, output }, data: string, options: ReadingOptions & { output: string; force?: boolean }) => {
					const result = await request('init', {
						data: absolute(data),
						output: absolute(options.output),
						force: options.force === true,
						...readingFields(options),
					});
					for (const warning of result.warnings) output.note(warning);
					noteQuarantined(output, result.quarantined);
					output.answer(result, () => `Wrote ${result.file}. Next: perch train`);
					return 0;
				},
			),
		);

	withReading(withConfig(program.command('train')))
		.description('train a model and register it')
		.option('-d, --data <file>', 'train on a data file, without a perch.yaml')
		.option(
			'-m, --model <type>',
			'estimator, with --data: isolation_forest, autoencoder, linear, random_forest or gradient_boosting; lstm needs a perch.yaml',
		)
		.option('-n, --name <name>', 'name of the model, with --data')
		.option('-t, --target <column>', 'column of labels')
		.option('-p, --param <name=value>', 'parameter of the estimator', several)
		.option('--test <file>', 'a data file to measure on')
		.action(action(train));

	withReading(program.command('predict'))
		.description('score a data file')
		.requiredOption('-m, --model <ref>', 'name@alias, name@latest, name/version, or the path of an .onnx file')
		.requiredOption('-i, --input <file>', 'rows to score')
		.requiredOption('-o, --output <file>', 'a .csv, .jsonl or .parquet file')
		.option('-k, --key <columns>', 'columns to carry through, with commas between; the key of the model unless told')
		.action(
			action(
				async (
					{ request, output },
					options: ReadingOptions & { key?: string; model: string; input: string; output: string },
				) => {
					const result = await request('predict', {
						model: modelRef(options.model),
						input: absolute(options.input),
						output: absolute(options.output),
						...given({ key: options.key?.split(',') }),
						...readingFields(options),
					});
					for (const { row, line, reason } of result.reasons)
						output.note(`row ${row}${line === null ? '' : ` (line ${line})`}: ${reason}`);
					if (result.rejected > result.reasons.length)
						output.note(`and ${result.rejected - result.reasons.length} more rows`);
					noteQuarantined(output, result.quarantined);
					output.answer(
						result,
						() => `Scored ${result.rows} rows with ${result.model} (${result.rejected} rejected) into ${result.output}`,
					);
					return 0;
				},
			),
		);
}

interface TrainOptions extends ReadingOptions {
	config?: string;
	set?: string[];
	data?: string;
	model?: string;
	name?: string;
	target?: string;
	param?: string[];
	test?: string;
}

async function train({ request, output }: Session, options: TrainOptions): Promise<number> {
	const { data, test } = options;
	if (data === undefined && nearestConfig(options.config) === undefined) {
		throw new PerchError('invalid_arguments', 'There is no perch.yaml here or above.', {
			hint: 'Write one with perch init DATA, or train without: perch train --data DATA --model isolation_forest.',
		});
	}
	const result = await request('train', {
		...(data === undefined ? configField(options.config) : { data: absolute(data) }),
		...given({ model: options.model, name: options.name, target: options.target, set: options.set }),
		...(test !== undefined && { test: absolute(test) }),
		params: parameters(options.param ?? []),
		...readingFields(options),
	});
	for (const warning of result.warnings) output.note(`warning: ${warning}`);
	output.answer(result, () => {
		const { version, run } = result;
		const head =
			version === null
				? `Run ${run.name} made no version`
				: `${version.name} version ${version.version}${version.aliases.map((alias) => ` @${alias}`).join('')} by run ${run.name}`;
		const tuned = tuningLine(run);
		const metrics = metricTable(run.metrics, '');
		const validation = run.tags['perch.validation'];
		return [head, ...tuned, metrics, `Model: ${result.model}`, ...(validation === undefined ? [] : [validation])].join(
			'\n',
		);
	});
	return result.validation.every(({ passed }) => passed) ? 0 : 3;
}

/** What a tuning came to. */
function tuningLine({ name, params, tags }: Result<'train'>['run']): string[] {
	const best = params['tune.best_trial'];
	if (best === undefined) return [];
	const resumed = tags['perch.resumed'];
	return [
		`Tuned by ${params['tune.search']} for ${params['tune.metric']}: trial ${best} of ${params['tune.trials']} is the best (${params['tune.pruned']} pruned, ${params['tune.failed']} failed${resumed === undefined ? '' : `; resumed, ${resumed}`}). All trials: perch runs tuning ${name}`,
	];
}

/** `trees=200` as a number, `auto` as text. */
function parameters(pairs: readonly string[]): Record<string, string | number | boolean> {
	return Object.fromEntries(
		pairs.map((pair) => {
			const equals = pair.indexOf('=');
			if (equals < 1) {
				throw new PerchError('invalid_arguments', `--param ${pair}: expected name=value.`, {
					field: 'param',
					hint: 'For example --param trees=200.',
				});
			}
			const text = pair.slice(equals + 1);
			const number = Number(text);
			const value =
				text === 'true' || text === 'false'
					? text === 'true'
					: text.trim() !== '' && Number.isFinite(number)
						? number
						: text;
			return [pair.slice(0, equals), value];
		}),
	);
}
