import type { Disposable } from 'vscode';
import type { HistoryAbout } from '../../webviews/messages/history.ts';
import { comparePanel } from './compare.ts';
import { driftPanel } from './drift.ts';
import { historyPanel } from './history.ts';
import type { PanelParts } from './kind.ts';
import { createPanelHost } from './panel.ts';
import { profilePanel } from './profile.ts';
import { registryPanel } from './registry.ts';
import { runPanel } from './run.ts';
import { firstSettings, simulationPanel } from './simulation.ts';
import { registerTableEditors } from './table.ts';
import { tuningPanel } from './tuning.ts';

export interface Panels extends Disposable {
	drift(root: string, id: string): void;
	run(root: string, id: string, name?: string): void;
	history(root: string, about: HistoryAbout): void;
	registry(root: string, model: string): void;
	compare(root: string, ids: readonly string[]): void;
	tuning(root: string, id: string, name: string): void;
	profile(root: string, file: string): void;
	simulation(root: string, about: { deployment: string | null; config: string | null }): void;
}

/** Registers every kind of panel. */
export function createPanels(parts: PanelParts): Panels {
	const drift = createPanelHost(driftPanel, parts);
	const openDrift = (root: string, id: string) => drift.open({ version: 1, root, id });
	const history = createPanelHost(historyPanel(openDrift), parts);
	const registry = createPanelHost(registryPanel, parts);
	const run = createPanelHost(runPanel(parts), parts);
	const compare = createPanelHost(comparePanel, parts);
	const tuning = createPanelHost(tuningPanel, parts);
	const simulation = createPanelHost(simulationPanel, parts);
	const profile = createPanelHost(profilePanel(parts), parts);
	const hosts: readonly Disposable[] = [
		drift,
		history,
		registry,
		run,
		compare,
		tuning,
		simulation,
		profile,
		...registerTableEditors(parts),
	];
	return {
		drift: openDrift,
		history: (root, about) => history.open({ version: 1, root, ...about }),
		registry: (root, model) => registry.open({ version: 1, root, model }),
		run: (root, id, name = id) => run.open({ version: 1, root, id, name }),
		compare: (root, ids) => compare.open({ version: 1, root, ids: [...ids], all: false }),
		tuning: (root, id, name) => tuning.open({ version: 1, root, id, name }),
		profile: (root, file) => profile.open({ version: 1, root, file }),
		simulation: (root, about) => simulation.open({ version: 1, root, ...about, settings: firstSettings }),
		dispose() {
			for (const host of hosts) host.dispose();
		},
	};
}
