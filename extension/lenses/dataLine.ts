/** What is said above a data file: in a text editor as lenses, in the table as its first line. */
import { workspace } from 'vscode';
import type { CommandId } from '../commands/table.ts';
import { mayAsk, type Roots } from '../connection/roots.ts';
import type { Log } from '../log.ts';
import type { Project, Projects } from '../projects/projects.ts';
import type { Target } from '../target.ts';
import { age } from '../words.ts';
import { dataTitle, reportAbout } from './titles.ts';

export interface LineEntry {
	readonly title: string;
	readonly tooltip: string;
	readonly command: CommandId;
	readonly target: Target;
}

/** The project that names a data file. */
export function projectOf(projects: readonly Project[], path: string): Project | undefined {
	return projects.find(({ files }) => files.some((named) => named.path === path));
}

/** Empty for a file that no perch.yaml names. */
export async function dataLine(
	{ projects, roots, log }: { projects: Projects; roots: Roots; log: Log },
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
	return drift;
}
