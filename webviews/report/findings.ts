/** What changed in a column beside its distribution, as a list of sentences. */
import type { DriftColumn } from '../../daemon/protocol/drift.ts';
import type { DriftFinding } from '../../daemon/protocol/driftFindings.ts';
import { type Child, h } from '../components/element.ts';
import { figure, pointer } from '../components/figure.ts';
import { formatCount, formatNumber, formatShare } from '../components/format.ts';
import type { Place } from './columnTable.ts';
import { formatP } from './valueFormat.ts';

export function findingsOf({ findings = [] }: DriftColumn, place: Place): HTMLElement[] {
	if (findings.length === 0) return [];
	return [
		h(
			'ul',
			{},
			...findings.map((finding, index) =>
				h('li', {}, ...partsOf(finding, (...path) => pointer(...place, 'findings', String(index), ...path))),
			),
		),
	];
}

function partsOf(finding: DriftFinding, at: (...path: string[]) => string): Child[] {
	const share = (field: string, value: number) => figure(at(field), value, formatShare);
	switch (finding.kind) {
		case 'nulls':
			return [
				...['Nulls went from ', share('reference', finding.reference), ' to ', share('current', finding.current)],
				...[' of the rows (p ', figure(at('p_value'), finding.p_value, formatP), ').'],
			];
		case 'out_of_range':
			return [
				...[share('share', finding.share), ' of the current values lie outside the range of the reference, '],
				...[figure(at('min'), finding.min, formatNumber), ' to ', figure(at('max'), finding.max, formatNumber)],
				...[' (without drift about ', share('expected', finding.expected), ').'],
			];
		default: {
			const fresh = finding.kind === 'new_categories';
			const names = finding.categories.flatMap(({ name, share: one }, index): Child[] => [
				...[index === 0 ? ': ' : ', ', h('bdi', {}, name), ' ('],
				...[figure(at('categories', String(index), 'share'), one, formatShare), ')'],
			]);
			const rest = finding.count - finding.categories.length;
			return [
				figure(at('count'), finding.count, formatCount),
				finding.count === 1 ? ' category is ' : ' categories are ',
				...[
					fresh ? 'new, ' : 'lost, ',
					share('share', finding.share),
					` of the ${fresh ? 'current data' : 'reference'}`,
				],
				...[...names, rest > 0 ? ` and ${rest} more.` : '.'],
			];
		}
	}
}
