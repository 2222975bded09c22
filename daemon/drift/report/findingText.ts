/** What a report tells beside its verdicts, in sentences for text files. */
import type { DriftColumn } from '../../protocol/drift.ts';
import type { DriftFinding } from '../../protocol/driftFindings.ts';
import type { DriftMultivariate } from '../../protocol/driftMultivariate.ts';
import { percent, valueText } from './wording.ts';

/** A finding in one sentence, without a period. */
export function findingText(finding: DriftFinding, type: DriftColumn['type']): string {
	switch (finding.kind) {
		case 'nulls':
			return `nulls went from ${percent(finding.reference)} to ${percent(finding.current)} of the rows (p ${short(finding.p_value)})`;
		case 'out_of_range': {
			const time = type === 'date' || type === 'timestamp';
			const [min, max] = [valueText(finding.min, time), valueText(finding.max, time)];
			return `${percent(finding.share)} of the current values lie outside the range of the reference, ${min} to ${max} (without drift about ${percent(finding.expected)})`;
		}
		default: {
			const fresh = finding.kind === 'new_categories';
			const names = finding.categories.map(({ name, share }) => `${name} (${percent(share)})`).join(', ');
			const rest = finding.count - finding.categories.length;
			const what = `${finding.count} ${finding.count === 1 ? 'category is' : 'categories are'} ${fresh ? 'new' : 'lost'}`;
			const of = `${percent(finding.share)} of the ${fresh ? 'current data' : 'reference'}`;
			return `${what}, ${of}: ${names}${rest > 0 ? ` and ${rest} more` : ''}`;
		}
	}
}

/** What all columns together tell, in one sentence without a period. */
export function multivariateText({ drift, reason, auc, interval, p_value, columns }: DriftMultivariate): string {
	if (drift === null || auc === null) return (reason ?? '').replace(/\.$/, '');
	const told = drift
		? 'a classifier tells the samples apart'
		: 'a classifier does not tell the samples apart as far as it would matter';
	const range = interval === null ? '' : `, ${short(interval.low)} to ${short(interval.high)}`;
	const names = columns.map(({ column, auc: alone }) => `${column} (${short(alone)})`).join(', ');
	return `${told} (area under the ROC curve ${short(auc)}${range}; p ${p_value === null ? '–' : short(p_value)})${drift && names !== '' ? `; most by ${names}` : ''}`;
}

function short(value: number): string {
	return String(Number(value.toPrecision(3)));
}
