import type { Command } from 'commander';
import type { Result } from '../protocol/methods.ts';
import { absolute, action, configField, given, several } from './command.ts';
import { table } from './output.ts';

interface CheckOptions {
	config?: string;
	set?: string[];
	examples?: number;
}

/** `perch check`, `perch checks infer`. */
export function checkCommands(program: Command): void {
	program
		.command('check')
		.description('hold the checks of perch.yaml against a data file; exits with 3 when one fails')
		.argument('[file]', 'the data of the project unless told')
		.option('-c, --config <file>', 'a perch.yaml; the nearest above this folder unless told')
		.option('--set <path=value>', 'override a value of perch.yaml', several)
		.option('--examples <n>', 'list so many failing rows of each check', Number)
		.action(
			action(async ({ request, output }, file: string | undefined, options: CheckOptions) => {
				const result = await request('check', {
					...configField(options.config),
					...(file !== undefined && { file: absolute(file) }),
					...given({ set: options.set, examples: options.examples }),
				});
				output.answer(result, () => checkText(result));
				return result.passed ? 0 : 3;
			}),
		);

	program
		.command('checks')
		.description('checks of data files')
		.command('infer')
		.description('propose checks that a data file passes, as a section of perch.yaml')
		.argument('<file>')
		.action(
			action(async ({ request, output }, file: string) => {
				const result = await request('checks/infer', { file: absolute(file) });
				output.answer(result, () => result.yaml.trimEnd());
				return 0;
			}),
		);
}

const shownExamples = 10;

function checkText({ file, rows, passed, checks }: Result<'check'>): string {
	const lines = checks.map((one) => [
		one.passed ? 'passed' : one.severity === 'warn' ? 'warning' : 'FAILED',
		one.check,
		one.passed ? '' : (one.message ?? `${one.failures} rows`),
	]);
	const details = checks.flatMap(({ check, examples, failures }) => {
		const shown = examples
			.slice(0, shownExamples)
			.map(
				({ line, row, column, value }) =>
					`  ${line === null ? `row ${row}` : `${file}:${line}`}  ${column}: ${JSON.stringify(value)}`,
			);
		const more = failures - shown.length;
		return shown.length === 0 ? [] : [`${check}:`, ...shown, ...(more > 0 ? [`  and ${more} more rows`] : [])];
	});
	const failed = checks.filter((one) => !one.passed && one.severity === 'fail').length;
	return [
		table(['', 'check', 'failures'], lines, 'No checks.'),
		...details,
		passed
			? `All checks hold for the ${rows} rows of ${file}`
			: `${failed} of ${checks.length} checks failed for ${file}`,
	].join('\n');
}
