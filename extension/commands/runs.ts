import { commands, Uri } from 'vscode';
import { PerchError } from '../../daemon/protocol/errors.ts';
import type { Run } from '../../daemon/protocol/runs.ts';
import type { Root } from '../connection/roots.ts';
import type { ContextKey } from '../contextKeys.ts';
import { openVersionComparison } from '../documents/versionDocument.ts';
import type { Perch } from '../perch.ts';
import { targetOfKind } from '../target.ts';
import { age, figure } from '../words.ts';
import { askRoot, askRuns, chooseOne, rootAt } from './ask.ts';
import { datasetFile } from './datasetFile.ts';

export async function openRun(perch: Perch, argument: unknown): Promise<void> {
	const target = targetOfKind(argument, 'run');
	if (target !== undefined) return showRun(perch, target.root, target.id, target.name);
	const { root, run } = await askRun(perch, argument, () => true);
	await showRun(perch, root.path, run.id, run.name);
}

/** A run among those that `fits` holds for. */
export async function askRun(
	perch: Perch,
	argument: unknown,
	fits: (run: Run) => boolean,
): Promise<{ root: Root; run: Run }> {
	const root = await askRoot(perch, argument);
	const target = targetOfKind(argument, 'run');
	if (target !== undefined) return { root, run: (await root.connection.request('runs/show', { id: target.id })).run };
	const { runs } = await root.resources.get('runs');
	const run = await chooseOne(
		'Choose a run',
		runs.filter(fits).map((one) => ({
			label: one.name,
			description: age(one.start_time, Date.now()),
			detail: Object.entries(one.metrics)
				.slice(0, 4)
				.map(([name, value]) => `${name} ${figure(value)}`)
				.join(' · '),
			value: one,
		})),
		new PerchError('not_found', 'There is no such run yet.', { hint: 'Train a model first.' }),
	);
	return { root, run };
}

/** Opens the panel of a run, which the walkthrough waits for. */
export async function showRun({ panels }: Perch, root: string, id: string, name: string): Promise<void> {
	panels.run(root, id, name);
	await commands.executeCommand('setContext', 'perch.runOpened' satisfies ContextKey, true);
}

/** Opens the panel of a tuning. */
export async function openTuning(perch: Perch, argument: unknown): Promise<void> {
	const target = targetOfKind(argument, 'run');
	if (target !== undefined) return perch.panels.tuning(target.root, target.id, target.name);
	const root = await askRoot(perch, argument);
	const { runs } = await root.resources.get('runs');
	const run = await chooseOne(
		'Choose a tuning',
		runs
			.filter(({ tags }) => 'perch.tuning' in tags)
			.map((one) => ({
				label: one.name,
				description: `${one.experiment} · ${age(one.start_time, Date.now())}`,
				value: one,
			})),
		new PerchError('not_found', 'There is no tuning yet.', { hint: 'Train with model.tune in perch.yaml.' }),
	);
	perch.panels.tuning(root.path, run.id, run.name);
}

/** Compares the runs that are selected in the tree, else those chosen in a list. */
export async function compareRuns(perch: Perch, argument: unknown, selected: unknown): Promise<void> {
	const targets = (Array.isArray(selected) ? selected : [argument]).flatMap((one) => targetOfKind(one, 'run') ?? []);
	const [first] = targets;
	if (first !== undefined && targets.length > 1) {
		const ids = targets.filter(({ root }) => root === first.root).map(({ id }) => id);
		if (ids.length < targets.length) {
			throw new PerchError('invalid_arguments', 'Runs of different folders cannot be compared with each other.');
		}
		return perch.panels.compare(first.root, ids);
	}
	const root = await askRoot(perch, argument);
	const ids = await askRuns(perch, root, 'Choose two or more runs to compare');
	if (ids.length < 2) throw new PerchError('invalid_arguments', 'A comparison needs two runs or more.');
	perch.panels.compare(root.path, ids);
}

/** Compares two versions of a dataset: those selected in the tree, else one with the version before it, and the first with the newest. */
export async function compareVersions(perch: Perch, argument: unknown, selected: unknown): Promise<void> {
	const chosen = (Array.isArray(selected) ? selected : [argument]).flatMap((one) => {
		const { root, name, version } = targetOfKind(one, 'dataset') ?? {};
		return root === undefined || name === undefined || version === undefined ? [] : [{ root, name, version }];
	});
	const [one, two, ...others] = chosen;
	const fits = two === undefined || (two.root === one?.root && two.name === one.name);
	if (one === undefined || others.length > 0 || !fits) {
		throw new PerchError(
			'invalid_arguments',
			'Choose one version of a dataset in the view Datasets, or two of the same.',
		);
	}
	const { datasets } = await rootAt(perch, one.root).resources.get('datasets');
	const known = datasets.filter(({ name }) => name === one.name).map(({ version }) => version);
	const before = known.filter((version) => version < one.version);
	const other = two?.version ?? (before.length > 0 ? Math.max(...before) : Math.max(...known));
	if (other === one.version) throw new PerchError('not_found', `${one.name} has one version only.`);
	const [from, to] = [other, one.version].sort((a, b) => a - b);
	await openVersionComparison(one.root, `${one.name}@${from}`, `${one.name}@${to}`);
}

/** Opens the file of a dataset. */
export async function openDataset(_perch: Perch, argument: unknown): Promise<void> {
	const target = targetOfKind(argument, 'dataset');
	if (target === undefined) throw new PerchError('invalid_arguments', 'Choose a dataset in the view Datasets.');
	await commands.executeCommand('vscode.open', Uri.file(datasetFile(target)), { preview: true });
}
