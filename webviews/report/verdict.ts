/** The words for what a report says. */
import type { DriftColumn, DriftReport } from '../../daemon/protocol/drift.ts';
import { plural } from '../components/format.ts';

export type VerdictName = 'drift' | 'stable' | 'unknown';

export const verdicts: Record<VerdictName, { title: string; order: number }> = {
	drift: { title: 'Drift', order: 0 },
	stable: { title: 'Stable', order: 1 },
	unknown: { title: 'Cannot be told', order: 2 },
};

export function verdictOf(drift: boolean | null): VerdictName {
	if (drift === null) return 'unknown';
	return drift ? 'drift' : 'stable';
}

/** How many columns have each verdict. */
export function countVerdicts(columns: readonly DriftColumn[]): Record<VerdictName, number> {
	const counts = { drift: 0, stable: 0, unknown: 0 };
	for (const { drift } of columns) counts[verdictOf(drift)] += 1;
	return counts;
}

export const testNames: Record<NonNullable<DriftColumn['test']>, string> = {
	ks: 'KS',
	chi_square: 'Chi-square',
};

export const statisticNames: Record<keyof DriftColumn['statistics'], string> = {
	ks: 'KS distance',
	psi: 'Population stability index',
	wasserstein: 'Wasserstein, in standard deviations',
	jensen_shannon: 'Jensen-Shannon distance',
	chi_square: 'Chi-square',
	cramers_v: 'Cramér’s V, bias-corrected',
};

/** The headline, and the sentence under it. */
export function headline({ drift, reason, columns }: DriftReport): { title: string; sentence: string } {
	const { drift: drifted, stable } = countVerdicts(columns);
	const told = drifted + stable;
	if (drift === null) return { title: 'Drift cannot be told', sentence: reason ?? '' };
	const sentence =
		drifted === 0
			? `None of ${plural(told, 'column')} has drifted.`
			: `${drifted} of ${plural(told, 'column')} ${drifted === 1 ? 'has' : 'have'} drifted.`;
	if (drift) return { title: 'Drift found', sentence };
	return { title: drifted === 0 ? 'No drift' : 'No drift as a whole', sentence };
}

/** A name as it is shown: one that nobody could see is told in words. */
export function shownName(name: string): string {
	return name.trim() === '' ? '(blank)' : name;
}

/** Why a column has its verdict, in one sentence. */
export function explain({ drift, reason, test, effect, threshold, adjusted_p }: DriftColumn): string {
	if (reason !== null) return reason;
	if (test === null || effect === null || threshold === null || adjusted_p === null) return '';
	const matters = effect >= threshold;
	if (drift === true) return 'The difference is no accident, and it is large enough to matter.';
	if (matters) return 'The difference would be large enough to matter, but may be an accident.';
	return adjusted_p < 0.05
		? 'There is a difference, but it is too small to matter.'
		: 'No difference that matters, and none that chance would not explain.';
}
