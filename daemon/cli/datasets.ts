import { statSync } from 'node:fs';
import type { Command } from 'commander';
import type { Result } from '../protocol/methods.ts';
import {
	absolute,
	action,
	given,
	noteQuarantined,
	number,
	type ReadingOptions,
	readingFields,
	withReading,
} from './command.ts';
import { age, figure, percent, printable, shortened, table } from './output.ts';

/** `perch datasets list|show|diff`. */
export function datasetCommands(program: Command): void {
	const datasets = program.command('datasets').description('the data that runs and reports used, and their versions');

	datasets
		.command('list')
		.description('list the versions of datasets, newest first')
		.action(
			action(async ({ request, output }) => {
				const result = await request('datasets/list', {});
				output.answer(result, () =>
					table(
						['dataset', 'digest', 'rows', 'columns', 'runs', 'reports', 'seen', 'source'],
						result.datasets.map((one) => [
							`${one.name}@${one.version}`,
							one.digest.slice(0, 12),
							one.rows,
							one.columns.length,
							one.runs.length,
							one.reports.length,
							age(one.created_at),
							one.source,
						]),
						'No datasets yet.',
					),
				);
				return 0;
			}),
		);

	withReading(datasets.command('show'))
		.description('describe a data file, or a version of a dataset')
		.argument('<file>', 'a data file, or name@version')
		.option('--rows <n>', 'so many first rows of a file', number)
		.action(
			action(async ({ request, output }, name: string, options: ReadingOptions & { rows?: number }) => {
				const file = absolute(name);
				// Whatever looks like a file and is none is refused as such.
				const isFile = statSync(file, { throwIfNoEntry: false })?.isFile() === true || /\.[a-z]+$/i.test(name);
				const asked = isFile ? { file, ...readingFields(options) } : { dataset: name };
				const result = await request('datasets/show', { ...asked, ...given({ rows: options.rows }) });
				noteQuarantined(output, result.quarantined);
				output.answer(result, () => (result.dataset === null ? fileText(result) : datasetText(result)));
				return 0;
			}),
		);

	datasets
		.command('diff')
		.description('tell what changed between two versions of a dataset')
		.argument('<dataset>', 'name@version; a name alone is its newest version')
		.argument('[other]', 'the later version; without it the first is held against the one before it')
		.action(
			action(async ({ request, output }, from: string, to: string | undefined) => {
				const result = await request('datasets/diff', { from, ...given({ to }) });
				output.answer(result, () => diffText(result));
				return 0;
			}),
		);
}

type Shown = Result<'datasets/show'>;
type Diff = Result<'datasets/diff'>;
type Column = Shown['details'][number];

function fileText({ columns, head, describe }: Shown): string {
	const rows = table(
		columns.map(({ name }) => shortened(name, 40)),
		head.map((row) => row.map((cell) => shortened(String(cell ?? ''), 40))),
		'No rows.',
	);
	const moments = describe.map((one) => [
		shortened(one.column, 40),
		one.count,
		figure(one.mean),
		figure(one.std),
		figure(one.min),
		figure(one.median),
		figure(one.max),
	]);
	return `${rows}\n\n${table(['column', 'count', 'mean', 'std', 'min', 'median', 'max'], moments, 'No numeric columns.')}`;
}

function datasetText({ dataset, details, models, rows }: Shown): string {
	if (dataset === null) return '';
	const { name, version, digest, source, files, runs, reports, created_at } = dataset;
	return [
		printable(`${name}@${version}, ${rows} rows, first seen ${age(created_at)}`),
		`digest: ${digest}`,
		printable(`source: ${source}`),
		...files.map(({ path, size, sha256 }) => printable(`file: ${path}, ${size} bytes, SHA-256 ${sha256}`)),
		printable(`trained: ${models.map((model) => `${model.name}/${model.version}`).join(', ') || '–'}`),
		`runs: ${runs.length}, drift reports: ${reports.length}`,
		'',
		table(
			['column', 'type', 'nulls', 'distinct', 'mean', 'std', 'min', 'max'],
			details.map((column) => [shortened(column.name, 40), column.type, ...figures(column, rows)]),
			'No columns.',
		),
	].join('\n');
}

function diffText({ from, to, same, files, added, removed, changed, unchanged }: Diff): string {
	const title = printable(`${from.name}@${from.version} → ${to.name}@${to.version}`);
	if (same) return `${title}: the same content.`;
	const told = (word: string, names: readonly string[]) =>
		names.length === 0 ? [] : [printable(`${word}: ${names.join(', ')}`)];
	const names = (columns: Diff['added']) => columns.map(({ name, type }) => `${shortened(name, 40)} (${type})`);
	const lines = changed.flatMap(({ column, from: before, to: after }) => [
		[shortened(column, 40), `@${from.version}`, before.type, ...figures(before, from.rows)],
		['', `@${to.version}`, after.type, ...figures(after, to.rows)],
	]);
	return [
		`${title}: ${from.rows} rows → ${to.rows} rows`,
		...told('Files added', files.added),
		...told('Files removed', files.removed),
		...told('Files changed', files.changed),
		...told('Columns added', names(added)),
		...told('Columns removed', names(removed)),
		...(lines.length === 0
			? []
			: [table(['changed', '', 'type', 'nulls', 'distinct', 'mean', 'std', 'min', 'max'], lines, '')]),
		`${unchanged} of ${unchanged + changed.length} columns hold the same values.`,
	].join('\n');
}

function figures({ nulls, distinct, mean, std, min, max }: Column, rows: number): string[] {
	return [
		nulls === null ? '–' : percent(rows === 0 ? 0 : nulls / rows),
		figure(distinct),
		figure(mean),
		figure(std),
		...[min, max].map((one) => (typeof one === 'number' ? figure(one) : String(one ?? '–'))),
	];
}
