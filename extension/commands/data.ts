/** What can be done with a data file. */
import { basename, dirname } from 'node:path';
import { commands, Range, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import { PerchError } from '../../daemon/protocol/errors.ts';
import { markedRows } from '../checks/checks.ts';
import type { Root } from '../connection/roots.ts';
import { followed } from '../lenses/titles.ts';
import type { Perch } from '../perch.ts';
import { setReference as referenceChange } from '../projects/editProject.ts';
import { encodingOf, projectOf } from '../projects/projectOf.ts';
import type { Project } from '../projects/projects.ts';
import { targetOfKind } from '../target.ts';
import { count } from '../words.ts';
import { askDataFile, askProject } from './ask.ts';
import { datasetFile } from './datasetFile.ts';
import { longWork } from './longWork.ts';

/** The data file that a target, the explorer or the editor in front names, else one that is chosen. */
export async function dataFile(argument: unknown): Promise<string> {
	const data = targetOfKind(argument, 'data');
	if (data !== undefined) return data.file;
	const dataset = targetOfKind(argument, 'dataset');
	if (dataset !== undefined) return datasetFile(dataset);
	if (argument instanceof Uri) return askDataFile(argument);
	const { input } = window.tabGroups.activeTabGroup.activeTab ?? {};
	const open = (input as { uri?: unknown } | undefined)?.uri;
	const isData = open instanceof Uri && /\.(csv|tsv|jsonl?|ndjson|parquet)(\.gz)?$/i.test(open.path);
	return askDataFile(isData ? open : undefined);
}

/** The root that answers for a data file. */
export async function rootOf(perch: Perch, file: string): Promise<Root> {
	await perch.roots.found;
	return perch.roots.forFolder(projectOf(perch.projects.all(), file)?.root ?? dirname(file));
}

/** The project of a target, else the one that names the file; asked for where there is none. */
async function projectFor(perch: Perch, argument: unknown, file: string): Promise<Project> {
	await perch.roots.found;
	const meant = perch.projects.at(targetOfKind(argument, 'data')?.project ?? '');
	return meant ?? projectOf(perch.projects.all(), file) ?? askProject(perch, targetOfKind(argument, 'dataset'));
}

/** Opens a data file as a table, whatever editor it has by default. */
export async function openTable(_perch: Perch, argument: unknown): Promise<void> {
	const file = await dataFile(argument);
	const viewType = file.endsWith('.parquet') ? 'perch.table' : 'perch.textTable';
	await commands.executeCommand('vscode.openWith', Uri.file(file), viewType);
}

/** Holds the checks of a project against a file, and marks what fails. */
export async function checkDataset(perch: Perch, argument: unknown): Promise<void> {
	const file = await dataFile(argument);
	const project = await projectFor(perch, argument, file);
	const root = perch.roots.forFolder(project.root);
	const params = { config: project.file, file, examples: markedRows };
	const report = await longWork(root, `Checking ${basename(file)}`, 'check', params);
	perch.checks.keep(file, { project, report });
	const failing = report.checks.filter(({ passed }) => !passed);
	if (failing.length === 0) {
		const all = report.checks.length === 1 ? 'its check holds' : `all ${report.checks.length} checks hold`;
		return void window.showInformationMessage(`${basename(file)}: ${all}.`);
	}
	const words = failing
		.slice(0, 3)
		.map(({ check, failures, message }) => `${check} (${message ?? count(failures, 'row')})`);
	const more = failing.length > 3 ? ` and ${failing.length - 3} more` : '';
	const text = `${basename(file)}: ${count(failing.length, 'check')} ${failing.length === 1 ? 'does' : 'do'} not hold: ${words.join(', ')}${more}.`;
	const show = 'Show Problems';
	if ((await window.showWarningMessage(text, show)) === show) {
		await commands.executeCommand('workbench.actions.view.problems');
	}
}

/** Compares two files: those selected in the explorer, the older name first, else one and another that is chosen. */
export async function compareWith(perch: Perch, argument: unknown, selected: unknown): Promise<void> {
	const chosen = (Array.isArray(selected) ? selected : []).flatMap((one) => (one instanceof Uri ? [one.fsPath] : []));
	const [one, two, ...others] = chosen;
	if (others.length > 0) throw new PerchError('invalid_arguments', 'Two files can be compared, not more.');
	const both = one !== undefined && two !== undefined;
	const current = both ? two : await dataFile(argument);
	const reference = both ? one : await askDataFile(undefined);
	const root = await rootOf(perch, current);
	const title = `Comparing ${basename(current)} with ${basename(reference)}`;
	const report = await longWork(root, title, 'drift', {
		...{ reference, current },
		...encodingOf(perch.projects.all(), current),
	});
	perch.panels.drift(root.path, report.id);
}

/** Follows the drift of a file, of a project (for its reference), or of the live traffic of a deployment. */
export async function showDriftHistory(perch: Perch, argument: unknown): Promise<void> {
	const deployment = targetOfKind(argument, 'deployment');
	if (deployment !== undefined) {
		const { root, name } = deployment;
		const own = perch.projects.all().find((one) => [one.name, one.file].includes(deployment.project ?? ''));
		return perch.panels.history(root, { name, deployment: name, config: own?.file ?? null, file: null });
	}
	const file = await dataFile(argument);
	const project = await projectFor(perch, argument, file);
	const root = perch.roots.forFolder(project.root);
	const { reports } = await root.resources.get('reports');
	const which = followed(reports, project, file);
	const isReference = 'project' in which;
	perch.panels.history(root.path, {
		...which,
		name: isReference ? project.name : basename(file),
		config: project.file,
		file: isReference ? null : file,
	});
}

/** Names a file as the reference of its project's drift reports, in perch.yaml. */
export async function setReference(perch: Perch, argument: unknown): Promise<void> {
	const file = await dataFile(argument);
	const project = await projectFor(perch, argument, file);
	const document = await workspace.openTextDocument(Uri.file(project.file));
	const change = referenceChange(document.getText(), project.file, file);
	if (change === null) {
		throw new PerchError('invalid_config', `drift in ${project.file} is no list of settings.`, {
			file: project.file,
			hint: 'Write `drift: {reference: …}` there by hand.',
		});
	}
	const edit = new WorkspaceEdit();
	edit.replace(document.uri, new Range(document.positionAt(change.from), document.positionAt(change.to)), change.text);
	await workspace.applyEdit(edit);
	await document.save();
	const open = 'Open perch.yaml';
	const text = `${basename(file)} is the reference of ${project.name} now.`;
	if ((await window.showInformationMessage(text, open)) === open) await window.showTextDocument(document);
}

/** Profiles a file, with its progress, and shows what it holds. */
export async function profileDataset(perch: Perch, argument: unknown): Promise<void> {
	const file = await dataFile(argument);
	const root = await rootOf(perch, file);
	await perch.profiles.run(root, file);
	perch.panels.profile(root.path, file);
}
