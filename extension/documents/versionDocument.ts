/** `perch-dataset:` documents: two versions of a dataset side by side in the editor's own comparison. */
import { commands, type Disposable, workspace } from 'vscode';
import { PerchError } from '../../daemon/protocol/errors.ts';
import type { Roots } from '../connection/roots.ts';
import { documentsOf, documentUri } from './rootDocuments.ts';
import { versionText } from './versionText.ts';

const scheme = 'perch-dataset';

/** Shows what changed between two versions, as `name@version` each. */
export async function openVersionComparison(root: string, from: string, to: string): Promise<void> {
	const uri = (side: 'from' | 'to') => documentUri(scheme, side === 'from' ? from : to, { root, from, to, side });
	await commands.executeCommand('vscode.diff', uri('from'), uri('to'), `${from} ↔ ${to}`, { preview: true });
}

export function createVersionDocuments(roots: Roots): Disposable {
	return workspace.registerTextDocumentContentProvider(
		scheme,
		documentsOf(roots, async (root, asked) => {
			const side = asked.get('side') === 'from' ? 'from' : 'to';
			const [diff, { datasets }] = await Promise.all([
				root.connection.request('datasets/diff', { from: asked.get('from') ?? '', to: asked.get('to') ?? '' }),
				root.resources.get('datasets'),
			]);
			const { name, version } = diff[side];
			const own = datasets.find((one) => one.name === name && one.version === version);
			if (own === undefined) throw new PerchError('not_found', `${name}@${version} is not kept any more.`);
			return versionText(diff, side, own.columns);
		}),
	);
}
