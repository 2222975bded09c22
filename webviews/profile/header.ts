/** The top of a profile: which file, how large, and what is odd about it as a whole. */
import type { ProfileReport } from '../../daemon/protocol/profile.ts';
import { type Child, h } from '../components/element.ts';
import { figure, pointer } from '../components/figure.ts';
import { fileName, formatCount, formatShare, formatTime, plural } from '../components/format.ts';
import { shownName } from '../report/verdict.ts';

export function createHeader(report: ProfileReport): HTMLElement {
	const { file, rows, columns, created_at, dataset } = report;
	const facts = [dataset === null ? null : `${dataset.name} v${dataset.version}`, formatTime(created_at)];
	return h(
		'header',
		{ class: 'report-head' },
		h(
			'div',
			{ class: 'heading' },
			h('h1', {}, h('bdi', { title: file }, fileName(file))),
			h('p', { class: 'lead' }, `${plural(rows, 'row')} of ${plural(columns.length, 'column')}`),
			h('p', { class: 'muted' }, facts.filter((text) => text !== null).join(' · ')),
		),
		h('div', { class: 'cards' }, rowsCard(report), nullsCard(report), columnsCard(report)),
		h('div', { class: 'notices' }, ...notices(report)),
	);
}

function card(title: string, large: Child, ...rest: Child[]): HTMLElement {
	return h('div', { class: 'card' }, h('h2', {}, title), h('span', { class: 'large' }, large), ...rest);
}

function rowsCard({ duplicates, rows, sample }: ProfileReport): HTMLElement {
	const share = rows === 0 ? 0 : duplicates / rows;
	return card(
		'Repeated rows',
		figure(pointer('duplicates'), duplicates, (count) => `${sample === null ? '' : 'about '}${formatCount(count)}`),
		h('p', { class: 'muted' }, `${formatShare(share)} of all rows repeat an earlier one.`),
	);
}

function nullsCard({ columns, rows }: ProfileReport): HTMLElement {
	const nulls = columns.reduce((sum, column) => sum + column.nulls, 0);
	const touched = columns.filter((column) => column.nulls > 0).length;
	return card(
		'Empty cells',
		formatShare(columns.length * rows === 0 ? 0 : nulls / (columns.length * rows)),
		h(
			'p',
			{ class: 'muted' },
			touched === 0 ? 'No column has any.' : `In ${touched} of ${plural(columns.length, 'column')}.`,
		),
	);
}

function columnsCard({ columns }: ProfileReport): HTMLElement {
	const types = new Map<string, number>();
	for (const { type } of columns) types.set(type, (types.get(type) ?? 0) + 1);
	const told = [...types].map(([type, count]) => `${formatCount(count)} ${type}`).join(', ');
	return card('Columns', formatCount(columns.length), h('p', { class: 'muted' }, told));
}

/** So many names are listed. */
const mostNames = 20;

function notices({ columns, duplicate_columns, sample }: ProfileReport): Child[] {
	const constants = columns.filter(({ constant }) => constant).map(({ column }) => column);
	const nearly = columns.filter(({ near_constant }) => near_constant).map(({ column }) => column);
	return [
		notice('The same in every row: ', constants),
		notice('The same in at least 95 % of the rows: ', nearly),
		...duplicate_columns.map((names) => notice('Columns with the same values: ', names)),
		sample !== null &&
			h('p', { class: 'side-note' }, `Estimates come from ${plural(sample.rows, 'row')}: ${sample.rule}.`),
	];
}

function notice(text: string, names: readonly string[]): Child {
	if (names.length === 0) return false;
	return h(
		'p',
		{ class: 'side-note' },
		text,
		...names
			.slice(0, mostNames)
			.flatMap((name, index) => [index > 0 && ', ', h('bdi', { class: 'mono' }, shownName(name))]),
		names.length > mostNames && ` and ${formatCount(names.length - mostNames)} more`,
	);
}
