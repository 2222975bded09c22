/** Profiles of data files: asked for once, kept while the file stays as it is. */
import { basename } from 'node:path';
import { type Disposable, type Event, EventEmitter, Uri, workspace } from 'vscode';
import type { Result } from '../daemon/protocol/methods.ts';
import { change } from './commands/change.ts';
import { longWork } from './commands/longWork.ts';
import type { Root } from './connection/roots.ts';
import { encodingOf } from './projects/projectOf.ts';
import type { Projects } from './projects/projects.ts';

/** A profile, and where the HTML page of it lies. */
export type Profiled = Result<'profile'>;

export interface Profiles extends Disposable {
	/** Runs the profile unless the one at hand is of the same file; needs a trusted window. */
	get(root: Root, file: string): Promise<Profiled>;
	/** The same for a user who asked for it: shown with its progress, and ended by Cancel. */
	run(root: Root, file: string): Promise<Profiled>;
	/** The last profile of a file that is still as it was then. */
	known(file: string): Promise<Profiled | undefined>;
	/** There is a profile of this file now. */
	readonly onChange: Event<string>;
}

const most = 20;

export function createProfiles(projects: Projects): Profiles {
	const kept = new Map<string, { stamp: string; profile: Promise<Profiled> }>();
	const changed = new EventEmitter<string>();

	const asked = (file: string): { file: string; encoding?: string } => ({ file, ...encodingOf(projects.all(), file) });

	async function stampOf(file: string): Promise<string> {
		const { mtime, size } = await workspace.fs.stat(Uri.file(file));
		return `${mtime} ${size} ${asked(file).encoding ?? ''}`;
	}

	async function ask(file: string, profiling: () => Promise<Profiled>): Promise<Profiled> {
		const stamp = await stampOf(file);
		const at = kept.get(file);
		if (at?.stamp === stamp) return at.profile;
		const profile = profiling();
		kept.delete(file);
		kept.set(file, { stamp, profile });
		for (const oldest of kept.keys()) {
			if (kept.size <= most) break;
			kept.delete(oldest);
		}
		profile.then(
			() => changed.fire(file),
			() => kept.get(file)?.profile === profile && kept.delete(file),
		);
		return profile;
	}

	return {
		onChange: changed.event,
		get: ({ connection }, file) => ask(file, () => change(connection, 'profile', asked(file))),
		run: (root, file) => ask(file, () => longWork(root, `Profiling ${basename(file)}`, 'profile', asked(file))),
		async known(file) {
			const at = kept.get(file);
			if (at === undefined || at.stamp !== (await stampOf(file).catch(() => ''))) return undefined;
			return at.profile.catch(() => undefined);
		},
		dispose: () => changed.dispose(),
	};
}
