import { htmlPage, type PageAssets } from '../../data/htmlPage.ts';
import type { DriftReport } from '../../protocol/drift.ts';

export type ReportAssets = PageAssets;

/** The report as one HTML file, with the bundle of webviews/report/page.ts. */
export function renderHtml(report: DriftReport, assets: ReportAssets): string {
	return htmlPage(`Drift: ${report.current.name} against ${report.reference.name}`, report, assets);
}
