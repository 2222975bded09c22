/** Lenses on perch.yaml and on the data files that one names. `perch.codeLens.enabled` and `editor.codeLens` turn them off. */
import { dirname } from 'node:path';
import {
	CodeLens,
	type CodeLensProvider,
	type Disposable,
	type DocumentSelector,
	EventEmitter,
	languages,
	Range,
	type TextDocument,
	workspace,
} from 'vscode';
import { findRoot } from '../../daemon/client/root.ts';
import type { CommandId } from '../commands/table.ts';
import type { Resource, ResourceName } from '../connection/resources.ts';
import { mayAsk } from '../connection/roots.ts';
import type { Perch } from '../perch.ts';
import { type ProjectOutline, readProject } from '../projects/readProject.ts';
import { setting } from '../settings.ts';
import type { Target } from '../target.ts';
import { mainMetric } from '../trees/models.ts';
import { age, driftSentence, figure } from '../words.ts';
import { dataLine } from './dataLine.ts';

const projectFiles: DocumentSelector = { scheme: 'file', pattern: '**/perch.yaml' };
/** By pattern, since `.csv` has no language of its own. */
const dataFiles: DocumentSelector = { scheme: 'file', pattern: '**/*.{csv,tsv,json,jsonl,ndjson}' };

export function createLenses(perch: Perch): Disposable[] {
	const changed = new EventEmitter<void>();
	const refresh = () => changed.fire();
	const provider = (provideCodeLenses: (document: TextDocument) => Promise<CodeLens[]>): CodeLensProvider => ({
		onDidChangeCodeLenses: changed.event,
		provideCodeLenses,
	});
	return [
		changed,
		languages.registerCodeLensProvider(
			projectFiles,
			provider((document) => projectLenses(perch, document)),
		),
		languages.registerCodeLensProvider(
			dataFiles,
			provider((document) => dataLenses(perch, document)),
		),
		perch.projects.onChange(refresh),
		perch.profiles.onChange(refresh),
		perch.checks.onChange(refresh),
		perch.roots.onChange(refresh),
		perch.roots.onStale(
			({ value }) => ['models', 'deployments', 'reports'].some((name) => value.has(name as ResourceName)) && refresh(),
		),
		workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('perch.codeLens') && refresh()),
		workspace.onDidGrantWorkspaceTrust(refresh),
	];
}

function lens(line: number, title: string, command: CommandId, tooltip: string, target?: Target): CodeLens {
	const range = new Range(line, 0, line, 0);
	return new CodeLens(range, { title, command, tooltip, ...(target !== undefined && { arguments: [target] }) });
}

const hide = (line: number) =>
	lens(line, '$(eye-closed) Hide', 'perch.hideLenses', 'Turns these lines off: perch.codeLens.enabled');

/** The answer of a root if it may be asked and has one; lenses are no place for errors. */
async function known<N extends ResourceName>(perch: Perch, path: string, name: N): Promise<Resource<N> | undefined> {
	const root = perch.roots.at(path);
	if (root === undefined || !mayAsk(root)) return undefined;
	return root.resources.get(name).catch((error: unknown) => {
		perch.log.debug(`${path}: no ${name} for a lens: ${String(error)}`);
		return undefined;
	});
}

async function projectLenses(perch: Perch, document: TextDocument): Promise<CodeLens[]> {
	if (!setting('codeLens.enabled')) return [];
	await perch.roots.found;
	const file = document.uri.fsPath;
	const outline = readProject(file, document.getText());
	const root = perch.projects.at(file)?.root ?? findRoot(dirname(file));
	const target: Target = { kind: 'project', root, file };
	const top = outline.firstLine;
	const actions = [
		lens(top, '$(play) Train', 'perch.train', 'Train the model and register it', target),
		lens(top, '$(radio-tower) Serve', 'perch.serve', 'Answer requests with the production version', target),
		lens(top, '$(pulse) Drift', 'perch.checkDrift', 'Hold current data or live traffic against the reference', target),
	];
	const states = await Promise.all([
		versionLens(perch, root, outline),
		servingLens(perch, root, outline),
		reportLens(perch, root, outline),
	]);
	return [...(workspace.isTrusted ? actions : []), hide(top), ...states.flat()];
}

async function versionLens(perch: Perch, root: string, { model, name, lines }: ProjectOutline): Promise<CodeLens[]> {
	const line = lines['register'] ?? lines['model'];
	const models = (await known(perch, root, 'models'))?.models;
	const newest = models?.find((one) => one.name === (model ?? name))?.versions[0];
	if (line === undefined || newest === undefined) return [];
	const metric = mainMetric(newest);
	const title = [
		[`v${newest.version}`, ...newest.aliases].join(' '),
		...(newest.status === 'ready' ? [] : [newest.status]),
		...(metric === undefined ? [] : [`${metric.name} ${figure(metric.value)}`]),
		age(newest.created_at, Date.now()),
		'Open registry',
	].join(' · ');
	const target: Target = { kind: 'model', root, name: newest.name };
	return [lens(line, title, 'perch.openRegistry', 'Versions, aliases and their history', target)];
}

async function servingLens(perch: Perch, root: string, outline: ProjectOutline): Promise<CodeLens[]> {
	const line = outline.lines['serve'];
	const deployments = (await known(perch, root, 'deployments'))?.deployments;
	const own = deployments?.find(
		({ project, state }) => state === 'serving' && [outline.name, outline.file].includes(project ?? ''),
	);
	if (line === undefined || own === undefined) return [];
	const target: Target = { kind: 'deployment', root, name: own.name, project: own.project };
	return [
		lens(line, `serving v${own.version} at ${own.serving_uri}`, 'perch.copyAddress', 'Copy the address', target),
		...(workspace.isTrusted ? [lens(line, '$(debug-stop) Stop', 'perch.stop', 'Stop serving', target)] : []),
	];
}

async function reportLens(perch: Perch, root: string, { name, file, lines }: ProjectOutline): Promise<CodeLens[]> {
	const line = lines['drift'];
	const reports = (await known(perch, root, 'reports'))?.reports;
	const newest = reports?.find(({ project }) => project === name || project === file);
	if (line === undefined || newest === undefined) return [];
	const title = [driftSentence(newest), age(newest.created_at, Date.now()), 'Open report'].join(' · ');
	return [lens(line, title, 'perch.openDriftReport', 'Open the drift report', { kind: 'report', root, id: newest.id })];
}

async function dataLenses(perch: Perch, document: TextDocument): Promise<CodeLens[]> {
	if (!setting('codeLens.enabled') || !setting('codeLens.dataFiles')) return [];
	const entries = await dataLine(perch, document.uri.fsPath);
	if (entries.length === 0) return [];
	return [...entries.map(({ title, command, tooltip, target }) => lens(0, title, command, tooltip, target)), hide(0)];
}
