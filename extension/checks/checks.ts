/** Runs the checks of projects on their data files, and keeps what they found for squiggles, badges and messages. */
import { type Disposable, type Event, EventEmitter, type TextDocument, workspace } from 'vscode';
import type { CheckReport } from '../../daemon/protocol/checks.ts';
import { change } from '../commands/change.ts';
import { mayAsk, type Roots } from '../connection/roots.ts';
import type { Log } from '../log.ts';
import { projectOf } from '../projects/projectOf.ts';
import type { Project, Projects } from '../projects/projects.ts';

/** What the last look at a file found. */
export interface Found {
	readonly project: Project;
	readonly report: CheckReport;
}

export interface Checks extends Disposable {
	at(file: string): Found | undefined;
	/** Takes the report of a look that a command has had. */
	keep(file: string, found: Found): void;
	/** A file was looked at, or is no more. */
	readonly onChange: Event<string>;
}

/** Failing rows that are marked of each check. */
export const markedRows = 500;

/** Looks at a file when it is opened or saved, where its project has checks. */
export function watchChecks({ projects, roots, log }: { projects: Projects; roots: Roots; log: Log }): Checks {
	const found = new Map<string, Found>();
	const changed = new EventEmitter<string>();
	const running = new Map<string, AbortController>();

	function keep(file: string, next: Found | undefined): void {
		if (next === undefined ? !found.delete(file) : found.set(file, next) === undefined) return;
		changed.fire(file);
	}

	async function look(file: string): Promise<void> {
		running.get(file)?.abort();
		const project = projectOf(projects.all(), file);
		if (project?.lines['checks'] === undefined) return keep(file, undefined);
		const root = roots.at(project.root);
		if (root === undefined || !workspace.isTrusted || !mayAsk(root)) return;
		const abort = new AbortController();
		running.set(file, abort);
		try {
			const params = { config: project.file, file, examples: markedRows };
			const report = await change(root.connection, 'check', params, { signal: abort.signal });
			if (!abort.signal.aborted) keep(file, { project, report });
		} catch (error) {
			log.debug(`${file} could not be checked: ${String(error)}`);
		} finally {
			if (running.get(file) === abort) running.delete(file);
		}
	}

	const lookAt = ({ uri, isDirty }: TextDocument) => {
		if (uri.scheme === 'file' && !isDirty) void roots.found.then(() => look(uri.fsPath));
	};
	const lookAtAll = () => {
		for (const document of workspace.textDocuments) lookAt(document);
	};
	lookAtAll();
	const parts = [
		changed,
		workspace.onDidOpenTextDocument(lookAt),
		workspace.onDidSaveTextDocument(lookAt),
		workspace.onDidGrantWorkspaceTrust(lookAtAll),
		projects.onChange(lookAtAll),
		workspace.onDidDeleteFiles(({ files }) => {
			for (const { fsPath } of files) keep(fsPath, undefined);
		}),
	];
	return {
		at: (file) => found.get(file),
		keep,
		onChange: changed.event,
		dispose() {
			for (const abort of running.values()) abort.abort();
			for (const part of parts) part.dispose();
		},
	};
}
