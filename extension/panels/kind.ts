/** What a kind of panel is, and what all of them are given. */
import type { Uri } from 'vscode';
import type * as z from 'zod/mini';
import '../../daemon/protocol/schema.ts';
import type { Channel } from '../../webviews/messages/channel.ts';
import type { Checks } from '../checks/checks.ts';
import type { ResourceName } from '../connection/resources.ts';
import type { Root, Roots } from '../connection/roots.ts';
import type { Failures } from '../failures.ts';
import type { Log } from '../log.ts';
import type { Profiles } from '../profiles.ts';
import type { Projects } from '../projects/projects.ts';
import type { ViewType } from './bundles.ts';

/** One kind of panel. `State` is what its page keeps over a reload, and what opens it. */
export interface PanelKind<State extends { root: string }> {
	readonly viewType: ViewType;
	readonly state: z.core.$ZodType<State>;
	title(state: State): string;
	/** Two states with one key share one panel. */
	key(state: State): string;
	/** Changes of these send a new picture. */
	readonly reads: readonly ResourceName[];
	/** Wires the page to the daemon. `show` fetches and sends the whole picture. */
	connect(page: Page<State>): { show(): Promise<void>; dispose?(): void };
}

export interface Page<State> {
	readonly root: Root;
	readonly channel: Channel;
	state(): State;
	/** Says what the panel is about now. */
	update(state: State): void;
	retitle(title: string): void;
	/** Whether the page may offer nothing that changes or starts anything. */
	readOnly(): boolean;
}

export interface PanelParts {
	readonly roots: Roots;
	readonly projects: Projects;
	readonly profiles: Profiles;
	readonly checks: Checks;
	readonly failures: Failures;
	readonly log: Log;
	readonly extensionUri: Uri;
}
