/** Figures by the parts of each feature: does the model do worse for some rows? */
import type { BiasGroups, DriftPerformance, PerformanceFeature } from '../../daemon/protocol/driftPerformance.ts';
import { type Child, h } from '../components/element.ts';
import { figure, nothing, pointer } from '../components/figure.ts';
import { formatCount, formatNumber, formatShare } from '../components/format.ts';
import { framedTable } from './framedTable.ts';
import { shownName } from './verdict.ts';

const sides = ['reference', 'current'] as const;
const titles = { reference: 'Reference', current: 'Current' };

type Field = readonly ['rows' | 'mean_error' | 'mae' | 'accuracy' | 'f1', string, (value: number | null) => string];

const ofRegression: readonly Field[] = [
	['rows', 'rows', formatCount],
	['mean_error', 'mean error', formatNumber],
	['mae', 'MAE', formatNumber],
];
const ofClasses: readonly Field[] = [
	['rows', 'rows', formatCount],
	['accuracy', 'accuracy', formatShare],
	['f1', 'F1', formatNumber],
];

/** The first is open: its parts differ most. */
export function featureParts({ features, task }: DriftPerformance): Child {
	if (features.length === 0) return false;
	const fields = task === 'regression' ? ofRegression : ofClasses;
	const what = task === 'regression' ? 'mean error' : 'accuracy';
	const format = task === 'regression' ? formatNumber : formatShare;
	return h(
		'div',
		{ class: 'stack' },
		h('h3', {}, task === 'regression' ? 'Bias by feature' : 'By feature'),
		...features.map((feature, index) =>
			h(
				'details',
				{ class: 'feature', open: index === 0 },
				h(
					'summary',
					{},
					h('bdi', {}, shownName(feature.column)),
					h('span', { class: 'muted' }, `: ${what} differs by up to `),
					figure(pointer('performance', 'features', index, 'spread'), feature.spread, format),
				),
				partsTable(feature, index, fields),
				groupsTable(feature, index),
			),
		),
	);
}

function partsTable({ column, parts }: PerformanceFeature, index: number, fields: readonly Field[]): HTMLElement {
	const head = fields.flatMap(([, title]) => sides.map((side) => ({ text: `${titles[side]} ${title}` })));
	return framedTable(
		`Figures by ${shownName(column)}`,
		[{ text: 'Value or range', words: true }, ...head],
		parts.map((part, row) => ({
			name: h('bdi', {}, shownName(part.segment)),
			cells: fields.flatMap(([field, , format]) =>
				sides.map((side) => {
					const place = pointer('performance', 'features', index, 'parts', row, side, field);
					const found = part[side];
					return found === null ? nothing() : figure(place, found[field] ?? null, format);
				}),
			),
		})),
	);
}

const groupTitles = {
	overall: 'All rows',
	underestimation: 'Most underestimated 5 %',
	overestimation: 'Most overestimated 5 %',
} satisfies Partial<Record<keyof BiasGroups, string>>;

function groupsTable({ column, groups }: PerformanceFeature, index: number): Child {
	if (groups === undefined) return false;
	const names = Object.keys(groupTitles) as (keyof typeof groupTitles)[];
	return framedTable(
		`${shownName(column)} where the model errs most`,
		[{ text: `Mean or most frequent value`, words: true }, { text: 'Reference' }, { text: 'Current' }],
		names.map((name) => ({
			name: groupTitles[name],
			cells: sides.map((side) => {
				const value = groups[side]?.[name] ?? null;
				if (typeof value === 'string') return h('bdi', {}, value);
				return value === null
					? nothing()
					: figure(pointer('performance', 'features', index, 'groups', side, name), value);
			}),
		})),
	);
}
