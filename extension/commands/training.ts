import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { commands, Uri, window } from 'vscode';
import { openRunDocument } from '../documents/runDocument.ts';
import { cancelled } from '../failures.ts';
import type { Perch } from '../perch.ts';
import { setting } from '../settings.ts';
import { mainMetric } from '../trees/models.ts';
import { figure } from '../words.ts';
import { askDataFile, askProject } from './ask.ts';
import { longWork } from './longWork.ts';

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
		if ((await window.showWarningMessage(text, open)) === open) await openRunDocument(root.path, run.id, run.name);
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
	if (chosen === open) await openRunDocument(root.path, run.id, run.name);
	if (chosen === serve)
		await commands.executeCommand('perch.serve', { kind: 'project', root: root.path, file: project.file });
}

/** Writes a perch.yaml beside a data file, after a look at it. */
export async function init(perch: Perch, argument: unknown): Promise<void> {
	const data = await askDataFile(argument);
	const output = join(dirname(data), 'perch.yaml');
	if (existsSync(output)) {
		const overwrite = 'Overwrite';
		const detail = 'Its settings are replaced by what a look at the data file suggests.';
		const text = `${basename(dirname(data))} has a perch.yaml already.`;
		if ((await window.showWarningMessage(text, { modal: true, detail }, overwrite)) !== overwrite) throw cancelled();
	}
	const root = perch.roots.forFolder(dirname(data));
	const { file, warnings } = await longWork(root, `Looking at ${basename(data)}`, 'init', {
		data,
		output,
		force: true,
	});
	for (const warning of warnings) perch.log.warn(warning);
	await window.showTextDocument(Uri.file(file));
}
