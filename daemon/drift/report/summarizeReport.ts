import type { DriftReport, DriftSummary } from '../../protocol/drift.ts';

/**
 * A report in one line, as lists and lenses show it. `psi_max` is taken over the columns that could be told, dates left
 * out: they differ by their nature and would hide all others.
 */
export function summarizeReport(report: DriftReport): Omit<DriftSummary, 'html'> {
	const stability = report.columns.flatMap(({ drift, type, statistics }) =>
		drift === null || type === 'date' || type === 'timestamp' ? [] : (statistics.psi ?? []),
	);
	return {
		id: report.id,
		created_at: report.created_at,
		project: report.project,
		deployment: report.deployment,
		drift: report.drift,
		share: report.share,
		threshold: report.threshold,
		drifted: report.columns.filter(({ drift }) => drift === true).length,
		columns: report.columns.length,
		psi_max: stability.length === 0 ? null : stability.reduce((most, psi) => Math.max(most, psi)),
		reference: report.reference.name,
		current: report.current.name,
	};
}
