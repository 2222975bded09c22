/** The questions that commands ask when their target does not say enough. Escape ends a command quietly. */
import { basename, dirname } from 'node:path';
import { type QuickPickItem, Uri, window, workspace } from 'vscode';
import { PerchError } from '../../daemon/protocol/errors.ts';
import type { ModelVersion } from '../../daemon/protocol/models.ts';
import type { Root } from '../connection/roots.ts';
import { cancelled } from '../failures.ts';
import type { Perch } from '../perch.ts';
import type { Project } from '../projects/projects.ts';
import { setting } from '../settings.ts';
import { targetOf, targetOfKind } from '../target.ts';
import { mainMetric } from '../trees/models.ts';
import { age, driftSentence, figure } from '../words.ts';

export interface Choice<T> extends QuickPickItem {
	value: T;
}

/** Asks for one of several; the only one is taken without a question. */
export async function chooseOne<T>(title: string, choices: readonly Choice<T>[], none: PerchError): Promise<T> {
	const [first, ...rest] = choices;
	if (first === undefined) throw none;
	if (rest.length === 0) return first.value;
	const chosen = await window.showQuickPick(choices, { title, matchOnDescription: true, matchOnDetail: true });
	if (chosen === undefined) throw cancelled();
	return chosen.value;
}

/** The root that a target, a file or the user names. */
export async function askRoot(perch: Perch, argument: unknown): Promise<Root> {
	await perch.roots.found;
	const target = targetOf(argument);
	if (target !== undefined) return rootAt(perch, target.root);
	const file = argument instanceof Uri ? argument : window.activeTextEditor?.document.uri;
	const near = file?.scheme === 'file' ? perch.roots.at(perch.projects.at(file.fsPath)?.root ?? '') : undefined;
	if (near !== undefined) return near;
	const known = perch.roots.all();
	if (known.length > 0) {
		return chooseOne(
			'Choose a folder',
			known.map((root) => ({ label: root.connection.name, description: root.path, value: root })),
			noFolder(),
		);
	}
	const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
	const folder = await chooseOne(
		'Choose a folder',
		folders.map(({ name, uri }) => ({ label: name, description: uri.fsPath, value: uri.fsPath })),
		noFolder(),
	);
	return perch.roots.forFolder(folder);
}

function noFolder(): PerchError {
	return new PerchError('not_found', 'No folder is open in this window.', { hint: 'Open the folder with your data.' });
}

export function rootAt(perch: Perch, path: string): Root {
	const root = perch.roots.at(path);
	if (root === undefined) throw new PerchError('not_found', `${path} is not open in this window.`);
	return root;
}

/** The perch.yaml that a target, the active editor or the user names; saved, since the daemon reads the file. */
export async function askProject(perch: Perch, argument: unknown): Promise<Project> {
	await perch.roots.found;
	const { projects } = perch;
	const named = namedProject(perch, argument);
	const root = targetOf(argument)?.root;
	const candidates = root === undefined ? projects.all() : projects.all().filter((project) => project.root === root);
	const project =
		named ??
		(await chooseOne(
			'Choose a project',
			candidates.map((value) => ({ label: value.name, description: workspace.asRelativePath(value.file), value })),
			new PerchError('not_found', 'There is no perch.yaml in this window.', {
				hint: '"Perch: Create perch.yaml" writes one for a data file.',
			}),
		));
	const document = workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === project.file);
	if (document?.isDirty === true && !(await document.save())) throw cancelled();
	return project;
}

function namedProject({ projects }: Perch, argument: unknown): Project | undefined {
	const target = targetOf(argument);
	switch (target?.kind) {
		case 'project':
			return projects.at(target.file);
		case 'data':
			return projects.at(target.project);
		case 'deployment':
			return projects
				.all()
				.find(({ root, name, file }) => root === target.root && [name, file].includes(target.project ?? ''));
		case undefined: {
			const file = argument instanceof Uri ? argument : window.activeTextEditor?.document.uri;
			return file?.scheme === 'file' ? projects.at(file.fsPath) : undefined;
		}
		default:
			return undefined;
	}
}

/** A model by its name. */
export async function askModel(perch: Perch, argument: unknown): Promise<{ root: Root; name: string }> {
	const target = targetOfKind(argument, 'model', 'version');
	const root = await askRoot(perch, argument);
	if (target !== undefined) return { root, name: target.name };
	const { models } = await root.resources.get('models');
	const name = await chooseOne(
		'Choose a model',
		models.map((model) => ({
			label: model.name,
			description: `v${model.versions[0]?.version ?? 0}`,
			value: model.name,
		})),
		new PerchError('not_found', 'No model is registered yet.', { hint: 'Train one first.' }),
	);
	return { root, name };
}

/** A version among those that `fits` holds for. */
export async function askVersion(
	perch: Perch,
	argument: unknown,
	fits: (version: ModelVersion) => boolean,
): Promise<{ root: Root; name: string; version: number }> {
	const { root, name } = await askModel(perch, argument);
	const target = targetOfKind(argument, 'version');
	if (target !== undefined) return { root, name, version: target.version };
	const { models } = await root.resources.get('models');
	const versions = models.find((model) => model.name === name)?.versions.filter(fits) ?? [];
	const version = await chooseOne(
		`Choose a version of ${name}`,
		versions.map((one) => ({ label: `v${one.version}`, description: versionWords(one), value: one.version })),
		new PerchError('not_found', `${name} has no version that this could be done to.`),
	);
	return { root, name, version };
}

function versionWords(version: ModelVersion): string {
	const metric = mainMetric(version);
	const figures = metric === undefined ? [] : [`${metric.name} ${figure(metric.value)}`];
	return [...version.aliases, ...figures, age(version.created_at, Date.now())].join(' · ');
}

export async function askDeployment(perch: Perch, argument: unknown): Promise<{ root: Root; name: string }> {
	const root = await askRoot(perch, argument);
	const target = targetOfKind(argument, 'deployment');
	if (target !== undefined) return { root, name: target.name };
	const { deployments } = await root.resources.get('deployments');
	const project = targetOf(argument) === undefined ? undefined : namedProject(perch, argument);
	const running = deployments.filter(({ state }) => state !== 'stopped');
	const own = running.filter(
		(one) => project !== undefined && [project.name, project.file].includes(one.project ?? ''),
	);
	const name = await chooseOne(
		'Choose a deployment',
		(own.length > 0 ? own : running).map((one) => ({
			label: one.name,
			description: `${one.model} v${one.version}`,
			detail: one.serving_uri,
			value: one.name,
		})),
		new PerchError('not_found', 'Nothing is deployed.', { hint: 'Serve a model first.' }),
	);
	return { root, name };
}

export async function askRuns(perch: Perch, root: Root, title: string): Promise<readonly string[]> {
	const { runs } = await root.resources.get('runs');
	const chosen = await window.showQuickPick(
		runs.map((run) => ({
			label: run.name,
			description: age(run.start_time, Date.now()),
			detail: Object.entries(run.metrics)
				.slice(0, 4)
				.map(([name, value]) => `${name} ${figure(value)}`)
				.join(' · '),
			id: run.id,
		})),
		{ title, canPickMany: true, matchOnDetail: true },
	);
	perch.log.debug(`${chosen?.length ?? 0} runs chosen`);
	if (chosen === undefined) throw cancelled();
	return chosen.map(({ id }) => id);
}

export async function askReport(root: Root): Promise<string> {
	const { reports } = await root.resources.get('reports');
	return chooseOne(
		'Choose a drift report',
		reports.map((report) => ({
			label: report.deployment ?? basename(report.current),
			description: [driftSentence(report), age(report.created_at, Date.now())].join(' · '),
			detail: `${basename(report.current)} against ${basename(report.reference)}`,
			value: report.id,
		})),
		new PerchError('not_found', 'There is no drift report yet.', { hint: 'Run "Perch: Check Drift" first.' }),
	);
}

/** Why somebody changes a version: kept in the audit trail. Undefined where the user does not want to say. */
export async function askReason(title: string): Promise<string | undefined> {
	if (!setting('askForReason')) return undefined;
	const reason = await window.showInputBox({
		title,
		prompt: 'Why? The reason is kept in the history. Enter goes on, Escape changes nothing.',
		placeHolder: 'reason (optional)',
		ignoreFocusOut: true,
		validateInput: (text) => (text.length > 5000 ? 'At most 5,000 characters.' : undefined),
	});
	if (reason === undefined) throw cancelled();
	return reason.trim() === '' ? undefined : reason.trim();
}

/** A data file of the window, chosen from a list or in a dialog. */
export async function askDataFile(argument: unknown): Promise<string> {
	if (argument instanceof Uri && argument.scheme === 'file') return argument.fsPath;
	const found = await workspace.findFiles(
		'**/*.{csv,tsv,parquet,jsonl,ndjson}',
		'**/{node_modules,.perch,.git}/**',
		200,
	);
	const browse: Choice<Uri | null> = { label: '$(folder-opened) Browse…', value: null, alwaysShow: true };
	const files = found.map((uri) => ({
		label: basename(uri.fsPath),
		description: dirname(workspace.asRelativePath(uri)),
		value: uri,
	}));
	const chosen = await window.showQuickPick<Choice<Uri | null>>([...files, browse], { title: 'Choose a data file' });
	if (chosen === undefined) throw cancelled();
	if (chosen.value !== null) return chosen.value.fsPath;
	const [picked] =
		(await window.showOpenDialog({
			title: 'Choose a data file',
			filters: { Data: ['csv', 'tsv', 'parquet', 'json', 'jsonl', 'ndjson', 'gz'] },
		})) ?? [];
	if (picked === undefined) throw cancelled();
	return picked.fsPath;
}
