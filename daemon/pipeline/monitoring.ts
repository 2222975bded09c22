/** Drift reports as runs: each is one of the experiment that watches its project, where others look for trends. */
import { copyFile, link } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact, Artifacts } from '../catalog/artifacts.ts';
import type { Author, Catalog, KeptReport } from '../catalog/catalog.ts';
import type { DriftReport } from '../protocol/drift.ts';
import { driftFiles } from './jobFiles.ts';

/** So many columns of a report become metrics of its run; the report itself has all. */
const mostColumns = 1000;

/** Whom a report watches: a project, else a deployment; null for two files that belong to none. */
function watchedBy({ project, deployment }: DriftReport): string | null {
	return project ?? deployment;
}

/** The files of a report as artifacts of the run that it will be, if it will be one; they stay in the job's folder too. */
export async function reportArtifacts(
	artifacts: Artifacts,
	report: DriftReport,
	jobFolder: string,
): Promise<Record<string, Artifact>> {
	if (watchedBy(report) === null) return {};
	const adopt = async (name: string) => {
		const twin = join(jobFolder, `run-${name}`);
		// Two names of one file where the file system can: a report is kept twice and takes its place once.
		await link(join(jobFolder, name), twin).catch(() => copyFile(join(jobFolder, name), twin));
		return [name, await artifacts.adopt(twin)] as const;
	};
	return Object.fromEntries(await Promise.all([adopt(driftFiles.json), adopt(driftFiles.html)]));
}

/** Makes the run of a report and returns its id; null for a report of two files that belong to no project. */
export function recordRun(
	{ runs }: Pick<Catalog, 'runs'>,
	report: DriftReport,
	{ psi_max }: Pick<KeptReport, 'psi_max'>,
	files: Readonly<Record<string, Artifact>>,
	author: Author,
): string | null {
	const watched = watchedBy(report);
	if (watched === null) return null;
	const { reference, current, profile, drift, share } = report;
	const { id } = runs.create(
		{
			experiment: `${watched}-monitoring`,
			params: { reference: cut(reference.name), current: cut(current.name), profile },
			tags: { 'perch.report': report.id, 'perch.drift': drift === null ? 'unknown' : String(drift) },
		},
		author,
	);
	runs.logMetrics(id, [
		{ key: 'share', value: share },
		...(psi_max === null ? [] : [{ key: 'psi_max', value: psi_max }]),
		...columnMetrics(report),
	]);
	for (const [path, file] of Object.entries(files)) runs.logArtifact(id, path, file);
	for (const [role, { dataset }] of Object.entries({ reference, current })) {
		if (dataset !== undefined) runs.useDataset(id, dataset, author, role);
	}
	runs.end(id, 'FINISHED', author);
	return id;
}

/** `drift.<column>`: the score of each. Names that a metric cannot have are cut, and what it cannot hold becomes a blank. */
function columnMetrics({ columns }: DriftReport): { key: string; value: number }[] {
	const metrics = new Map<string, number>();
	for (const { column, score } of columns.slice(0, mostColumns)) {
		const key = `drift.${column.replaceAll(/[\p{Cc}\p{Cs}]/gu, ' ')}`.slice(0, 250);
		if (score !== null && !metrics.has(key)) metrics.set(key, score);
	}
	return [...metrics].map(([key, value]) => ({ key, value }));
}

function cut(text: string): string {
	return text.slice(0, 8000);
}

const hour = 3_600_000;

/**
 * The report that a look at live traffic takes the place of: that of the look before at the same deployment, in the same
 * hour and with the same verdict. So looks leave a report an hour and one more a change of verdict, however many there are.
 */
export function replacedBy(
	{ reports }: Pick<Catalog, 'reports'>,
	{ deployment, drift, created_at, reference }: DriftReport,
): KeptReport | null {
	if (deployment === null) return null;
	const [last] = reports.list({ deployment, limit: 1 });
	const sameHour = last !== undefined && Math.floor(last.created_at / hour) === Math.floor(created_at / hour);
	return sameHour && last.look === true && last.drift === drift && last.reference === reference.name ? last : null;
}
