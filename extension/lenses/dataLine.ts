/** What is said above a data file: in a text editor as lenses, in the table as its first line. */
import { workspace } from 'vscode';
import type { CheckReport } from '../../daemon/protocol/checks.ts';
import type { ProfileReport } from '../../daemon/protocol/profile.ts';
import type { Checks } from '../checks/checks.ts';
import type { CommandId } from '../commands/table.ts';
import { mayAsk, type Roots } from '../connection/roots.ts';
import type { Log } from '../log.ts';
import type { Profiles } from '../profiles.ts';
import { projectOf } from '../projects/projectOf.ts';
import type { Project, Projects } from '../projects/projects.ts';
import type { Target } from '../target.ts';
import { age, count } from '../words.ts';
import { dataTitle, reportAbout } from './titles.ts';

export interface LineEntry {
	readonly title: string;
	readonly tooltip: string;
	readonly command: CommandId;
	readonly target: Target;
}

interface LineParts {
	readonly projects: Projects;
	readonly roots: Roots;
	readonly checks: Checks;
	readonly profiles: Profiles;
	readonly log: Log;
}

/** Empty for a file that no perch.yaml names. */
export async function dataLine(
	{ projects, roots, checks, profiles, log }: LineParts,
	path: string,
): Promise<LineEntry[]> {
	await roots.found;
	const project = projectOf(projects.all(), path);
	if (project === undefined) return [];
	const { root, reference, file } = project;
	const found = roots.at(root);
	const reports =
		found === undefined || !mayAsk(found)
			? []
			: await found.resources.get('reports').then(
					(answer) => answer.reports,
					(error: unknown) => {
						log.debug(`${path}: no reports for a line: ${String(error)}`);
						return [];
					},
				);
	const report = reportAbout(reports, project, path);
	const title = dataTitle(reference, report);
	const data: Target = { kind: 'data', root, project: file, file: path };
	const drift: LineEntry[] =
		report !== undefined
			? [
					{
						...{ title, tooltip: `Report of ${age(report.created_at, Date.now())}`, command: 'perch.openDriftReport' },
						target: { kind: 'report', root, id: report.id },
					},
				]
			: workspace.isTrusted
				? [
						{
							...{ title, tooltip: 'Hold this file against the reference', command: 'perch.checkDrift' },
							target: project.files.some((named) => named.path === path && ['current', 'test'].includes(named.role))
								? data
								: { kind: 'project', root, file },
						},
					]
				: [];
	if (!workspace.isTrusted) return drift;
	const profile = await profiles.known(path);
	return [...drift, ...checkEntry(project, checks.at(path)?.report, data), profileEntry(profile, data)];
}

function checkEntry({ lines }: Project, report: CheckReport | undefined, target: Target): LineEntry[] {
	if (lines['checks'] === undefined) return [];
	const failing = (report?.checks ?? []).filter(({ passed }) => !passed).length;
	const title =
		report === undefined
			? '$(checklist) Check'
			: failing === 0
				? `$(pass) ${count(report.checks.length, 'check')} ${report.checks.length === 1 ? 'holds' : 'hold'}`
				: `$(error) ${failing} of ${count(report.checks.length, 'check')} ${failing === 1 ? 'does' : 'do'} not hold`;
	return [{ title, tooltip: 'Hold the checks of perch.yaml against this file', command: 'perch.checkDataset', target }];
}

function profileEntry(profile: ProfileReport | undefined, target: Target): LineEntry {
	const known =
		profile === undefined ? [] : [`${count(profile.rows, 'row')} × ${count(profile.columns.length, 'column')}`];
	const title = `$(table) ${[...known, 'Profile'].join(' · ')}`;
	return { title, tooltip: 'Show every column with its values', command: 'perch.profileDataset', target };
}
