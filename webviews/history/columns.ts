/** The columns of a history, each with a trend of its own. */
import type { ColumnHistory } from '../../daemon/protocol/driftHistory.ts';
import { type ChartView, type LineData, lineChart } from '../components/chart.ts';
import { h } from '../components/element.ts';
import { figure, pointer } from '../components/figure.ts';
import { absent, formatAge, formatTime, timeTicks } from '../components/format.ts';
import { shownName } from '../report/verdict.ts';

/** A column, and where it stands in the answer of drift/history. */
export interface ColumnEntry {
	readonly column: ColumnHistory;
	readonly index: number;
}

/** What drifts comes first, the longest first; then what is nearest to its threshold. */
export function ordered(columns: readonly ColumnHistory[]): ColumnEntry[] {
	const rank = ({ drift }: ColumnHistory) => (drift === true ? 0 : drift === false ? 1 : 2);
	return columns
		.map((column, index) => ({ column, index }))
		.sort(
			({ column: a }, { column: b }) =>
				rank(a) - rank(b) || (a.since ?? 0) - (b.since ?? 0) || newestScore(b) - newestScore(a),
		);
}

function newestScore({ points }: ColumnHistory): number {
	return points.at(-1)?.score ?? Number.NEGATIVE_INFINITY;
}

/** A verdict as a word. */
export function verdictWord(drift: boolean | null): string {
	return drift === null ? 'Cannot be told' : drift ? 'Drift' : 'Stable';
}

/** A verdict with its sign, as reports have it. */
export function verdictCell(drift: boolean | null): HTMLElement {
	const kind = drift === null ? 'unknown' : drift ? 'drift' : 'stable';
	return h(
		'span',
		{ class: 'verdict' },
		h('span', { class: `sign ${kind}`, 'aria-hidden': 'true' }),
		` ${verdictWord(drift)}`,
	);
}

export interface ColumnCard {
	readonly element: HTMLElement;
	update(entry: ColumnEntry): void;
	destroy(): void;
}

/** The trend of one column: its score in each report, and the threshold that it was held against. */
export function createColumnCard(first: ColumnEntry): ColumnCard {
	const chart: ChartView<LineData> = lineChart(chartOf(first));
	const head = h('div', { class: 'column-head' });
	const element = h('section', { class: 'card column-card' }, head, chart.element);

	function show({ column, index }: ColumnEntry): void {
		// One point is no trend, and its axis would say nothing.
		chart.element.hidden = column.points.length < 2;
		const { column: name, drift, since, points } = column;
		const last = points.length - 1;
		const newest = figure(pointer('columns', index, 'points', last, 'score'), points[last]?.score ?? null);
		head.replaceChildren(
			h('h3', {}, h('bdi', {}, shownName(name))),
			h(
				'p',
				{ class: 'muted' },
				verdictCell(drift),
				since !== null && h('span', { title: formatTime(since) }, `since ${formatAge(since)}`),
				h('span', {}, '· score ', last < 0 ? absent : newest),
			),
		);
	}

	show(first);
	return {
		element,
		update(entry) {
			show(entry);
			chart.update(chartOf(entry));
		},
		destroy: () => chart.destroy(),
	};
}

const verdictNumbers = new Map<boolean | null, number | null>([
	[true, 1],
	[false, 0],
	[null, null],
]);

function chartOf({ column: { column, points } }: ColumnEntry): LineData {
	const line = (value: (point: ColumnHistory['points'][number]) => number | null) =>
		points.map((point) => ({ x: point.created_at, y: value(point) }));
	return {
		title: `Score of ${shownName(column)} in each report`,
		x: 'report',
		y: 'score',
		format: formatTime,
		tick: timeTicks(points[0]?.created_at ?? 0, points.at(-1)?.created_at ?? 0),
		compact: true,
		series: [
			{ name: 'Score', points: line(({ score }) => score) },
			{ name: 'Threshold', points: line(({ threshold }) => threshold), limit: true },
			{ name: 'PSI', points: line(({ psi }) => psi), tableOnly: true },
			{
				name: 'Verdict',
				points: line(({ drift }) => verdictNumbers.get(drift) ?? null),
				tableOnly: true,
				format: (value) => verdictWord(value === null ? null : value === 1),
			},
		],
	};
}
