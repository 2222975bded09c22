import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { commands, Uri, window, workspace } from 'vscode';
import { cancelled } from '../failures.ts';
import type { Perch } from '../perch.ts';
import { setting } from '../settings.ts';
import { mainMetric } from '../trees/models.ts';
import { figure } from '../words.ts';
import { askDataFile, askProject } from './ask.ts';
import { longWork } from './longWork.ts';
import { showRun } from './runs.ts';

/** Trains the model of a perch.yaml. */
export async function train(perch: Perch, argument: unknown): Promise<void> {
	const project = await askProject(perch, argument);
	const root = perch.roots.forFolder(project.root);
	const { run, version, warnings, validation } = await longWork(root, `Training ${project.name}`, 'train', {
		config: project.file,
	});
	for (const warning of warnings) perch.log.warn(`${project.name}: ${warning}`);
	const open = 'Open Run';
	const failed = validation.filter(({ passed }) => !passed).map(({ check }) => check);
	if (failed.length > 0) {
		const text = `${project.name} was trained, and not promoted: ${failed.join(', ')} did not hold.`;
		if ((await window.showWarningMessage(text, open)) === open) await showRun(perch, root.path, run.id, run.name);
		return;
	}
	if (!setting('notifications.finished') || version === null) return;
	const metric = mainMetric(version);
	const text = [
		`${version.name} v${version.version}${version.aliases.length > 0 ? ` (${version.aliases.join(', ')})` : ''} is trained`,
		...(metric === undefined ? [] : [`${metric.name} ${figure(metric.value)}`]),
	].join(': ');
	const serve = 'Serve';
	const chosen = await window.showInformationMessage(`${text}.`, open, serve);
	if (chosen === open) await showRun(perch, root.path, run.id, run.name);
	if (chosen === serve)
		await commands.executeCommand('perch.serve', { kind: 'project', root: root.path, file: project.file });
}

/** The top of the folder that a data file lies in, or, where a project is there already, beside the file. */
function placeFor(data: string): string {
	const folder = workspace.getWorkspaceFolder(Uri.file(data))?.uri.fsPath;
	const top = folder === undefined ? undefined : join(folder, 'perch.yaml');
	return top === undefined || existsSync(top) ? join(dirname(data), 'perch.yaml') : top;
}

/** Writes a perch.yaml for a data file, after a look at it. */
export async function init(perch: Perch, argument: unknown): Promise<void> {
	const data = await askDataFile(argument);
	const output = placeFor(data);
	if (existsSync(output)) {
		const overwrite = 'Overwrite';
		const detail = 'Its settings are replaced by what a look at the data file suggests.';
		const text = `${basename(dirname(output))} has a perch.yaml already.`;
		if ((await window.showWarningMessage(text, { modal: true, detail }, overwrite)) !== overwrite) throw cancelled();
	}
	const root = perch.roots.forFolder(dirname(output));
	const { file, warnings } = await longWork(root, `Looking at ${basename(data)}`, 'init', {
		data,
		output,
		force: true,
	});
	for (const warning of warnings) perch.log.warn(warning);
	await window.showTextDocument(Uri.file(file));
}
