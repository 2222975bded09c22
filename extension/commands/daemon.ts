import { join } from 'node:path';
import {
	version as editorVersion,
	env,
	ProcessExecution,
	ProgressLocation,
	Task,
	TaskRevealKind,
	TaskScope,
	tasks,
	Uri,
	window,
	workspace,
} from 'vscode';
import type { Root } from '../connection/roots.ts';
import { cancelled } from '../failures.ts';
import type { Perch } from '../perch.ts';
import { count } from '../words.ts';
import { askRoot } from './ask.ts';

export async function startDaemon(perch: Perch, argument: unknown): Promise<void> {
	const { connection } = await askRoot(perch, argument);
	await busy(`Starting the daemon of ${connection.name}`, () => connection.open());
}

export async function restartDaemon(perch: Perch, argument: unknown): Promise<void> {
	const { connection } = await askRoot(perch, argument);
	await busy(`Restarting the daemon of ${connection.name}`, () => connection.restart());
}

/** Ends a daemon, after saying what ends with it. */
export async function stopDaemon(perch: Perch, argument: unknown): Promise<void> {
	const root = await askRoot(perch, argument);
	const ending = await whatEnds(root);
	if (ending !== '') {
		const go = 'Stop';
		const text = `Stop the daemon of ${root.connection.name}?`;
		if ((await window.showWarningMessage(text, { modal: true, detail: ending }, go)) !== go) throw cancelled();
	}
	await busy(`Stopping the daemon of ${root.connection.name}`, () => root.connection.stop());
}

async function whatEnds({ connection }: Root): Promise<string> {
	await connection.attach();
	if (connection.state().kind !== 'ready') return '';
	const { deployments, jobs } = await connection.request('daemon/status', {});
	return [
		...(deployments.length === 0 ? [] : [`No longer served: ${deployments.map(({ name }) => name).join(', ')}.`]),
		...(jobs.length === 0 ? [] : [`Cancelled: ${jobs.map(({ title }) => title).join(', ')}.`]),
	].join(' ');
}

async function busy(title: string, work: () => Promise<unknown>): Promise<void> {
	await window.withProgress({ location: ProgressLocation.Window, title }, work);
}

/** Opens what the daemon wrote last. */
export async function showDaemonLog(perch: Perch, argument: unknown): Promise<void> {
	const { connection } = await askRoot(perch, argument);
	const { file } = await connection.request('daemon/logs', { lines: 1 });
	await window.showTextDocument(Uri.file(file), { preview: true });
}

/** Runs `perch doctor` where its answers can be read and copied. */
export async function doctor(perch: Perch, argument: unknown): Promise<void> {
	const { path } = await askRoot(perch, argument);
	const cli = join(perch.context.extensionPath, 'dist', 'perch.cjs');
	const run = new ProcessExecution(process.execPath, [cli, 'doctor'], {
		cwd: path,
		env: { ELECTRON_RUN_AS_NODE: '1' },
	});
	const task = new Task({ type: 'process' }, TaskScope.Workspace, 'Doctor', 'Perch', run, []);
	task.presentationOptions = { reveal: TaskRevealKind.Always, echo: false, clear: true };
	await tasks.executeTask(task);
}

/** Puts on the clipboard what a maintainer asks for first; no data and no token. */
export async function copyDiagnostics(perch: Perch): Promise<void> {
	await perch.roots.found;
	const { version } = perch.context.extension.packageJSON as { version: string };
	const lines = [
		`Perch ${version}`,
		`${env.appName} ${editorVersion}, Node ${process.versions.node}, ${process.platform}-${process.arch}`,
		`remote: ${env.remoteName ?? 'no'}, trusted: ${workspace.isTrusted}, folders: ${workspace.workspaceFolders?.length ?? 0}`,
	];
	for (const { path, connection } of perch.roots.all()) {
		const state = connection.state();
		lines.push('', `${path}: ${state.kind}${state.kind === 'failed' ? `, ${state.error.message}` : ''}`);
		if (state.kind !== 'ready') continue;
		const status = await connection.request('daemon/status', {});
		const { lines: tail } = await connection.request('daemon/logs', { lines: 40 });
		lines.push(
			`daemon ${status.version}, pid ${status.pid}, ${count(status.clients, 'client')}, ${count(status.jobs.length, 'job')}`,
			...status.deployments.map((one) => `serving ${one.model} v${one.version}, candidate ${one.candidate ?? 'none'}`),
			...tail,
		);
	}
	await env.clipboard.writeText(lines.join('\n'));
	void window.showInformationMessage('Diagnostics are on the clipboard.');
}
