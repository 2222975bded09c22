/** Drift over the kept reports: how much of the table drifted, a trend for each column, and the reports themselves. */
import '../components/perch.css';
import '../report/report.css';
import './history.css';
import { lineChart } from '../components/chart.ts';
import { h, newId, setChildren } from '../components/element.ts';
import {
	formatAge,
	formatCount,
	formatPercent,
	formatShare,
	formatTime,
	plural,
	timeTicks,
} from '../components/format.ts';
import { openPage, type Page, type Panel } from '../components/frame.ts';
import type { Sort } from '../components/sort.ts';
import { createTable } from '../components/table.ts';
import { button } from '../components/toolkit.ts';
import { check, type HistoryState, type HistoryView, historyState, openReport, show } from '../messages/history.ts';
import { type ColumnCard, type ColumnEntry, createColumnCard, ordered } from './columns.ts';
import { type ReportEntry, reportColumns } from './reports.ts';

/** So many columns are drawn; the filter finds the others. */
const mostDrawn = 24;

function build(page: Page<HistoryState>): Panel<HistoryView> {
	let view: HistoryView | undefined;
	let text = page.kept?.text ?? '';
	let sort: Sort | undefined = page.kept?.sort;
	const cards = new Map<string, ColumnCard>();

	const title = h('h1');
	const line = h('p', { class: 'muted' });
	const again = button('Check Again', () => page.channel.request(check, {}).catch(page.complain));
	const share = lineChart({ title: '', x: '', y: '', series: [] });
	const begun = h('p', { class: 'muted' }, 'A trend begins with the second report.');
	const shareSection = h('section', { class: 'section' }, h('h2', {}, 'Drifted columns'), begun, share.element);
	const id = newId('filter');
	const input = h('input', {
		id,
		type: 'search',
		placeholder: 'Filter columns',
		value: text,
		autocomplete: 'off',
		spellcheck: 'false',
		oninput() {
			text = input.value;
			drawCards();
			keep();
		},
	});
	const told = h('span', { class: 'muted', role: 'status' });
	const grid = h('div', { class: 'column-cards' });
	const columnSection = h(
		'section',
		{ class: 'section' },
		h('h2', {}, 'Columns'),
		h('div', { class: 'bar filters' }, h('label', { class: 'spoken', for: id }, 'Filter columns by name'), input, told),
		grid,
	);
	const reports = createTable<ReportEntry>({
		caption: 'Reports',
		captionHidden: true,
		columns: reportColumns((report) => page.channel.request(openReport, { id: report }).catch(page.complain)),
		key: ({ report }) => report.id,
		sort,
		onSort(next) {
			sort = next;
			keep();
		},
		empty: 'No report yet.',
	});

	function keep(): void {
		if (view === undefined) return;
		const { readOnly: _, history: __, ...about } = view;
		page.keep({ version: 1, ...about, ...(text !== '' && { text }), ...(sort !== undefined && { sort }) });
	}

	/** Cards that stay are moved, so that a chart is made once. */
	function drawCards(): void {
		const asked = text.trim().toLowerCase();
		const all = view === undefined ? [] : ordered(view.history.columns);
		const fitting = all.filter(({ column }) => column.column.toLowerCase().includes(asked));
		const drawn = fitting.slice(0, mostDrawn);
		const names = new Set(drawn.map(({ column }) => column.column));
		for (const [name, card] of cards) {
			if (names.has(name)) continue;
			card.destroy();
			cards.delete(name);
		}
		grid.replaceChildren(...drawn.map((entry) => cardOf(entry).element));
		setChildren(
			told,
			fitting.length === all.length && drawn.length === all.length
				? ''
				: `${formatCount(drawn.length)} of ${formatCount(all.length)} shown`,
		);
	}

	function cardOf(entry: ColumnEntry): ColumnCard {
		const { column } = entry.column;
		const known = cards.get(column);
		const card = known ?? createColumnCard(entry);
		known?.update(entry);
		cards.set(column, card);
		return card;
	}

	return {
		parts: [
			h('div', { class: 'bar' }, h('div', { class: 'heading' }, title, line), h('div', { class: 'bar end' }, again)),
			shareSection,
			columnSection,
			h('section', { class: 'section' }, h('h2', {}, 'Reports'), reports.element),
		],
		show(next) {
			view = next;
			const { history, name, readOnly, config } = next;
			setChildren(title, 'Drift history of ', h('bdi', {}, name));
			setChildren(line, summary(next));
			again.hidden = readOnly || config === null;
			shareSection.hidden = history.reports.length === 0;
			share.element.hidden = history.reports.length < 2;
			begun.hidden = history.reports.length > 1;
			columnSection.hidden = history.columns.length === 0;
			share.update({
				title: 'Share of drifted columns in each report',
				x: 'time of the report',
				y: 'share of columns',
				format: formatTime,
				tick: timeTicks(history.reports[0]?.created_at ?? 0, history.reports.at(-1)?.created_at ?? 0),
				yFormat: formatPercent,
				yMin: 0,
				series: [
					{
						name: 'Drifted columns',
						points: history.reports.map((report) => ({ x: report.created_at, y: report.share })),
						format: formatShare,
					},
					{
						name: 'Threshold of the whole',
						points: history.reports.map((report) => ({ x: report.created_at, y: report.threshold })),
						limit: true,
						format: formatShare,
					},
				],
			});
			drawCards();
			reports.update(history.reports.map((report, index) => ({ report, index })).reverse());
			keep();
		},
	};
}

function summary({ history }: HistoryView): string {
	const { reports, columns } = history;
	const [oldest, newest] = [reports[0], reports.at(-1)];
	if (oldest === undefined || newest === undefined) return 'No report has been made yet.';
	const drifted = columns.filter(({ drift }) => drift === true).length;
	return [
		plural(reports.length, 'report'),
		...(reports.length > 1 ? [`the first ${formatAge(oldest.created_at)}`] : []),
		`the last ${formatAge(newest.created_at)}`,
		drifted === 0
			? 'no column drifts'
			: `${drifted} of ${plural(columns.length, 'column')} ${drifted === 1 ? 'drifts' : 'drift'}`,
	].join(' · ');
}

openPage('Drift history', historyState, show, build);
