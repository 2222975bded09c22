/** `perch-card:` documents: the card of a version as read-only Markdown, which is shown as it reads. */
import { commands, type Disposable, workspace } from 'vscode';
import { change } from '../commands/change.ts';
import type { Roots } from '../connection/roots.ts';
import { documentsOf, documentUri } from './rootDocuments.ts';

const scheme = 'perch-card';

/** Shows the card of `name/version`. */
export async function openCardDocument(root: string, name: string, version: number): Promise<void> {
	const uri = documentUri(scheme, `${name} v${version}.md`, { root, model: `${name}/${version}` });
	await commands.executeCommand('markdown.showPreview', uri);
}

export function createCardDocuments(roots: Roots): Disposable {
	return workspace.registerTextDocumentContentProvider(
		scheme,
		documentsOf(
			roots,
			async (root, asked) =>
				(await change(root.connection, 'models/card', { model: asked.get('model') ?? '' })).markdown,
		),
	);
}
