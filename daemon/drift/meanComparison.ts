/** Comparison of means: how far the mean of each number moved, as a share of its mean in the reference. No test, no p-value. */
import type { DriftColumn, DriftReport } from '../protocol/drift.ts';
import { reportColumn } from './columnReport.ts';
import { type ColumnPair, type Judgement, type Judging, typeOfPair } from './judgement.ts';
import type { ChosenTest } from './testChoices.ts';

/** A mean that moved by a tenth of itself has drifted, unless told otherwise. */
export const meanFloor = 0.1;

/**
 * The relative change |current − reference| / |reference| of two means, 0 or more. Null with a reason where it is not
 * defined: without values, or for a reference mean of 0 that did not stay 0.
 *
 * Worked value: 72 against 102.672 gives 0.426.
 */
export function meanChange(
	reference: number | null,
	current: number | null,
): { change: number; reason: null } | { change: null; reason: string } {
	if (reference === null || current === null)
		return { change: null, reason: 'There is no mean in one of the samples.' };
	if (reference === current) return { change: 0, reason: null };
	const change = Math.abs(current - reference) / Math.abs(reference);
	if (Number.isFinite(change)) return { change, reason: null };
	return { change: null, reason: 'The mean of the reference is 0: a change has no percentage.' };
}

/** One column by its means, whatever the others hold. */
export function examineMeans(pair: ColumnPair, { threshold = meanFloor }: ChosenTest): DriftColumn {
	const { name, one, other } = pair;
	const { evidence: _, notes: __, ...report } = reportColumn(one, other, { test: 'auto', live: true });
	const type = typeOfPair(one, other, report);
	const isNumber = (type === 'integer' || type === 'double') && one.kind === 'number' && other.kind === 'number';
	const { change, reason } = isNumber
		? meanChange(report.reference.mean, report.current.mean)
		: { change: null, reason: `A column of type ${type} has no mean to compare.` };
	return {
		column: name,
		type,
		test: change === null ? null : 'mean',
		statistic: change,
		p_value: null,
		adjusted_p: null,
		effect: null,
		score: change,
		threshold: change === null ? null : threshold,
		drift: change === null ? null : change >= threshold,
		reason,
		...report,
		notes: [],
	};
}

/** Columns without a mean cannot be told, and do not count in the share. */
export function judgeMeans(examined: readonly DriftColumn[], { threshold, withheld }: Judging): Judgement {
	if (withheld !== null) {
		const columns = examined.map((column) => ({ ...column, drift: null, reason: withheld }));
		return { drift: null, reason: withheld, share: 0, columns };
	}
	const columns = [...examined];
	const told = columns.filter(({ drift }) => drift !== null).length;
	const drifted = columns.filter(({ drift }) => drift === true).length;
	if (told === 0) return { drift: null, reason: 'No column of numbers could be compared.', share: 0, columns };
	const share = drifted / told;
	return { drift: drifted > 0 && share >= threshold, reason: null, share, columns };
}

/** The same verdicts as the home-prices system gives them: percentages by column. */
export function meanIndicators({ drift, columns, predictions }: DriftReport): {
	overall_drift_detected: boolean;
	drift_indicators: Record<string, { drift_percentage: number; significant_drift: boolean }>;
} {
	const compared = [...columns, ...(predictions?.columns ?? [])].flatMap(({ column, score, drift: significant }) =>
		score === null
			? []
			: [[column, { drift_percentage: score * 100, significant_drift: significant === true }] as const],
	);
	const overall = drift === true || predictions?.drift === true;
	return { overall_drift_detected: overall, drift_indicators: Object.fromEntries(compared) };
}
