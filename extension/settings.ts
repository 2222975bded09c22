/** The settings of package.json, each read where it is used, so that a change takes effect at once. */
import { workspace } from 'vscode';

interface Settings {
	'statusBar.show': 'auto' | 'always' | 'never';
	'codeLens.enabled': boolean;
	'codeLens.dataFiles': boolean;
	'badges.enabled': boolean;
	'daemon.start': 'auto' | 'manual';
	'runs.limit': number;
	'drift.openReport': boolean;
	'notifications.finished': boolean;
	'notifications.rollback': boolean;
	askForReason: boolean;
}

export function setting<K extends keyof Settings>(key: K): Settings[K] {
	// The defaults are those of package.json; a test holds the two lists against each other.
	return workspace.getConfiguration('perch').get(key) as Settings[K];
}
