/** The top of a report: the verdict, how much of the table drifted, and which samples were compared. */
import type { DriftReport } from '../../daemon/protocol/drift.ts';
import { type Child, h, setChildren } from '../components/element.ts';
import { digest, figure, pointer } from '../components/figure.ts';
import { absent, fileName, formatCount, formatPercent, formatShare, formatTime, plural } from '../components/format.ts';
import { countVerdicts, headline, shownName, verdictOf } from './verdict.ts';

export interface Header {
	readonly element: HTMLElement;
	show(report: DriftReport): void;
}

/** `actions` stand beside the headline. */
export function createHeader(...actions: readonly HTMLElement[]): Header {
	const title = h('h1');
	const sentence = h('p', { class: 'lead' });
	const facts = h('p', { class: 'muted' });
	const head = h('div', { class: 'heading' }, title, sentence, facts);
	const cards = h('div', { class: 'cards' });
	const notices = h('div', { class: 'notices' });
	const element = h(
		'header',
		{ class: 'report-head' },
		h('div', { class: 'bar' }, head, actions.length > 0 && h('div', { class: 'bar end actions' }, ...actions)),
		cards,
		notices,
	);
	return {
		element,
		show(report) {
			const words = headline(report);
			setChildren(
				title,
				h('span', { class: `sign ${verdictOf(report.drift, report.rows_needed)}`, 'aria-hidden': 'true' }),
				words.title,
			);
			title.dataset['figure'] = pointer('drift');
			title.dataset['value'] = String(report.drift);
			setChildren(sentence, words.sentence);
			const about = new Set([report.project, report.deployment].filter((name) => name !== null));
			setChildren(
				facts,
				[
					...about,
					formatTime(report.created_at),
					`${report.profile === 'mean' ? 'method' : 'profile'} ${report.profile}`,
				].join(' · '),
			);
			setChildren(cards, shareCard(report), sampleCard(report, 'reference'), sampleCard(report, 'current'));
			setChildren(notices, ...columnNotices(report));
		},
	};
}

function shareCard(report: DriftReport): HTMLElement {
	const { share, threshold, columns } = report;
	const counts = countVerdicts(columns);
	const fill = h('span', { class: share >= threshold && counts.drift > 0 ? 'fill over' : 'fill' });
	fill.style.width = `${share * 100}%`;
	const mark = h('span', { class: 'mark' });
	mark.style.left = `${threshold * 100}%`;
	const told = counts.drift + counts.stable > 0;
	const untold = counts.few + counts.unknown;
	return h(
		'div',
		{ class: 'card' },
		h('h2', {}, 'Drifted columns'),
		h('span', { class: 'large' }, told ? figure(pointer('share'), share, formatShare) : absent),
		h('span', { class: 'meter', 'aria-hidden': 'true' }, fill, mark),
		h(
			'p',
			{ class: 'muted' },
			'The whole counts as drifted from ',
			figure(pointer('threshold'), threshold, (value) => formatPercent(value ?? 0)),
			' on. ',
			untold > 0 && `${plural(untold, 'column')} that cannot be told ${untold === 1 ? 'is' : 'are'} left out.`,
		),
	);
}

function sampleCard(report: DriftReport, side: 'reference' | 'current'): HTMLElement {
	const { name, why, rows, filtered, digest: content, dataset, quarantined = [], from, to } = report[side];
	return h(
		'div',
		{ class: `card sample ${side}` },
		h(
			'h2',
			{},
			h('span', { class: 'swatch-box', 'aria-hidden': 'true' }),
			side === 'reference' ? 'Reference' : 'Current',
		),
		h('span', { class: 'sample-name' }, h('bdi', { title: name }, fileName(name))),
		h('p', { class: 'muted' }, figure(pointer(side, 'rows'), rows, formatCount), rows === 1 ? ' row' : ' rows'),
		...quarantined.map((aside, index) =>
			h(
				'p',
				{ class: 'muted' },
				figure(pointer(side, 'quarantined', index, 'rows'), aside.rows, formatCount),
				' set aside in ',
				h('bdi', { title: aside.quarantine }, fileName(aside.quarantine)),
			),
		),
		filtered !== undefined &&
			h('p', { class: 'muted' }, figure(pointer(side, 'filtered'), filtered, formatCount), ' left out by data.filter'),
		why !== undefined && h('p', { class: 'muted why-these' }, why),
		from !== undefined &&
			to !== undefined &&
			h(
				'p',
				{ class: 'muted' },
				figure(pointer(side, 'from'), from, timeOf),
				' to ',
				figure(pointer(side, 'to'), to, timeOf),
			),
		content !== null &&
			h(
				'p',
				{ class: 'muted' },
				dataset === undefined ? 'Content' : h('bdi', {}, `${dataset.name} v${dataset.version}`),
				' ',
				digest(pointer(side, 'digest'), content),
			),
	);
}

function timeOf(value: number | null): string {
	return value === null ? absent : formatTime(value);
}

/** So many names are listed. */
const mostNames = 20;

function columnNotices({ missing, added, target, predictions }: DriftReport): Child[] {
	const list = (names: readonly string[]): Child[] => [
		...names
			.slice(0, mostNames)
			.flatMap((name, index) => [index > 0 && ', ', h('bdi', { class: 'mono' }, shownName(name))]),
		names.length > mostNames && ` and ${formatCount(names.length - mostNames)} more`,
	];
	const notice = (id: string, text: string, names: readonly string[]) =>
		names.length > 0 && h('p', { class: 'side-note', 'data-list': id }, text, ...list(names));
	return [
		predictions?.drift === true &&
			h('p', { class: 'side-note' }, 'The predictions have drifted: see below the columns.'),
		target?.drift === true && h('p', { class: 'side-note' }, 'The labels have drifted: see below the columns.'),
		notice('missing', 'Missing from the current data: ', missing),
		notice('added', 'Only in the current data: ', added),
	];
}
