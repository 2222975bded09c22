/** One status bar item with four states: ready, busy, warning, stopped. A click opens its menu. */
import { type Disposable, MarkdownString, StatusBarAlignment, ThemeColor, window, workspace } from 'vscode';
import type { Root } from './connection/roots.ts';
import type { Perch } from './perch.ts';
import { setting } from './settings.ts';
import { escapeMarkdown } from './words.ts';

type State = 'ready' | 'busy' | 'warning' | 'stopped';

/** What is known of one root, from its connection and the answers at hand. */
function stateOf({ connection, resources }: Root): { state: State; words: string } {
	const state = connection.state();
	switch (state.kind) {
		case 'failed':
			return { state: 'warning', words: state.error.message.split('\n')[0] ?? 'failed' };
		case 'idle':
		case 'stopped':
			return { state: 'stopped', words: 'the daemon is stopped' };
		case 'starting':
			return { state: 'busy', words: 'the daemon is starting' };
	}
	const [job] = resources.peek('status')?.jobs ?? [];
	if (job !== undefined) return { state: 'busy', words: job.title };
	const deployments = resources.peek('deployments')?.deployments ?? [];
	const ill = deployments.find(
		({ state: how, last_drift }) => how === 'failed' || (how === 'serving' && last_drift?.drift),
	);
	if (ill !== undefined) {
		return {
			state: 'warning',
			words: ill.state === 'failed' ? `${ill.name} failed` : `drift in the traffic of ${ill.name}`,
		};
	}
	const serving = deployments.filter(({ state: how }) => how === 'serving').map(({ name }) => name);
	if (state.readOnly) return { state: 'ready', words: 'reads only, in Restricted Mode' };
	return { state: 'ready', words: serving.length === 0 ? 'ready' : `serving ${serving.join(', ')}` };
}

const icons: Record<State, string> = { ready: 'pulse', busy: 'sync~spin', warning: 'warning', stopped: 'debug-pause' };
/** The state that matters most of several roots. */
const weight: readonly State[] = ['warning', 'busy', 'ready', 'stopped'];

export function createStatusBar(perch: Perch): Disposable {
	const { roots, projects } = perch;
	const item = window.createStatusBarItem('perch.status', StatusBarAlignment.Left, 10);
	item.name = 'Perch';
	item.command = 'perch.showMenu';

	function show(): void {
		const wanted = setting('statusBar.show');
		const used = roots.all().length > 0 || projects.all().length > 0;
		if (wanted === 'never' || (wanted === 'auto' && !used)) {
			item.hide();
			return;
		}
		const all = roots.all().map((root) => ({ name: root.connection.name, ...stateOf(root) }));
		const state = weight.find((one) => all.some((root) => root.state === one)) ?? 'stopped';
		const words = all.find((root) => root.state === state)?.words ?? 'no folder uses Perch yet';
		item.text = `$(${icons[state]}) Perch`;
		item.backgroundColor = state === 'warning' ? new ThemeColor('statusBarItem.warningBackground') : undefined;
		item.accessibilityInformation = { label: `Perch: ${state}, ${words}` };
		const lines = all.map((root) => `**${escapeMarkdown(root.name)}**: ${escapeMarkdown(root.words)}`);
		item.tooltip = new MarkdownString(
			[lines.length === 0 ? words : lines.join('\n\n'), 'Click for the menu.'].join('\n\n'),
		);
		item.show();
	}

	const parts = [
		item,
		roots.onChange(show),
		projects.onChange(show),
		roots.onStale(({ root }) => void refresh(root)),
		workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('perch.statusBar') && show()),
	];

	async function refresh({ connection, resources }: Root): Promise<void> {
		if (connection.state().kind === 'ready') {
			await Promise.allSettled([resources.get('status'), resources.get('deployments')]);
		}
		show();
	}

	show();
	return {
		dispose() {
			for (const part of parts) part.dispose();
		},
	};
}
