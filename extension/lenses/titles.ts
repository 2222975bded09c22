/** What the lenses say, as plain data. */
import { basename, dirname, resolve } from 'node:path';
import type { DriftSummary } from '../../daemon/protocol/drift.ts';
import type { Project } from '../projects/projects.ts';
import { driftSentence } from '../words.ts';

type Named = Pick<Project, 'root' | 'file' | 'name' | 'files'>;

/** The newest report that a data file was the current data of. */
export function ownReport(reports: readonly DriftSummary[], project: Named, file: string): DriftSummary | undefined {
	return reports.find((report) => isAbout(report, project, file));
}

function isAbout({ current }: DriftSummary, project: Named, file: string): boolean {
	return [dirname(project.file), project.root].some((folder) => resolve(folder, current) === file);
}

/** The reports about a data file, newest first: those of which it was the current data, or, for the reference itself, all of the project. */
export function reportsAbout(reports: readonly DriftSummary[], project: Named, file: string): DriftSummary[] {
	const own = reports.filter((report) => isAbout(report, project, file));
	if (own.length > 0) return own;
	const role = project.files.find(({ path }) => path === file)?.role;
	if (role !== 'source' && role !== 'reference') return [];
	return reports.filter((report) => report.project === project.name || report.project === project.file);
}

/** The newest of them. */
export function reportAbout(reports: readonly DriftSummary[], project: Named, file: string): DriftSummary | undefined {
	return reportsAbout(reports, project, file)[0];
}

/** The reports whose history a file has, as drift/history asks for them: those about it, or for a reference those of its project. */
export function followed(
	reports: readonly DriftSummary[],
	project: Named,
	file: string,
): { current: string } | { project: string } {
	const own = ownReport(reports, project, file);
	if (own !== undefined) return { current: own.current };
	const about = reportAbout(reports, project, file)?.project ?? null;
	return about === null ? { current: file } : { project: about };
}

/** `reference train.csv · 3 of 9 columns drifted · PSI max 0.41 · Open report` */
export function dataTitle(reference: string, report: DriftSummary | undefined): string {
	const said = report === undefined ? ['Check drift'] : [driftSentence(report), 'Open report'];
	const against = report === undefined || report.reference === 'training' ? reference : basename(report.reference);
	return [`reference ${against}`, ...said].join(' · ');
}
