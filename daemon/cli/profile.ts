import type { Command } from 'commander';
import type { Result } from '../protocol/methods.ts';
import { absolute, action, noteQuarantined, type ReadingOptions, readingFields, withReading } from './command.ts';
import { figure, percent, printable, shortened, table } from './output.ts';

/** `perch profile`. */
export function profileCommand(program: Command): void {
	withReading(program.command('profile'))
		.description('describe every column of a data file')
		.argument('<file>')
		.option('--html <file>', 'write the profile as one HTML file as well')
		.action(
			action(async ({ request, output }, file: string, options: ReadingOptions & { html?: string }) => {
				const html = options.html === undefined ? {} : { html: absolute(options.html) };
				const result = await request('profile', { file: absolute(file), ...html, ...readingFields(options) });
				noteQuarantined(output, result.quarantined);
				output.answer(result, () => `${profileText(result)}\n${result.html}`);
				return 0;
			}),
		);
}

type Profile = Result<'profile'>;

function profileText({ columns, rows, duplicates, duplicate_columns, correlations, sample }: Profile): string {
	const lines = columns.map((column) => [
		shortened(column.column, 40),
		column.type,
		percent(column.nulls / rows),
		figure(column.distinct),
		value(column.min),
		value(column.quantiles?.p50),
		value(column.mean),
		value(column.max),
		figure(column.std),
		column.top
			.slice(0, 3)
			.map((one) => `${value(one.value)} (${one.count})`)
			.join(', '),
		notes(column).join(', '),
	]);
	const head = ['column', 'type', 'nulls', 'distinct', 'min', 'median', 'mean', 'max', 'std', 'most frequent', 'notes'];
	const strong = strongest(correlations);
	return [
		table(head, lines, 'No columns.'),
		`${rows} rows, ${columns.length} columns, ${sample === null ? '' : 'about '}${duplicates} repeated rows`,
		...duplicate_columns.map((names) => printable(`The same in every row: ${shortened(names.join(', '), 300)}`)),
		...(strong.length === 0 ? [] : [`Strongest correlations: ${strong.join('; ')}`]),
		...(sample === null ? [] : [`Estimates are from ${sample.rows} rows: ${sample.rule}.`]),
	].join('\n');
}

function value(cell: string | number | boolean | null | undefined): string {
	if (typeof cell === 'number') return figure(cell);
	if (cell === null || cell === undefined) return '–';
	return shortened(String(cell), 24);
}

function notes({ constant, near_constant, zeros, infinities, estimated }: Profile['columns'][number]): string[] {
	return [
		constant && 'constant',
		near_constant && 'nearly constant',
		(zeros ?? 0) > 0 && `${zeros} zeros`,
		(infinities ?? 0) > 0 && `${infinities} infinite`,
		estimated.length > 0 && `estimated: ${estimated.join(', ')}`,
	].filter((note) => typeof note === 'string');
}

/** The five strongest of Pearson's correlations from 0.5 on. */
function strongest({ pearson: { columns, values } }: Profile['correlations']): string[] {
	const pairs = columns.flatMap((name, i) =>
		columns.slice(0, i).map((other, j) => ({
			text: printable(`${shortened(other, 40)} and ${shortened(name, 40)}`),
			r: values[i]?.[j] ?? 0,
		})),
	);
	return pairs
		.filter(({ r }) => Math.abs(r) >= 0.5)
		.sort((a, b) => Math.abs(b.r) - Math.abs(a.r))
		.slice(0, 5)
		.map(({ text, r }) => `${text} ${figure(r)}`);
}
