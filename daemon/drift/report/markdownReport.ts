/** A drift report in a few lines of Markdown, for a pull request. */
import { basename } from 'node:path';
import { plain } from '../../data/markdownText.ts';
import type { DriftColumn, DriftReport } from '../../protocol/drift.ts';
import { findingText, multivariateText } from './findingText.ts';
import { percent, shortened } from './wording.ts';

/** So many columns are listed: what drifted first, then what could not be told. */
const mostRows = 50;

/** GitHub-flavoured Markdown. Whatever names and cells hold is shown as text: no markup, link or mention comes of it. */
export function markdownReport(report: DriftReport): string {
	const { drift, reason, share, threshold, columns, missing, added } = report;
	const told = columns.filter((column) => column.drift !== null).length;
	const drifted = columns.filter((column) => column.drift === true);
	const untold = columns.filter((column) => column.drift === null);
	const listed = [...drifted, ...untold];
	const title = drift === null ? 'Drift cannot be told' : drift ? 'Drift found' : 'No drift';
	const lines = [
		`### ${title}`,
		'',
		drift === null
			? plain(reason ?? '')
			: `${drifted.length} of ${told} columns drifted (${percent(share)}, drift from ${percent(threshold)} on).`,
		'',
		...sides(report),
	];
	if (listed.length > 0) {
		const strength = report.profile === 'sound' ? 'effect' : 'score';
		lines.push(
			'',
			`| column | verdict | test | ${strength} | threshold | why |`,
			'| --- | --- | --- | ---: | ---: | --- |',
		);
		lines.push(...listed.slice(0, mostRows).map(columnRow));
		if (listed.length > mostRows) lines.push('', `And ${listed.length - mostRows} more.`);
	}
	if (report.multivariate !== undefined) {
		lines.push('', `All columns together: ${plain(multivariateText(report.multivariate))}.`);
	}
	const found = columns.flatMap(({ column, type, findings = [] }) =>
		findings.map((finding) => `- ${code(column)}: ${plain(findingText(finding, type))}`),
	);
	if (found.length > 0) {
		lines.push('', 'Beside the distributions:', '', ...found.slice(0, mostRows));
		if (found.length > mostRows) lines.push('', `And ${found.length - mostRows} more.`);
	}
	if (missing.length > 0) lines.push('', `Missing from the current data: ${names(missing)}`);
	if (added.length > 0) lines.push('', `Only in the current data: ${names(added)}`);
	return `${lines.join('\n')}\n`;
}

function sides({ reference, current, profile }: DriftReport): string[] {
	const side = ({ name, rows }: DriftReport['reference']) =>
		`${code(basename(name))} (${rows} ${rows === 1 ? 'row' : 'rows'})`;
	return [
		`Reference ${side(reference)}, current ${side(current)}, ${profile === 'mean' ? 'method' : 'profile'} ${profile}.`,
	];
}

function columnRow({ column, drift, test, score, threshold, reason }: DriftColumn): string {
	const verdict = drift === null ? 'cannot be told' : drift ? '**drift**' : 'stable';
	const why = reason === null ? '' : plain(reason);
	return `| ${code(column)} | ${verdict} | ${test ?? '–'} | ${figure(score)} | ${figure(threshold)} | ${why} |`;
}

function figure(value: number | null): string {
	return value === null ? '–' : String(Number(value.toPrecision(4)));
}

function names(list: readonly string[]): string {
	const more = list.length - mostRows;
	return list.slice(0, mostRows).map(code).join(', ') + (more > 0 ? ` and ${more} more.` : '.');
}

/** A name, in the font of code: there GitHub turns nothing into a mention. */
function code(name: string): string {
	return name.trim() === '' ? '(blank)' : `<code>${plain(shortened(name))}</code>`;
}
