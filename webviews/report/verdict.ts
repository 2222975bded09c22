/** The words for what a report says. */
import type { DriftColumn, DriftReport } from '../../daemon/protocol/drift.ts';
import { formatShare, plural } from '../components/format.ts';

export type VerdictName = 'drift' | 'stable' | 'few' | 'unknown';

export const verdicts: Record<VerdictName, { title: string; order: number }> = {
	drift: { title: 'Drift', order: 0 },
	stable: { title: 'Stable', order: 1 },
	few: { title: 'Too few rows', order: 2 },
	unknown: { title: 'Cannot be told', order: 3 },
};

/** `rowsNeeded` is given where more rows would tell. */
export function verdictOf(drift: boolean | null, rowsNeeded: number | null = null): VerdictName {
	if (drift === null) return rowsNeeded === null ? 'unknown' : 'few';
	return drift ? 'drift' : 'stable';
}

/** How many columns have each verdict. */
export function countVerdicts(columns: readonly DriftColumn[]): Record<VerdictName, number> {
	const counts = { drift: 0, stable: 0, few: 0, unknown: 0 };
	for (const { drift, rows_needed } of columns) counts[verdictOf(drift, rows_needed)] += 1;
	return counts;
}

export const testNames: Record<NonNullable<DriftColumn['test']>, string> = {
	ks: 'KS',
	chi_square: 'Chi-square',
	kuiper: 'Kuiper',
	mmd: 'MMD',
	psi: 'PSI',
	wasserstein: 'Wasserstein, normed',
	jensenshannon: 'Jensen-Shannon',
	kl_div: 'KL divergence',
	chisquare: 'Chi-square, one sample',
	z: 'Z',
	g_test: 'G',
	fisher_exact: 'Fisher’s exact',
	anderson: 'Anderson-Darling',
	cramer_von_mises: 'Cramér-von Mises',
	es: 'Epps-Singleton',
	mannw: 'Mann-Whitney, one-sided',
	t_test: 'Student’s t',
	hellinger: 'Hellinger',
	ed: 'Energy distance',
	TVD: 'Total variation',
	empirical_mmd: 'Empirical MMD',
	perc_text_content_drift: 'Text, against chance',
	abs_text_content_drift: 'Text',
	mean: 'Change of the mean',
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
export function headline({ drift, reason, columns, rows_needed }: DriftReport): { title: string; sentence: string } {
	const { drift: drifted, stable } = countVerdicts(columns);
	const told = drifted + stable;
	if (drift === null) {
		return { title: rows_needed ? 'Too few rows to tell' : 'Drift cannot be told', sentence: reason ?? '' };
	}
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
export function explain(column: DriftColumn): string {
	const { drift, reason, test, effect, score, threshold, adjusted_p } = column;
	if (reason !== null) return reason;
	if (effect === null && score !== null) return explainScore(column);
	if (test === null || effect === null || threshold === null || adjusted_p === null) return '';
	const matters = effect >= threshold;
	if (drift === true) return 'The difference is no accident, and it is large enough to matter.';
	if (matters) return 'The difference would be large enough to matter, but may be an accident.';
	return adjusted_p < 0.05
		? 'There is a difference, but it is too small to matter.'
		: 'No difference that matters, and none that chance would not explain.';
}

/** A score that is a p-value is drift where it is small, any other where it is large. */
export function isPValue({ score, p_value }: DriftColumn): boolean {
	return score !== null && score === p_value;
}

function explainScore(column: DriftColumn): string {
	if (column.test === 'perc_text_content_drift') {
		return column.drift === true
			? 'A classifier tells the samples apart better than chance would.'
			: 'A classifier tells the samples apart no better than chance could.';
	}
	if (column.test === 'mean') {
		const words = column.drift === true ? 'as far as its threshold, or further' : 'less far than its threshold';
		return `The mean moved by ${formatShare(column.score)} of itself, ${words}.`;
	}
	if (isPValue(column)) {
		return column.drift === true ? 'The p-value is below its threshold.' : 'The p-value is not below its threshold.';
	}
	return column.drift === true ? 'The score is beyond its threshold.' : 'The score is not beyond its threshold.';
}
