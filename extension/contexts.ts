/** Keeps what `when` clauses, welcome views and the walkthrough ask for. */
import { commands, type Disposable, type Tab, window } from 'vscode';
import { mayAsk, type Root } from './connection/roots.ts';
import type { ContextKey } from './contextKeys.ts';
import type { Perch } from './perch.ts';

export function keepContexts(perch: Perch): Disposable {
	const { roots, projects } = perch;
	const known = new Map<ContextKey, boolean>();

	function set(key: ContextKey, value: boolean): void {
		if (known.get(key) === value) return;
		known.set(key, value);
		void commands.executeCommand('setContext', key, value);
	}

	function show(): void {
		const all = roots.all();
		const some = (holds: (root: Root) => boolean | undefined) => all.some((root) => holds(root) === true);
		set('perch.hasProject', projects.all().length > 0);
		set(
			'perch.stopped',
			all.length > 0 && all.every((root) => !mayAsk(root) && root.connection.state().kind !== 'failed'),
		);
		set(
			'perch.hasModels',
			some(({ resources }) => resources.peek('models')?.models.some(({ versions }) => versions.length > 0)),
		);
		set(
			'perch.hasRuns',
			some(({ resources }) => (resources.peek('runs')?.runs.length ?? 0) > 0),
		);
		set(
			'perch.hasDeployments',
			some(({ resources }) => resources.peek('deployments')?.deployments.some(({ state }) => state === 'serving')),
		);
		set(
			'perch.hasReports',
			some(({ resources }) => (resources.peek('reports')?.reports.length ?? 0) > 0),
		);
	}

	async function refresh({ connection, resources }: Root): Promise<void> {
		if (connection.state().kind === 'ready') {
			const read = ['models', 'runs', 'deployments', 'reports'] as const;
			await Promise.allSettled(read.map((name) => resources.get(name)));
		}
		show();
	}

	const opened = (tabs: readonly Tab[]) => {
		// The walkthrough has no input that the API knows, and listens a moment after it was opened.
		if (tabs.some(({ input }) => input === undefined)) setTimeout(() => set('perch.walkthrough', true), 1000);
	};
	opened(window.tabGroups.all.flatMap(({ tabs }) => tabs));

	const parts = [
		window.tabGroups.onDidChangeTabs((change) => opened(change.opened)),
		projects.onChange(show),
		roots.onChange(show),
		roots.onStale(({ root }) => void refresh(root)),
	];
	return {
		dispose() {
			for (const part of parts) part.dispose();
		},
	};
}
