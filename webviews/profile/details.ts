/** What a row of the table opens to: the distribution, figures, quantiles and the most frequent values. */
import type { ColumnProfile } from '../../daemon/protocol/profile.ts';
import { type ChartView, categoryChart, histogramChart } from '../components/chart.ts';
import { type Child, h } from '../components/element.ts';
import { figure, pointer } from '../components/figure.ts';
import { formatCount, formatNumber, formatShare, plural } from '../components/format.ts';
import type { ColumnDetails, Place } from '../report/columnTable.ts';
import { numbers } from '../report/details.ts';
import { formatsOf } from '../report/valueFormat.ts';
import { shownName } from '../report/verdict.ts';
import { cellFigure } from './cells.ts';
import { estimateSentence, findingsOf, formatCell } from './words.ts';

/** The figures take their names from the place of the column, `at`. */
export function createDetails(column: ColumnProfile, at: Place, rows: number): ColumnDetails {
	const chart = createChart(column, rows);
	const found = findingsOf(column, rows);
	const estimates = estimateSentence(column);
	const element = h(
		'div',
		{ class: 'details' },
		h(
			'div',
			{ class: 'why' },
			found.length > 0 && h('p', {}, `${found.join(', ')}.`),
			estimates !== null && h('p', { class: 'muted' }, estimates),
		),
		h(
			'div',
			{ class: 'figures' },
			chart === null
				? h('p', { class: 'muted' }, 'There is no distribution to draw.')
				: h('div', {}, chart.element, aboutOthers(column), ...aboutOutside(column, at)),
			topValues(column, at, rows),
		),
		h('div', { class: 'figures' }, summary(column, at), quantiles(column, at)),
	);
	return { element, destroy: () => chart?.destroy() };
}

function createChart(
	{ column, histogram, top, type }: ColumnProfile,
	rows: number,
): Pick<ChartView<never>, 'element' | 'destroy'> | null {
	const title = `Distribution of ${column.length > 80 ? `${column.slice(0, 79)}…` : shownName(column)}`;
	if (histogram !== null) {
		const { edges, shares } = histogram;
		const text = { title, x: 'value', y: 'share of values' };
		return histogramChart({
			...text,
			edges,
			format: formatsOf(type, edges).place,
			reference: { name: 'Share', shares },
		});
	}
	if (top.length === 0) return null;
	const labels = top.map(({ value }) => shownName(formatCell(value)));
	const shares = top.map(({ count }) => count / rows);
	return categoryChart({ title, x: 'value', y: 'share of rows', labels, reference: { name: 'Share', shares } });
}

/** What the bars leave out. */
function aboutOthers({ histogram, top, count, distinct }: ColumnProfile): HTMLElement | false {
	if (histogram !== null || distinct <= top.length) return false;
	const rest = 1 - top.reduce((sum, one) => sum + one.count, 0) / count;
	const others = plural(distinct - top.length, 'other value');
	return h('p', { class: 'muted' }, `Not drawn: ${others}, which ${formatShare(Math.max(0, rest))} of the cells hold.`);
}

/** The chart ends where a few far values would squeeze the rest: how many they are. */
function aboutOutside({ histogram }: ColumnProfile, at: Place): HTMLElement[] {
	if (histogram === null || (histogram.below === 0 && histogram.above === 0)) return [];
	const place = (side: string) => pointer(...at, 'histogram', side);
	return [
		h(
			'p',
			{ class: 'muted' },
			'Not drawn, as they lie far out: ',
			figure(place('below'), histogram.below, formatShare),
			' of the values below and ',
			figure(place('above'), histogram.above, formatShare),
			' above.',
		),
	];
}

function summary(column: ColumnProfile, at: Place): HTMLElement {
	const { lengths } = column;
	const line = (title: string, field: keyof ColumnProfile, format = formatCount): Child[] | null => {
		const value = column[field];
		if (value === null) return null;
		return [title, figure(pointer(...at, field), value as number, format)];
	};
	const edge = (title: string, field: 'min' | 'max'): Child[] | null =>
		column[field] === null ? null : [title, cellFigure(pointer(...at, field), column[field])];
	const length = (title: string, field: 'min' | 'mean' | 'max'): Child[] | null =>
		lengths === null ? null : [title, figure(pointer(...at, 'lengths', field), lengths[field], formatNumber)];
	const lines = [
		line('Values', 'count'),
		line('Nulls', 'nulls'),
		line('Different values', 'distinct'),
		line('Zeros', 'zeros'),
		line('Infinities', 'infinities'),
		line('Mean', 'mean', formatNumber),
		line('Standard deviation', 'std', formatNumber),
		edge('Minimum', 'min'),
		edge('Maximum', 'max'),
		length('Shortest, in characters', 'min'),
		length('Mean length', 'mean'),
		length('Longest', 'max'),
	];
	return numbers('Figures', ['', 'Value'], lines.filter((one) => one !== null).map(named));
}

function named([title, value]: Child[]): Child[] {
	return [h('th', { scope: 'row' }, title), h('td', { class: 'numeric' }, value)];
}

function quantiles(column: ColumnProfile, at: Place): HTMLElement | false {
	if (column.quantiles === null) return false;
	const lines = Object.entries(column.quantiles).map(([name, value]) => [
		`${name.slice(1)} %`,
		cellFigure(pointer(...at, 'quantiles', name), value),
	]);
	return numbers('Quantiles', ['', 'Value'], lines.map(named));
}

function topValues({ top }: ColumnProfile, at: Place, rows: number): HTMLElement | false {
	if (top.length === 0) return false;
	const lines = top.map(({ value, count }, place) => [
		h('th', { scope: 'row', class: 'wrap' }, h('bdi', {}, shownName(formatCell(value)))),
		h('td', { class: 'numeric' }, figure(pointer(...at, 'top', place, 'count'), count, formatCount)),
		h('td', { class: 'numeric muted' }, formatShare(count / rows)),
	]);
	return numbers('Most frequent values', ['', 'Rows', 'Share'], lines);
}
