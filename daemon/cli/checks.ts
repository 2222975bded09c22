import type { Command } from 'commander';
import type { Result } from '../protocol/methods.ts';
import {
	absolute,
	action,
	configField,
	given,
	noteQuarantined,
	number,
	type ReadingOptions,
	readingFields,
	withConfig,
	withReading,
} from './command.ts';
import { printable, shortened, table } from './output.ts';

interface CheckOptions extends ReadingOptions {
	config?: string;
	set?: string[];
	examples?: number;
}

/** `perch check`, `perch checks infer`. */
export function checkCommands(program: Command): void {
	withReading(withConfig(program.command('check')))
		.description('hold the checks of perch.yaml against a data file; exits with 3 when one fails')
		.argument('[file]', 'the data of the project unless told')
		.option('--examples <n>', 'list so many failing rows of each check', number)
		.action(
			action(async ({ request, output }, file: string | undefined, options: CheckOptions) => {
				const result = await request('check', {
					...configField(options.config),
					...(file !== undefined && { file: absolute(file) }),
					...given({ set: options.set, examples: options.examples }),
					...readingFields(options),
				});
				noteQuarantined(output, result.quarantined);
				output.answer(result, () => checkText(result));
				return result.passed ? 0 : 3;
			}),
		);

	withReading(program.command('checks').description('checks of data files').command('infer'))
		.description('propose checks that a data file passes, as a section of perch.yaml')
		.argument('<file>')
		.action(
			action(async ({ request, output }, file: string, options: ReadingOptions) => {
				const result = await request('checks/infer', { file: absolute(file), ...readingFields(options) });
				noteQuarantined(output, result.quarantined);
				output.answer(result, () => result.yaml.trimEnd());
				return 0;
			}),
		);
}

const shownExamples = 10;

function checkText({ file, rows, filtered = 0, passed, checks }: Result<'check'>): string {
	const lines = checks.map((one) => [
		one.passed ? 'passed' : one.severity === 'warn' ? 'warning' : 'FAILED',
		shortened(one.check, 80),
		one.passed ? '' : (one.message ?? `${one.failures} rows`),
	]);
	const details = checks.flatMap(({ check, examples, failures }) => {
		const shown = examples
			.slice(0, shownExamples)
			.map(({ line, row, column, value, file: of = file }) =>
				printable(
					`  ${line === null ? `${of}, row ${row}` : `${of}:${line}`}  ${shortened(column, 40)}: ${shortened(JSON.stringify(value), 80)}`,
				),
			);
		const more = failures - shown.length;
		return shown.length === 0
			? []
			: [printable(`${shortened(check, 80)}:`), ...shown, ...(more > 0 ? [`  and ${more} more rows`] : [])];
	});
	const failed = checks.filter((one) => !one.passed && one.severity === 'fail').length;
	return [
		table(['', 'check', 'failures'], lines, 'No checks.'),
		...details,
		...(filtered > 0 ? [`data.filter left out ${filtered} rows`] : []),
		passed
			? `All checks hold for the ${rows} rows of ${file}`
			: `${failed} of ${checks.length} checks failed for ${file}`,
	].join('\n');
}
