import { env, window } from 'vscode';
import type { Root } from '../connection/roots.ts';
import { cancelled } from '../failures.ts';
import type { Perch } from '../perch.ts';
import { setting } from '../settings.ts';
import { targetOfKind } from '../target.ts';
import { askDeployment, askProject, rootAt } from './ask.ts';
import { change } from './change.ts';
import { longWork } from './longWork.ts';

/** Deploys a project, or a model or version chosen in the tree. */
export async function serve(perch: Perch, argument: unknown): Promise<void> {
	const target = targetOfKind(argument, 'model', 'version');
	if (target === undefined) {
		const project = await askProject(perch, argument);
		return deploy(perch.roots.forFolder(project.root), project.name, { config: project.file });
	}
	const model = target.kind === 'version' ? `${target.name}/${target.version}` : `${target.name}@production`;
	return deploy(rootAt(perch, target.root), target.name, { model });
}

async function deploy(root: Root, name: string, what: { config: string } | { model: string }): Promise<void> {
	const { model, version, serving_uri } = await longWork(root, `Serving ${name}`, 'serve', what);
	if (!setting('notifications.finished')) return;
	const copy = 'Copy Address';
	const chosen = await window.showInformationMessage(`${model} v${version} answers at ${serving_uri}`, copy);
	if (chosen === copy) await env.clipboard.writeText(serving_uri);
}

export async function stop(perch: Perch, argument: unknown): Promise<void> {
	const { root, name } = await askDeployment(perch, argument);
	const go = 'Stop';
	const detail = 'Requests that are being answered are answered to the end; later ones are refused.';
	if ((await window.showWarningMessage(`Stop serving ${name}?`, { modal: true, detail }, go)) !== go) throw cancelled();
	await change(root.connection, 'deployments/stop', { name });
}

export async function copyAddress(perch: Perch, argument: unknown): Promise<void> {
	const { root, name } = await askDeployment(perch, argument);
	const { deployments } = await root.resources.get('deployments');
	await env.clipboard.writeText(deployments.find((one) => one.name === name)?.serving_uri ?? '');
}

/** Opens the panel that tries a canary out beforehand. */
export async function simulateCanary(perch: Perch, argument: unknown): Promise<void> {
	const target = targetOfKind(argument, 'deployment');
	if (target !== undefined) return perch.panels.simulation(target.root, { deployment: target.name, config: null });
	const project = await askProject(perch, argument);
	perch.panels.simulation(perch.roots.forFolder(project.root).path, { deployment: null, config: project.file });
}
