import type { Result } from '../protocol/methods.ts';
import { direction } from '../protocol/project/comparison.ts';
import type { RunDetail } from './runs.ts';

type Comparison = Result<'runs/compare'>;
type Row = Comparison['rows'][number];
type Value = Row['values'][number];

/**
 * Two or more runs side by side, one line a metric, param, property of the data, commit or part of the environment:
 * only lines in which they differ, unless all are asked for. A best value is marked where a metric has a better side.
 */
export function compareRuns(details: readonly RunDetail[], all: boolean): Comparison {
	const runs = details.map(({ run }) => run);
	const lines: Row[] = [
		...section(
			'metric',
			runs.map(({ metrics }) => metrics),
		).map((row) => ({ ...row, best: bestOf(row) })),
		...section(
			'param',
			runs.map(({ params }) => params),
		),
		...section(
			'data',
			runs.map(({ dataset }) => ({ ...dataset })),
		),
		...section(
			'code',
			runs.map(({ commit }) => ({ commit })),
		),
		...section(
			'environment',
			details.map(({ environment }) => environment),
		),
	];
	const rows = all ? lines : lines.filter(({ values }) => values.some((value) => value !== values[0]));
	const names = runs.map(({ name }) => name);
	return {
		runs,
		rows,
		same: lines.length - rows.length,
		chart: chartOf(details),
		markdown: toMarkdown(names, rows),
		csv: toCsv(names, rows),
	};
}

function section(name: Row['section'], records: readonly Readonly<Record<string, Value>>[]): Row[] {
	const keys = [...new Set(records.flatMap((record) => Object.keys(record)))].sort();
	return keys.map((key) => ({
		section: name,
		name: key,
		values: records.map((record) => (Object.hasOwn(record, key) ? (record[key] ?? null) : null)),
		best: null,
	}));
}

/** Index of the first best value; null without a better side, with fewer than two numbers, or when all are equal. */
function bestOf({ name, values }: Row): number | null {
	const side = direction(name);
	const numbers = values.filter((value) => typeof value === 'number');
	if (side === null || numbers.length < 2 || numbers.every((value) => value === numbers[0])) return null;
	return values.indexOf(side === 'less' ? Math.min(...numbers) : Math.max(...numbers));
}

/** The first metric, by name, that at least two of the runs logged over more than one step. */
function chartOf(details: readonly RunDetail[]): Comparison['chart'] {
	const metrics = [...new Set(details.flatMap(({ history }) => Object.keys(history)))].sort();
	const metric = metrics.find((name) => details.filter(({ history }) => (history[name]?.length ?? 0) > 1).length >= 2);
	return metric === undefined ? null : { metric, series: details.map(({ history }) => history[metric] ?? []) };
}

function toMarkdown(names: readonly string[], rows: readonly Row[]): string {
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	const shown = ({ values, best }: Row) =>
		values.map((value, index) => {
			if (value === null) return '';
			const text = typeof value === 'number' ? String(Number(value.toPrecision(6))) : markdownText(value);
			return index === best ? `**${text}**` : text;
		});
	return [
		line(['', 'name', ...names.map(markdownText)]),
		line(Array<string>(names.length + 2).fill('---')),
		...rows.map((row) => line([row.section, markdownText(row.name), ...shown(row)])),
		'',
	].join('\n');
}

/** Text that stays text in a cell of a Markdown table, HTML included. */
function markdownText(text: string): string {
	return text.replace(/[\\`*_[\]<>|&]/g, '\\$&').replace(/\s+/g, ' ');
}

/** RFC 4180, with full precision. */
function toCsv(names: readonly string[], rows: readonly Row[]): string {
	const lines = [
		['section', 'name', ...names],
		...rows.map(({ section: part, name, values }) => [part, name, ...values]),
	];
	return lines.map((line) => `${line.map(csvCell).join(',')}\r\n`).join('');
}

/** A spreadsheet takes text that begins like a formula for one; an apostrophe before it says that it is text. */
function csvCell(value: Value): string {
	if (value === null) return '';
	if (typeof value === 'number') return String(value);
	const isNumber = value.trim() !== '' && Number.isFinite(Number(value));
	const safe = /^[\s]*[=+\-@]/.test(value) && !isNumber ? `'${value}` : value;
	return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
