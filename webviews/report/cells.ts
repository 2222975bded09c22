/** The columns of the table: one entry each. */
import type { DriftColumn } from '../../daemon/protocol/drift.ts';
import { type Child, h } from '../components/element.ts';
import { figure, nothing, pointer } from '../components/figure.ts';
import { formatNumber } from '../components/format.ts';
import type { SortValue } from '../components/sort.ts';
import { spark } from './spark.ts';
import { formatP } from './valueFormat.ts';
import { testNames, verdictOf, verdicts } from './verdict.ts';

/** A column of the data with its place in the report. */
export interface ReportRow {
	readonly column: DriftColumn;
	readonly index: number;
}

export interface CellKind {
	readonly id: string;
	readonly title: string;
	readonly numeric?: boolean;
	/** Left out where the page is narrow; the details have it. */
	readonly secondary?: boolean;
	readonly value?: (row: ReportRow) => SortValue;
	readonly cell: (row: ReportRow) => Child;
}

function number(field: 'statistic' | 'p_value' | 'adjusted_p'): Pick<CellKind, 'numeric' | 'value' | 'cell'> {
	return {
		numeric: true,
		value: ({ column }) => column[field],
		cell: ({ column, index }) =>
			figure(pointer('columns', index, field), column[field], field === 'statistic' ? formatNumber : formatP),
	};
}

/** All but the first, which names the row. */
export const cellKinds: readonly CellKind[] = [
	{
		id: 'distribution',
		title: 'Distribution',
		cell: ({ column }) => (column.distribution === null ? nothing() : spark(column.distribution)),
	},
	{
		id: 'verdict',
		title: 'Verdict',
		value: ({ column }) => verdicts[verdictOf(column.drift)].order,
		cell: ({ column, index }) => verdictTag(column.drift, pointer('columns', index, 'drift')),
	},
	{
		id: 'effect',
		title: 'Effect, threshold',
		value: ({ column }) => column.effect,
		cell: ({ column, index }) => effectMeter(column, index),
	},
	{
		id: 'test',
		title: 'Test',
		secondary: true,
		value: ({ column }) => (column.test === null ? null : testNames[column.test]),
		cell: ({ column, index }) =>
			h(
				'span',
				{ 'data-figure': pointer('columns', index, 'test'), 'data-value': String(column.test) },
				column.test === null ? nothing() : testNames[column.test],
			),
	},
	{ id: 'statistic', title: 'Statistic', secondary: true, ...number('statistic') },
	{ id: 'p_value', title: 'p', secondary: true, ...number('p_value') },
	{ id: 'adjusted_p', title: 'Adjusted p', secondary: true, ...number('adjusted_p') },
];

export function verdictTag(drift: boolean | null, place: string): HTMLElement {
	const name = verdictOf(drift);
	return h(
		'span',
		{ class: `verdict ${name}`, 'data-figure': place, 'data-value': String(drift) },
		h('span', { class: `sign ${name}`, 'aria-hidden': 'true' }),
		verdicts[name].title,
	);
}

/** The meter ends at five times the threshold. */
const meterEnd = 5;

function effectMeter({ effect, threshold }: DriftColumn, index: number): Child {
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
			figure(pointer('columns', index, 'effect'), effect),
			h('span', { class: 'muted' }, ` ${effect >= threshold ? '≥' : '<'} `),
			figure(pointer('columns', index, 'threshold'), threshold, formatNumber),
		),
	);
}
