import type { Disposable } from 'vscode';
import type { Perch } from '../perch.ts';
import { collectDatasets } from './datasets.ts';
import { collectDeployments } from './deployments.ts';
import { collectModels } from './models.ts';
import { collectRuns, mainMetricsOf } from './runs.ts';
import { createTree, type TreeKind } from './tree.ts';

/** The views of the Perch container. */
const kinds: readonly TreeKind[] = [
	{
		view: 'perch.models',
		reads: ['models'],
		collect: async (root, resources, now) => collectModels(root, await resources.get('models'), now),
	},
	{
		view: 'perch.runs',
		reads: ['runs', 'models'],
		manySelected: true,
		async collect(root, resources, now) {
			const [runs, models] = await Promise.all([resources.get('runs'), resources.get('models')]);
			return collectRuns(root, runs, mainMetricsOf(models), now);
		},
	},
	{
		view: 'perch.deployments',
		reads: ['deployments'],
		collect: async (root, resources, now) => collectDeployments(root, await resources.get('deployments'), now),
	},
	{
		view: 'perch.datasets',
		reads: ['datasets', 'reports', 'profiles'],
		manySelected: true,
		async collect(root, resources, now) {
			const [datasets, reports, profiles] = await Promise.all([
				resources.get('datasets'),
				resources.get('reports'),
				resources.get('profiles'),
			]);
			return collectDatasets(root, datasets, reports, profiles, now);
		},
	},
];

export function createTrees(perch: Perch): Disposable[] {
	return kinds.map((kind) => createTree(perch, kind));
}
