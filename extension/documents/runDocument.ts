/** `perch-run:` documents: a run as read-only JSON, the same as `perch runs show --json`. */
import { commands, type Disposable, EventEmitter, type Uri, window, workspace } from 'vscode';
import type { Roots } from '../connection/roots.ts';
import type { ContextKey } from '../contextKeys.ts';
import { documentsOf, documentUri } from './rootDocuments.ts';

export const runScheme = 'perch-run';

/** The address of a run; the path is what its tab is called. */
function runUri(root: string, id: string, name = id): Uri {
	return documentUri(runScheme, `${name}.json`, { root, id });
}

export async function openRunDocument(root: string, id: string, name?: string): Promise<void> {
	await window.showTextDocument(await workspace.openTextDocument(runUri(root, id, name)), { preview: true });
	await commands.executeCommand('setContext', 'perch.runOpened' satisfies ContextKey, true);
}

export function createRunDocuments(roots: Roots): Disposable[] {
	const changed = new EventEmitter<Uri>();
	const open = () => workspace.textDocuments.map(({ uri }) => uri).filter(({ scheme }) => scheme === runScheme);
	return [
		changed,
		workspace.registerTextDocumentContentProvider(
			runScheme,
			documentsOf(
				roots,
				async (root, asked) => {
					const shown = await root.connection.request('runs/show', { id: asked.get('id') ?? '' });
					return `${JSON.stringify(shown, null, 2)}\n`;
				},
				changed.event,
			),
		),
		roots.onStale(({ root, value }) => {
			if (!value.has('runs')) return;
			for (const uri of open()) if (new URLSearchParams(uri.query).get('root') === root.path) changed.fire(uri);
		}),
	];
}
