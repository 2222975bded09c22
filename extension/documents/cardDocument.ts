/** `perch-card:` documents: the card of a version as read-only Markdown, which is shown as it reads. */
import { commands, type Disposable, Uri, workspace } from 'vscode';
import { change } from '../commands/change.ts';
import type { Roots } from '../connection/roots.ts';

const scheme = 'perch-card';

/** Shows the card of `name/version`. */
export async function openCardDocument(root: string, name: string, version: number): Promise<void> {
	const uri = Uri.from({
		scheme,
		path: `/${name.replaceAll('/', '-')} v${version}.md`,
		query: new URLSearchParams({ root, model: `${name}/${version}` }).toString(),
	});
	await commands.executeCommand('markdown.showPreview', uri);
}

export function createCardDocuments(roots: Roots): Disposable {
	return workspace.registerTextDocumentContentProvider(scheme, {
		async provideTextDocumentContent({ query }) {
			const asked = new URLSearchParams(query);
			await roots.found;
			const root = roots.at(asked.get('root') ?? '');
			if (root === undefined) return '';
			return (await change(root.connection, 'models/card', { model: asked.get('model') ?? '' })).markdown;
		},
	});
}
