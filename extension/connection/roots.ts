/** The roots of a window: one daemon connection for each, made from the open folders and the perch.yaml files in them. */
import { existsSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { type Disposable, type Event, EventEmitter, RelativePattern, Uri, workspace } from 'vscode';
import { connect, stopDaemon } from '../../daemon/client/connect.ts';
import { findRoot } from '../../daemon/client/root.ts';
import { readDaemonRecord } from '../../daemon/client/stateFolder.ts';
import type { PerchError } from '../../daemon/protocol/errors.ts';
import type { Log } from '../log.ts';
import type { Projects } from '../projects/projects.ts';
import { setting } from '../settings.ts';
import { type Connection, createConnection, type Told } from './connection.ts';
import { createResources, type ResourceName, type Resources } from './resources.ts';

export interface Root extends Disposable {
	readonly path: string;
	readonly connection: Connection;
	readonly resources: Resources;
}

/** Something that happened in one of the roots. */
export interface RootEvent<T> {
	readonly root: Root;
	readonly value: T;
}

export interface Roots extends Disposable {
	/** Resolves once the open folders have been looked through. */
	readonly found: Promise<void>;
	/** Sorted by name. Empty where neither a perch.yaml nor a `.perch/` is. */
	all(): readonly Root[];
	at(path: string): Root | undefined;
	/** The root that answers for a folder, made if it is new. */
	forFolder(folder: string): Root;
	/** A root came or went, or a connection changed its state. */
	readonly onChange: Event<void>;
	readonly onStale: Event<RootEvent<ReadonlySet<ResourceName>>>;
	readonly onTold: Event<RootEvent<Told>>;
	readonly onGivenUp: Event<RootEvent<PerchError>>;
}

export function createRoots(dist: string, version: string, projects: Projects, log: Log): Roots {
	const roots = new Map<string, Root>();
	const events = {
		change: new EventEmitter<void>(),
		stale: new EventEmitter<RootEvent<ReadonlySet<ResourceName>>>(),
		told: new EventEmitter<RootEvent<Told>>(),
		givenUp: new EventEmitter<RootEvent<PerchError>>(),
	};

	function add(path: string): Root {
		const connection = createConnection({
			root: path,
			name: nameOf(path),
			log,
			dial: (start) => dial(path, start),
			halt: () => stopDaemon(options(path)),
			endedOnPurpose: () => readDaemonRecord(path) === null,
		});
		const resources = createResources(connection, () => setting('runs.limit'));
		// Another window or the command line may start the daemon while this one has none.
		const record = workspace.createFileSystemWatcher(
			new RelativePattern(Uri.file(join(path, '.perch')), 'daemon.json'),
		);
		const attach = () => {
			if (['idle', 'stopped', 'failed'].includes(connection.state().kind)) void connection.attach();
		};
		const root: Root = {
			path,
			connection,
			resources,
			dispose() {
				for (const part of [record, resources, connection]) part.dispose();
			},
		};
		record.onDidCreate(attach);
		record.onDidChange(attach);
		connection.onState(() => events.change.fire());
		connection.onTold((value) => events.told.fire({ root, value }));
		connection.onGivenUp((value) => events.givenUp.fire({ root, value }));
		resources.onStale((value) => events.stale.fire({ root, value }));
		roots.set(path, root);
		attach();
		return root;
	}

	function options(path: string) {
		return { root: path, dist, client: { name: 'vscode', version }, readOnly: !workspace.isTrusted };
	}

	async function dial(path: string, start: boolean) {
		const client = await connect({ ...options(path), start });
		if (!client.server.readOnly || !workspace.isTrusted) return client;
		log.info(`${path}: a read-only daemon runs, and this window is trusted; starting a full one in its place.`);
		client.close();
		await stopDaemon(options(path));
		return connect(options(path));
	}

	function wanted(): Set<string> {
		const folders = localFolders().map((folder) => findRoot(folder));
		const used = folders.filter((folder) => existsSync(join(folder, '.perch')));
		return new Set([...projects.all().map(({ root }) => root), ...used]);
	}

	function refresh(): void {
		const now = wanted();
		const open = new Set(localFolders().map((folder) => findRoot(folder)));
		for (const [path, root] of roots) {
			if (now.has(path) || open.has(path)) continue;
			roots.delete(path);
			root.dispose();
		}
		for (const path of now) if (!roots.has(path)) add(path);
		events.change.fire();
	}

	// A folder without a perch.yaml may be put to use from the command line.
	const started = workspace.createFileSystemWatcher('**/.perch/daemon.json', false, true, true);
	started.onDidCreate(refresh);
	const listening = [
		started,
		projects.onChange(refresh),
		workspace.onDidChangeWorkspaceFolders(refresh),
		workspace.onDidGrantWorkspaceTrust(() => {
			for (const { connection } of roots.values()) {
				const state = connection.state();
				if (state.kind === 'ready' && state.readOnly) {
					connection.restart().catch((error: unknown) => log.error(String(error)));
				}
			}
			refresh();
		}),
	];

	return {
		found: projects.found.then(refresh),
		all: () => [...roots.values()].sort((a, b) => a.connection.name.localeCompare(b.connection.name)),
		at: (path) => roots.get(path),
		forFolder(folder) {
			const path = findRoot(folder);
			return roots.get(path) ?? add(path);
		},
		onChange: events.change.event,
		onStale: events.stale.event,
		onTold: events.told.event,
		onGivenUp: events.givenUp.event,
		dispose() {
			for (const part of [...listening, ...roots.values(), ...Object.values(events)]) part.dispose();
		},
	};
}

/** Whether views and lenses may ask a root: they start a daemon that nobody asked for yet, but none that was stopped or fails. */
export function mayAsk({ connection }: Root): boolean {
	const { kind } = connection.state();
	return kind === 'ready' || kind === 'starting' || (kind === 'idle' && setting('daemon.start') === 'auto');
}

function localFolders(): string[] {
	return (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
}

/** What a root is called: its folder's name, and the way to it where it lies inside a folder of the window. */
function nameOf(path: string): string {
	for (const { name, uri } of workspace.workspaceFolders ?? []) {
		const way = relative(findRoot(uri.fsPath), path);
		if (way === '') return name;
		const inside = relative(uri.fsPath, path);
		if (!inside.startsWith('..')) return `${name}/${inside}`;
	}
	return basename(path);
}
