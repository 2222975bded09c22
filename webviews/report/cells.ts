/** The columns of the table: one entry each. */
import type { DriftColumn, DriftReport } from '../../daemon/protocol/drift.ts';
import { type Child, h } from '../components/element.ts';
import { figure, nothing, pointer } from '../components/figure.ts';
import { formatNumber } from '../components/format.ts';
import type { ColumnCell, ColumnRow, Place } from './columnTable.ts';
import { spark } from './spark.ts';
import { formatP } from './valueFormat.ts';
import { isPValue, testNames, verdictOf, verdicts } from './verdict.ts';

export type ReportRow = ColumnRow<DriftColumn>;
type CellKind = ColumnCell<DriftColumn>;

function number(field: 'statistic' | 'p_value' | 'adjusted_p'): Pick<CellKind, 'numeric' | 'value' | 'cell'> {
	return {
		numeric: true,
		value: ({ column }) => column[field],
		cell: ({ column, place }) =>
			figure(pointer(...place, field), column[field], field === 'statistic' ? formatNumber : formatP),
	};
}

/** All but the first, which names the row. */
const soundKinds: readonly CellKind[] = [
	{
		id: 'distribution',
		title: 'Distribution',
		cell: ({ column }) => (column.distribution === null ? nothing() : spark(column.distribution)),
	},
	{
		id: 'verdict',
		title: 'Verdict',
		value: ({ column }) => verdicts[verdictOf(column.drift, column.rows_needed)].order,
		cell: ({ column, place }) => verdictTag(column.drift, pointer(...place, 'drift'), column.rows_needed),
	},
	{
		id: 'effect',
		title: 'Effect, threshold',
		fallsFirst: true,
		value: ({ column }) => column.effect,
		cell: ({ column, place }) => effectMeter(column, place),
	},
	{
		id: 'test',
		title: 'Test',
		secondary: true,
		value: ({ column }) => (column.test === null ? null : testNames[column.test]),
		cell: ({ column, place }) =>
			h(
				'span',
				{ 'data-figure': pointer(...place, 'test'), 'data-value': String(column.test) },
				column.test === null ? nothing() : testNames[column.test],
			),
	},
	{ id: 'statistic', title: 'Statistic', secondary: true, fallsFirst: true, ...number('statistic') },
	{ id: 'p_value', title: 'p', secondary: true, ...number('p_value') },
	{ id: 'adjusted_p', title: 'Adjusted p', secondary: true, ...number('adjusted_p') },
];

/** In profile evidently the score decides alone: it takes the place of the effect, and no p-value is adjusted. */
const evidentlyKinds: readonly CellKind[] = soundKinds
	.filter(({ id }) => id !== 'adjusted_p')
	.map((kind) =>
		kind.id !== 'effect'
			? kind
			: {
					id: 'effect',
					title: 'Score, threshold',
					fallsFirst: true,
					value: ({ column }) => strengthOf(column),
					cell: ({ column, place }) => scoreMeter(column, place),
				},
	);

export function cellKindsOf(profile: DriftReport['profile']): readonly CellKind[] {
	return profile === 'sound' ? soundKinds : evidentlyKinds;
}

export function verdictTag(drift: boolean | null, place: string, rowsNeeded: number | null = null): HTMLElement {
	const name = verdictOf(drift, rowsNeeded);
	return h(
		'span',
		{ class: `verdict ${name}`, 'data-figure': place, 'data-value': String(drift) },
		h('span', { class: `sign ${name}`, 'aria-hidden': 'true' }),
		verdicts[name].title,
	);
}

/** The meter ends at five times the threshold. */
const meterEnd = 5;

function effectMeter({ effect, threshold }: DriftColumn, place: Place): Child {
	if (effect === null || threshold === null) return nothing();
	const fill = h('span', { class: effect >= threshold ? 'fill over' : 'fill' });
	fill.style.width = `${Math.min(1, effect / (meterEnd * threshold)) * 100}%`;
	const mark = h('span', { class: 'mark' });
	mark.style.left = `${100 / meterEnd}%`;
	return h(
		'span',
		{ class: 'effect' },
		h('span', { class: 'meter', 'aria-hidden': 'true' }, fill, mark),
		h(
			'span',
			{},
			figure(pointer(...place, 'effect'), effect),
			h('span', { class: 'muted' }, ` ${effect >= threshold ? '≥' : '<'} `),
			figure(pointer(...place, 'threshold'), threshold, formatNumber),
		),
	);
}

/** How far a score is beyond its threshold, of whichever kind: 1 at the threshold. */
function strengthOf(column: DriftColumn): number | null {
	const { score, threshold } = column;
	if (score === null || threshold === null) return null;
	return isPValue(column) ? threshold / Math.max(score, 1e-300) : score / threshold;
}

function scoreMeter(column: DriftColumn, place: Place): Child {
	const { score, threshold, drift } = column;
	if (score === null || threshold === null) return nothing();
	const sign = score < threshold ? '<' : score > threshold ? '>' : '=';
	const numbers = h(
		'span',
		{},
		isPValue(column) && h('span', { class: 'muted' }, 'p '),
		figure(pointer(...place, 'score'), score, isPValue(column) ? formatP : formatNumber),
		h('span', { class: 'muted' }, ` ${sign} `),
		figure(pointer(...place, 'threshold'), threshold, formatNumber),
	);
	if (isPValue(column)) return h('span', { class: 'effect' }, numbers);
	const fill = h('span', { class: drift === true ? 'fill over' : 'fill' });
	fill.style.width = `${Math.min(1, score / (meterEnd * threshold)) * 100}%`;
	const mark = h('span', { class: 'mark' });
	mark.style.left = `${100 / meterEnd}%`;
	return h('span', { class: 'effect' }, h('span', { class: 'meter', 'aria-hidden': 'true' }, fill, mark), numbers);
}
