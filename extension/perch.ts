import type { ExtensionContext } from 'vscode';
import type { Checks } from './checks/checks.ts';
import type { Roots } from './connection/roots.ts';
import type { Failures } from './failures.ts';
import type { Log } from './log.ts';
import type { Panels } from './panels/panels.ts';
import type { Profiles } from './profiles.ts';
import type { Projects } from './projects/projects.ts';

/** What a command or view may need: made once in `activate`. */
export interface Perch {
	readonly context: ExtensionContext;
	readonly log: Log;
	readonly projects: Projects;
	readonly roots: Roots;
	readonly profiles: Profiles;
	readonly checks: Checks;
	readonly failures: Failures;
	readonly panels: Panels;
}
