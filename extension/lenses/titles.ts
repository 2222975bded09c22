/** What the lenses say, as plain data. */
import { basename, dirname, resolve } from 'node:path';
import type { DriftSummary } from '../../daemon/protocol/drift.ts';
import type { Project } from '../projects/projects.ts';
import { driftSentence } from '../words.ts';

/**
 * The newest report that is about a data file of a project: the one it was the current data of, or, for the reference
 * itself, the newest of the project.
 */
export function reportAbout(
	reports: readonly DriftSummary[],
	project: Pick<Project, 'root' | 'file' | 'name' | 'files'>,
	file: string,
): DriftSummary | undefined {
	const places = (written: string) => [dirname(project.file), project.root].map((folder) => resolve(folder, written));
	const own = reports.find(({ current }) => places(current).includes(file));
	if (own !== undefined) return own;
	const role = project.files.find(({ path }) => path === file)?.role;
	if (role !== 'source' && role !== 'reference') return undefined;
	return reports.find((report) => report.project === project.name || report.project === project.file);
}

/** `reference train.csv · 3 of 9 columns drifted · PSI max 0.41 · Open report` */
export function dataTitle(reference: string, report: DriftSummary | undefined): string {
	const said = report === undefined ? ['Check drift'] : [driftSentence(report), 'Open report'];
	const against = report === undefined || report.reference === 'training' ? reference : basename(report.reference);
	return [`reference ${against}`, ...said].join(' · ');
}
