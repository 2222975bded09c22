/** Of classification: each class, what was taken for what, and whether probabilities can be believed. */
import type { DriftPerformance } from '../../daemon/protocol/driftPerformance.ts';
import { lineChart } from '../components/chart.ts';
import { type Child, h } from '../components/element.ts';
import { figure, nothing, pointer } from '../components/figure.ts';
import { formatCount, formatNumber, formatShare, plural } from '../components/format.ts';
import type { AnyChart } from './distributionChart.ts';
import { framedTable } from './framedTable.ts';
import { shownName } from './verdict.ts';

type Classification = NonNullable<DriftPerformance['classification']>;
const sides = ['reference', 'current'] as const;
const titles = { reference: 'Reference', current: 'Current' };

export function classTable({ by_class }: Classification): HTMLElement {
	const fields = [
		['rows', 'rows', formatCount],
		['precision', 'precision', formatShare],
		['recall', 'recall', formatShare],
		['f1', 'F1', formatNumber],
	] as const;
	const head = sides.flatMap((side) => fields.map(([, title]) => ({ text: `${titles[side]} ${title}` })));
	const rows = by_class.map((one, index) => ({
		name: h('bdi', {}, shownName(one.class)),
		cells: sides.flatMap((side) =>
			fields.map(([field, , format]) => {
				const found = one[side];
				const place = pointer('performance', 'classification', 'by_class', index, side, field);
				return found === null ? nothing() : figure(place, found[field], format);
			}),
		),
	}));
	return h(
		'div',
		{ class: 'stack' },
		h('h3', {}, 'By class'),
		framedTable('Figures by class', [{ text: 'Class', words: true }, ...head], rows),
	);
}

/** Two tables whose cells are shaded by their share of their line. */
export function confusionTables({ classes, others, confusion }: Classification): HTMLElement {
	const names = [...classes.map(shownName), ...(others > 0 ? [plural(others, 'other class', 'other classes')] : [])];
	const table = (side: (typeof sides)[number]): Child => {
		const counts = confusion[side];
		if (counts === null) return false;
		const rows = counts.map((line, down) => {
			const total = line.reduce((sum, count) => sum + count, 0);
			return {
				name: h('bdi', {}, names[down] ?? ''),
				cells: line.map((count, across) => {
					const place = pointer('performance', 'classification', 'confusion', side, down, across);
					const cell = h('span', { class: down === across ? 'heat right' : 'heat' }, figure(place, count, formatCount));
					cell.style.setProperty('--heat', `${total === 0 ? 0 : Math.round((28 * count) / total)}%`);
					return cell;
				}),
			};
		});
		return h(
			'div',
			{ class: 'stack' },
			h('h3', {}, `What was taken for what: ${titles[side].toLowerCase()}`),
			framedTable(
				`Confusion of the ${titles[side].toLowerCase()}: true classes down, predicted ones across`,
				[{ text: 'True ╲ predicted', words: true }, ...names.map((text) => ({ text }))],
				rows,
			),
		);
	};
	return h('div', { class: 'pair' }, table('reference'), table('current'));
}

/** Observed shares over predicted probabilities; null where there are none. */
export function calibrationChart({ calibration }: Classification): AnyChart | null {
	if (calibration === null) return null;
	const series = sides.map((side) => ({
		name: titles[side],
		points: (calibration[side] ?? []).map(({ predicted, observed }) => ({ x: predicted, y: observed })),
	}));
	const ideal = [0, 1].map((x) => ({ x, y: x }));
	return lineChart({
		title: 'Calibration: can the probabilities be believed?',
		x: 'predicted probability',
		y: 'share that was positive',
		series: [...series, { name: 'Ideal', points: ideal }],
	});
}
