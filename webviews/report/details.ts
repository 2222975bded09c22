/** What a row of the table opens to: the distribution, both samples in figures, all statistics. */
import type { DriftColumn } from '../../daemon/protocol/drift.ts';
import { type Child, h } from '../components/element.ts';
import { figure, pointer } from '../components/figure.ts';
import { formatCount, formatNumber, formatShare } from '../components/format.ts';
import type { ColumnDetails, Place } from './columnTable.ts';
import { type AnyChart, distributionChart } from './distributionChart.ts';
import { evidenceOf } from './evidence.ts';
import { findingsOf } from './findings.ts';
import { examplesPart, segmentsPart } from './segments.ts';
import { formatP, formatsOf } from './valueFormat.ts';
import { explain, shownName, statisticNames, testNames } from './verdict.ts';

/** The figures take their names from the place of the column. */
export function createDetails(column: DriftColumn, place: Place): ColumnDetails {
	const chart = createChart(column);
	const element = h(
		'div',
		{ class: 'details' },
		h(
			'div',
			{ class: 'why' },
			h('p', {}, explain(column)),
			h('p', { class: 'muted narrow' }, testSentence(column)),
			...evidenceOf(column, place),
			...findingsOf(column, place),
			...importanceOf(column, place),
			...column.notes.map((note) => h('p', { class: 'muted' }, note)),
		),
		chart === null
			? h('p', { class: 'muted' }, 'There is no distribution to draw.')
			: h('div', {}, chart.element, ...aboutOutside(column, place)),
		h('div', { class: 'figures' }, summaryTable(column, place), statisticsTable(column, place)),
		segmentsPart(column, place),
		examplesPart(column, place),
	);
	return { element, destroy: () => chart?.destroy() };
}

/** Whether the column matters to the model that was asked. */
function importanceOf({ importance }: DriftColumn, place: Place): HTMLElement[] {
	if (importance === undefined) return [];
	const { model, metric, score, mean } = importance;
	const at = (field: string) => pointer(...place, 'importance', field);
	return [
		h(
			'p',
			{},
			...['When its values change places between rows, the ', metric, ' of ', h('bdi', {}, model), ' is worse by '],
			...[figure(at('mean'), mean, formatNumber), ' (as it is, ', figure(at('score'), score, formatNumber), ').'],
		),
	];
}

/** What the cells that a narrow page leaves out say. */
function testSentence({ test, statistic, p_value, adjusted_p, effect }: DriftColumn): string {
	if (test === null) return '';
	if (effect === null) {
		const p = p_value === null ? '' : `, p ${formatP(p_value)}`;
		return `${testNames[test]} ${formatNumber(statistic)}${p}.`;
	}
	return `${testNames[test]} ${formatNumber(statistic)}, p ${formatP(p_value)}, adjusted p ${formatP(adjusted_p)}.`;
}

function createChart({ column, distribution, type }: DriftColumn): AnyChart | null {
	if (distribution === null) return null;
	const title = `Distribution of ${column.length > 80 ? `${column.slice(0, 79)}…` : shownName(column)}`;
	return distribution.kind === 'histogram'
		? distributionChart(title, 'value', distribution, formatsOf(type, distribution.edges).place)
		: distributionChart(title, 'category', distribution);
}

/** The chart ends where a few far values would squeeze the rest: how many they are. */
function aboutOutside({ distribution }: DriftColumn, place: Place): HTMLElement[] {
	if (distribution?.kind !== 'histogram') return [];
	const { reference, current } = distribution.outside;
	if (reference === 0 && current === 0) return [];
	const share = (side: 'reference' | 'current') => pointer(...place, 'distribution', 'outside', side);
	return [
		h(
			'p',
			{ class: 'muted' },
			'Not drawn, as they lie far out: ',
			figure(share('reference'), reference, formatShare),
			' of the reference and ',
			figure(share('current'), current, formatShare),
			' of the current values.',
		),
	];
}

function summaryTable(column: DriftColumn, place: Place): HTMLElement {
	const range = [column.reference, column.current].flatMap(({ min, max }) => [min ?? [], max ?? []].flat());
	const formats = formatsOf(column.type, range);
	const lines: readonly [title: string, field: keyof DriftColumn['reference'], format: typeof formatNumber][] = [
		['Rows', 'rows', formatCount],
		['Nulls', 'nulls', formatCount],
		['Different values', 'distinct', formatCount],
		['Mean', 'mean', formats.place],
		['Standard deviation', 'std', formats.distance],
		['Minimum', 'min', formats.place],
		['Median', 'median', formats.place],
		['Maximum', 'max', formats.place],
	];
	const cell = (side: 'reference' | 'current', field: keyof DriftColumn['reference'], format: typeof formatNumber) =>
		h('td', { class: 'numeric' }, figure(pointer(...place, side, field), column[side][field], format));
	const shown = lines.filter(([, field]) => column.reference[field] !== null || column.current[field] !== null);
	return numbers(
		'Both samples',
		['', 'Reference', 'Current'],
		shown.map(([title, field, format]) => [
			h('th', { scope: 'row' }, title),
			cell('reference', field, format),
			cell('current', field, format),
		]),
	);
}

function statisticsTable({ statistics, effect }: DriftColumn, place: Place): HTMLElement | false {
	const names = Object.keys(statistics) as (keyof typeof statistics)[];
	if (names.length === 0) return false;
	return numbers(
		effect === null ? 'Other statistics' : 'All statistics',
		['', 'Value'],
		names.map((name) => [
			h('th', { scope: 'row', class: 'wrap' }, statisticNames[name]),
			h('td', { class: 'numeric' }, figure(pointer(...place, 'statistics', name), statistics[name] ?? null)),
		]),
	);
}

export function numbers(title: string, head: readonly string[], rows: readonly (readonly Child[])[]): HTMLElement {
	const heading = (text: string) => (text === '' ? h('td') : h('th', { scope: 'col', class: 'numeric' }, text));
	return h(
		'div',
		{},
		h('h3', {}, title),
		h(
			'table',
			{ class: 'plain' },
			h('caption', { class: 'spoken' }, title),
			h('thead', {}, h('tr', {}, ...head.map(heading))),
			h('tbody', {}, ...rows.map((cells) => h('tr', {}, ...cells))),
		),
	);
}
