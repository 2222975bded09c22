/** Whether all columns together tell the samples apart, in sentences. */
import type { DriftMultivariate } from '../../daemon/protocol/driftMultivariate.ts';
import { type Child, h } from '../components/element.ts';
import { figure, pointer } from '../components/figure.ts';
import { formatCount } from '../components/format.ts';
import { formatP } from './valueFormat.ts';
import { shownName } from './verdict.ts';

export function multivariateParts(found: DriftMultivariate): HTMLElement[] {
	const at = (...path: readonly (string | number)[]) => pointer('multivariate', ...path);
	const { auc, interval, drift, reason, rows, columns } = found;
	if (auc === null || interval === null) return [h('p', {}, reason)];
	const names = columns.flatMap(({ column, auc: alone }, index): Child[] => [
		...[index === 0 ? '' : ', ', h('bdi', { class: 'mono' }, shownName(column)), ' '],
		figure(at('columns', index, 'auc'), alone),
	]);
	return [
		h(
			'p',
			{},
			drift === true
				? 'Together they tell the samples apart: area under the ROC curve '
				: 'Together they do not tell the samples apart: area under the ROC curve ',
			...[figure(at('auc'), auc), ', with 95 % confidence between ', figure(at('interval', 'low'), interval.low)],
			...[
				' and ',
				figure(at('interval', 'high'), interval.high),
				' (p ',
				figure(at('p_value'), found.p_value, formatP),
			],
			'). 0.5 is chance. This is not in the share of drifted columns.',
		),
		...(drift === true ? [h('p', {}, 'What gives them away, with the area of each by itself: ', ...names, '.')] : []),
		h(
			'p',
			{ class: 'muted' },
			...['From ', figure(at('rows', 'reference'), rows.reference, formatCount), ' rows of the reference and '],
			...[figure(at('rows', 'current'), rows.current, formatCount), ' current ones; half of them fitted, half asked.'],
		),
	];
}
