/** The drift report, from its JSON: the same in the panel and in the HTML file. */
import type { DriftColumn, DriftReport } from '../../daemon/protocol/drift.ts';
import { h, setChildren } from '../components/element.ts';
import type { Sort } from '../components/sort.ts';
import { createApart } from './apart.ts';
import { cellKindsOf, type ReportRow } from './cells.ts';
import { type ColumnDetails, createColumnTable } from './columnTable.ts';
import { createDetails } from './details.ts';
import { createFilters, type Filter, passes } from './filters.ts';
import { createHeader } from './header.ts';
import { chunksSection, createTrend } from './trend.ts';
import type { VerdictName } from './verdict.ts';

/** What a reader has set: kept over a reload. */
export interface ReportView {
	readonly sort?: Sort | undefined;
	readonly text?: string | undefined;
	readonly verdict?: VerdictName | undefined;
	readonly open?: readonly string[] | undefined;
}

export interface ReportElements {
	readonly parts: readonly HTMLElement[];
	show(report: DriftReport): void;
}

export interface ReportOptions {
	readonly view: ReportView;
	/** Hears of every change of the view. */
	readonly onView: (view: ReportView) => void;
	/** Buttons beside the headline. */
	readonly actions?: readonly HTMLElement[];
}

/** What drifted most stands first. */
const firstSort: Sort = { column: 'effect', descending: true };

export function createReport({ view, onView, actions = [] }: ReportOptions): ReportElements {
	let rows: readonly ReportRow[] = [];
	let profile: DriftReport['profile'] = 'sound';
	let id: string | undefined;
	let shown: DriftReport | undefined;
	const overTime = h('section', { class: 'section', hidden: true });
	let sort = view.sort ?? firstSort;
	let filter: Filter = { text: view.text ?? '', verdict: view.verdict };
	const header = createHeader(...actions);
	const apart = createApart();
	const method = h('section', { class: 'section method muted' });
	const table = createColumnTable({
		caption: 'Columns with their verdicts.',
		details: (column: DriftColumn, index) => withTrend(createDetails(column, index), shown, column.column),
		sort,
		open: view.open ?? [],
		onSort(next) {
			sort = next;
			changed();
		},
		onOpen: changed,
	});
	const filters = createFilters(filter, (next) => {
		filter = next;
		draw();
		changed();
	});

	function changed(): void {
		const { text, verdict } = filter;
		onView({ sort, open: table.opened(), ...(text !== '' && { text }), ...(verdict !== undefined && { verdict }) });
	}

	function draw(): void {
		const shown = rows.filter((row) => passes(row, filter));
		filters.update(rows, shown.length);
		table.update(shown, cellKindsOf(profile));
	}

	return {
		parts: [
			header.element,
			h('section', { class: 'section' }, h('h2', {}, 'Columns'), filters.element, table.element),
			apart.element,
			overTime,
			method,
		],
		show(report) {
			if (id !== report.id) {
				table.clear();
				apart.show(report);
			}
			id = report.id;
			shown = report;
			setChildren(overTime, ...chunksSection(report));
			overTime.hidden = report.chunks === undefined;
			profile = report.profile;
			setChildren(method, h('h2', {}, 'How columns are judged'), h('p', {}, judging[profile]));
			rows = report.columns.map((column, index) => ({ column, place: ['columns', index] }));
			header.show(report);
			draw();
		},
	};
}

/** The details of a column with its trend, where the current data were cut into chunks. */
function withTrend(details: ColumnDetails, report: DriftReport | undefined, column: string): ColumnDetails {
	const trend = report === undefined ? null : createTrend(report, column);
	if (trend === null) return details;
	details.element.append(trend.element);
	return {
		element: details.element,
		destroy() {
			details.destroy();
			trend.destroy();
		},
	};
}

const judging: Record<DriftReport['profile'], string> = {
	sound:
		'Numbers and dates by the two-sample Kolmogorov-Smirnov test, text and booleans by the two-sample chi-square test, unless another was asked for. ' +
		'A column has drifted when both hold: its p-value, adjusted for the number of columns (Benjamini-Hochberg), is below 0.05, ' +
		'so that the difference is no accident; and the effect (the KS distance, or Cramér’s V as it would be with samples of equal size) ' +
		'reaches the threshold, so that it is large enough to matter. Where neighbouring rows resemble one another, as in telemetry, ' +
		'they count for as many independent rows as they are worth. The other statistics are listed and decide nothing.',
	evidently:
		'As Evidently 0.7 judges, its errors included: the test of a column goes by its type, its different values and the rows of the ' +
		'reference, and its score alone is held against the threshold. Up to 1,000 rows that score is a p-value, which is drift below ' +
		'the threshold; above, a distance, which is drift from the threshold on. Nothing is adjusted for the number of columns. ' +
		'The other statistics are those of profile sound, and decide nothing.',
	mean:
		'By the means of the columns of numbers alone: the score is the change of the mean as a share of the mean of the reference, and ' +
		'a column drifts from its threshold on. Nothing tells such a change from an accident, and a change that leaves the mean where ' +
		'it was goes unseen: profile sound sees both.',
};
