import { basename, join } from 'node:path';
import { ConfigurationTarget, commands, Uri, window, workspace } from 'vscode';
import { PerchError } from '../../daemon/protocol/errors.ts';
import { cancelled } from '../failures.ts';
import type { Perch } from '../perch.ts';
import { chooseOne } from './ask.ts';

/** Puts a complete project on the disk: into the open folder's `vitalwatch`, or into one that is chosen. */
export async function openSample(perch: Perch): Promise<void> {
	const sample = Uri.file(join(perch.context.extensionPath, 'dist', 'samples', 'vitalwatch'));
	const [open] = workspace.workspaceFolders ?? [];
	const parent = open?.uri ?? (await chosenFolder());
	const folder = Uri.joinPath(parent, 'vitalwatch');
	if (await exists(folder)) {
		if (open !== undefined) return showProject(folder);
		throw new PerchError('already_exists', `${folder.fsPath} is there already.`, { hint: 'Choose another folder.' });
	}
	await workspace.fs.copy(sample, folder);
	if (open !== undefined) return showProject(folder);
	await commands.executeCommand('vscode.openFolder', folder);
}

async function chosenFolder(): Promise<Uri> {
	const picked = await window.showOpenDialog({
		canSelectFolders: true,
		canSelectFiles: false,
		title: 'Choose where to put the sample',
		openLabel: 'Put It Here',
	});
	const [folder] = picked ?? [];
	if (folder === undefined) throw cancelled();
	return folder;
}

async function showProject(folder: Uri): Promise<void> {
	await window.showTextDocument(Uri.joinPath(folder, 'perch.yaml'));
}

async function exists(uri: Uri): Promise<boolean> {
	return workspace.fs.stat(uri).then(
		() => true,
		() => false,
	);
}

export async function openWalkthrough(perch: Perch): Promise<void> {
	await commands.executeCommand('workbench.action.openWalkthrough', `${perch.context.extension.id}#start`, false);
}

/** Turns the lenses off where they are on: in the folder's settings if those say so, else the user's. */
export async function hideLenses(): Promise<void> {
	const configuration = workspace.getConfiguration('perch');
	const key = 'codeLens.enabled';
	const local = configuration.inspect<boolean>(key)?.workspaceValue !== undefined;
	const target = local ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
	await configuration.update(key, false, target);
	const undo = 'Show Again';
	const text = 'The lenses of Perch are hidden. The setting "perch.codeLens.enabled" brings them back.';
	if ((await window.showInformationMessage(text, undo)) === undo) await configuration.update(key, true, target);
}

/** What a click on the status bar item offers. */
export async function showMenu(perch: Perch): Promise<void> {
	const states = perch.roots.all().map(({ connection }) => connection.state().kind);
	const running = states.some((kind) => kind === 'ready' || kind === 'starting');
	const entry = (icon: string, label: string, value: string) => ({ label: `$(${icon}) ${label}`, value });
	const choices = [
		entry('layout-sidebar-left', 'Show Perch', 'workbench.view.extension.perch'),
		...(perch.projects.all().length > 0
			? [
					entry('play', 'Train', 'perch.train'),
					entry('radio-tower', 'Serve', 'perch.serve'),
					entry('pulse', 'Check Drift', 'perch.checkDrift'),
				]
			: [entry('new-file', 'Create perch.yaml', 'perch.init')]),
		entry('output', 'Show Log', 'perch.showLog'),
		...(running
			? [
					entry('debug-restart', 'Restart Daemon', 'perch.restartDaemon'),
					entry('debug-stop', 'Stop Daemon', 'perch.stopDaemon'),
				]
			: [entry('debug-start', 'Start Daemon', 'perch.startDaemon')]),
		entry('checklist', 'Doctor', 'perch.doctor'),
		entry('clippy', 'Copy Diagnostics', 'perch.copyDiagnostics'),
		entry('book', 'Open Walkthrough', 'perch.openWalkthrough'),
	];
	const folders = perch.roots.all().map(({ path }) => basename(path));
	const title = folders.length === 0 ? 'Perch' : `Perch: ${folders.join(', ')}`;
	const command = await chooseOne(title, choices, cancelled());
	await commands.executeCommand(command);
}
