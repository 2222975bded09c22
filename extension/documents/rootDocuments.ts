/** Read-only documents whose text comes from a root's daemon: how they are addressed, and what fills them. */
import { type Event, type TextDocumentContentProvider, Uri } from 'vscode';
import type { Root, Roots } from '../connection/roots.ts';

/** The path is what its tab is called; `asked` says which root's, and what of it. */
export function documentUri(scheme: string, tab: string, asked: Readonly<Record<string, string>>): Uri {
	return Uri.from({
		scheme,
		path: `/${tab.replaceAll('/', '-')}`,
		query: new URLSearchParams(asked).toString(),
	});
}

/** Asks the root of an address once the roots are known; a document of one that is gone is empty. */
export function documentsOf(
	roots: Roots,
	textOf: (root: Root, asked: URLSearchParams) => Promise<string>,
	onDidChange?: Event<Uri>,
): TextDocumentContentProvider {
	return {
		...(onDidChange && { onDidChange }),
		async provideTextDocumentContent({ query }) {
			const asked = new URLSearchParams(query);
			await roots.found;
			const root = roots.at(asked.get('root') ?? '');
			return root === undefined ? '' : textOf(root, asked);
		},
	};
}
