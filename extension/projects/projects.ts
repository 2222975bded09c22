/** The perch.yaml files of the open folders, read anew when they change. */
import { dirname } from 'node:path';
import { type Disposable, type Event, EventEmitter, type Uri, workspace } from 'vscode';
import { findRoot } from '../../daemon/client/root.ts';
import type { Log } from '../log.ts';
import { type ProjectOutline, readProject } from './readProject.ts';

export interface Project extends ProjectOutline {
	/** Root of the daemon that answers for it. */
	readonly root: string;
}

export interface Projects extends Disposable {
	/** Resolves once the folders have been looked through. */
	readonly found: Promise<void>;
	/** Sorted by path. */
	all(): readonly Project[];
	at(file: string): Project | undefined;
	readonly onChange: Event<void>;
}

const pattern = '**/perch.yaml';
const passed = '**/{node_modules,.perch,.git,.venv}/**';

export function watchProjects(log: Log): Projects {
	const projects = new Map<string, Project>();
	const changed = new EventEmitter<void>();
	const watcher = workspace.createFileSystemWatcher(pattern);

	async function read(uri: Uri): Promise<void> {
		try {
			const text = new TextDecoder().decode(await workspace.fs.readFile(uri));
			projects.set(uri.fsPath, { ...readProject(uri.fsPath, text), root: findRoot(dirname(uri.fsPath)) });
		} catch (error) {
			projects.delete(uri.fsPath);
			log.debug(`${uri.fsPath} could not be read: ${String(error)}`);
		}
	}

	async function search(): Promise<void> {
		const uris = await workspace.findFiles(pattern, passed, 200);
		projects.clear();
		await Promise.all(uris.filter(({ scheme }) => scheme === 'file').map(read));
		changed.fire();
	}

	const reread = (uri: Uri) => {
		if (uri.scheme === 'file' && !/[\\/](node_modules|\.perch)[\\/]/.test(uri.fsPath)) {
			void read(uri).then(() => changed.fire());
		}
	};
	watcher.onDidCreate(reread);
	watcher.onDidChange(reread);
	watcher.onDidDelete((uri) => {
		if (projects.delete(uri.fsPath)) changed.fire();
	});
	const folders = workspace.onDidChangeWorkspaceFolders(() => void search());

	return {
		found: search(),
		all: () => [...projects.values()].sort((a, b) => a.file.localeCompare(b.file)),
		at: (file) => projects.get(file),
		onChange: changed.event,
		dispose() {
			for (const part of [watcher, folders, changed]) part.dispose();
		},
	};
}
