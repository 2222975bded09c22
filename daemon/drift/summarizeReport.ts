import type { DriftReport, DriftSummary } from '../protocol/drift.ts';

/** A report in one line, as lists and lenses show it. */
export function summarizeReport(report: DriftReport): Omit<DriftSummary, 'html'> {
	const stability = report.columns.flatMap(({ statistics }) => statistics.psi ?? []);
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
