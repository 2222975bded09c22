import type { Interval } from '../components/chart.ts';
import { h } from '../components/element.ts';
import { figure, pointer } from '../components/figure.ts';
import { formatCount, formatNumber, formatPercent, formatShare, plural } from '../components/format.ts';
import type { TableColumn } from '../components/table.ts';
import type { SimulationResult } from '../messages/simulation.ts';

type Outcome = SimulationResult['aa'];

/** One kind of traffic that was simulated, and where its outcome stands in the answer. */
export interface OutcomeRow {
	readonly name: string;
	readonly path: readonly (string | number)[];
	readonly outcome: Outcome;
	readonly twin: boolean;
}

/** The traffic as it is, its A/A twin, and the harms from small to large. */
export function outcomeRows(result: SimulationResult): OutcomeRow[] {
	return [
		{ name: 'This traffic', path: [], outcome: result, twin: false },
		{ name: 'A/A twin', path: ['aa'], outcome: result.aa, twin: true },
		...result.harm.map(({ shift, outcome }, index) => ({
			name: `Moved by ${formatNumber(shift)} SD`,
			path: ['harm', index, 'outcome'],
			outcome,
			twin: false,
		})),
	];
}

/** P(roll back) of each row with its interval, for the chart. */
export function rollbackBars(rows: readonly OutcomeRow[]): Interval[] {
	return rows.map(({ name, path, outcome: { rollback }, twin }) => ({
		label: name,
		path: [...path, 'rollback'],
		share: rollback.share,
		low: rollback.low,
		high: rollback.high,
		twin,
	}));
}

type RateName = 'promote' | 'rollback' | 'inconclusive';
type SpreadName = 'requests' | 'exposure';

function interval({ path, outcome }: OutcomeRow, name: RateName): HTMLElement {
	const { low, high } = outcome[name];
	return h(
		'span',
		{ class: 'muted' },
		figure(pointer(...path, name, 'low'), low, formatShare),
		' to ',
		figure(pointer(...path, name, 'high'), high, formatShare),
	);
}

function spreadColumn(name: SpreadName, part: 'mean' | 'p50' | 'p95', title: string): TableColumn<OutcomeRow> {
	return {
		id: `${name}-${part}`,
		title,
		numeric: true,
		value: ({ outcome }) => outcome[name][part],
		cell: ({ path, outcome }) => figure(pointer(...path, name, part), outcome[name][part], formatCount),
	};
}

export const outcomeColumns: readonly TableColumn<OutcomeRow>[] = [
	{ id: 'name', title: 'Traffic', header: true, cell: ({ name }) => name },
	{
		id: 'rollback',
		title: 'P(roll back)',
		numeric: true,
		value: ({ outcome }) => outcome.rollback.share,
		cell: ({ path, outcome }) => figure(pointer(...path, 'rollback', 'share'), outcome.rollback.share, formatShare),
	},
	{ id: 'interval', title: '95 % interval', cell: (row) => interval(row, 'rollback') },
	{
		id: 'count',
		title: 'Rolled back',
		numeric: true,
		value: ({ outcome }) => outcome.rollback.count,
		cell: ({ path, outcome }) => figure(pointer(...path, 'rollback', 'count'), outcome.rollback.count, formatCount),
	},
	spreadColumn('requests', 'p50', 'Requests p50'),
	spreadColumn('requests', 'p95', 'Requests p95'),
	spreadColumn('exposure', 'mean', 'Exposure mean'),
	spreadColumn('exposure', 'p50', 'Exposure p50'),
	spreadColumn('exposure', 'p95', 'Exposure p95'),
	{
		id: 'promote',
		title: 'P(promote)',
		numeric: true,
		value: ({ outcome }) => outcome.promote.share,
		cell: ({ path, outcome }) => figure(pointer(...path, 'promote', 'share'), outcome.promote.share, formatShare),
	},
	{
		id: 'inconclusive',
		title: 'Inconclusive',
		numeric: true,
		value: ({ outcome }) => outcome.inconclusive.share,
		cell: ({ path, outcome }) =>
			figure(pointer(...path, 'inconclusive', 'share'), outcome.inconclusive.share, formatShare),
	},
];

/** The main number of a row on a card. */
export function card(row: OutcomeRow, meaning: string): HTMLElement {
	const { path, outcome, name } = row;
	return h(
		'div',
		{ class: 'card' },
		h('h3', {}, name),
		h('p', { class: 'large' }, figure(pointer(...path, 'rollback', 'share'), outcome.rollback.share, formatShare)),
		h('p', {}, 'rolled back, 95 % interval ', interval(row, 'rollback')),
		h('p', { class: 'muted' }, meaning),
	);
}

/** How the result was made, in one line. */
export function settingsLine({ settings }: SimulationResult): string {
	const { repetitions, requests, block, share, every, seed, traffic, rows, guard } = settings;
	return [
		`${plural(repetitions, 'repetition')} of ${plural(requests, 'request')}`,
		`${traffic}, ${plural(rows, 'row')} in blocks of ${formatCount(block)}`,
		`share ${formatPercent(share)}`,
		`a look every ${formatCount(every)}`,
		`seed ${seed}`,
		`guard ${guard.join(', ') || 'none'}`,
	].join(' · ');
}
