import type { CheckReport } from '../daemon/protocol/checks.ts';
import type { DriftSummary } from '../daemon/protocol/drift.ts';
import { count, driftSentence } from './words.ts';

export interface Badge {
	/** `C` for checks, `D` for drift. */
	readonly letter: string;
	readonly severity: 'error' | 'warning';
	readonly tooltip: string;
}

/** The gravest of what is known of a file: a failing check, drift, a check that only warns. */
export function badgeOf(
	checked: Pick<CheckReport, 'checks'> | undefined,
	report: Pick<DriftSummary, 'drift' | 'drifted' | 'columns' | 'psi_max'> | undefined,
): Badge | null {
	const failing = (checked?.checks ?? []).filter(({ passed }) => !passed);
	const grave = failing.filter(({ severity }) => severity === 'fail').length;
	const drifted = report?.drift === true ? [driftSentence(report)] : [];
	const checks =
		failing.length === 0 ? [] : [`${count(failing.length, 'check')} ${failing.length === 1 ? 'does' : 'do'} not hold`];
	const tooltip = `Perch: ${[...checks, ...drifted].join(' · ')}`;
	if (grave > 0) return { letter: 'C', severity: 'error', tooltip };
	if (drifted.length > 0) return { letter: 'D', severity: 'warning', tooltip };
	return failing.length > 0 ? { letter: 'C', severity: 'warning', tooltip } : null;
}
