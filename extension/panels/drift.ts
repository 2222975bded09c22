import { basename, join } from 'node:path';
import { env, Uri, window, workspace } from 'vscode';
import { PerchError } from '../../daemon/protocol/errors.ts';
import { type DriftState, driftState, openInBrowser, saveAs, show } from '../../webviews/messages/drift.ts';
import type { PanelKind } from './kind.ts';

/** One kept drift report. */
export const driftPanel: PanelKind<DriftState> = {
	viewType: 'perch.drift',
	state: driftState,
	title: () => 'Drift',
	key: ({ root, id }) => `${root}|${id}`,
	reads: [],
	connect({ root, channel, state, retitle, readOnly }) {
		const fetch = () => root.connection.request('drift/show', { id: state().id });

		channel.onRequest(openInBrowser, async () => {
			const { html } = await fetch();
			if (env.remoteName !== undefined) {
				throw new PerchError(
					'unsupported_format',
					'Your browser cannot open a file of the machine that this window works on.',
					{
						hint: 'Save the report, download it, and open it from there.',
					},
				);
			}
			await env.openExternal(Uri.file(html));
			return {};
		});
		channel.onRequest(saveAs, async () => {
			const { html } = await fetch();
			const chosen = await window.showSaveDialog({
				defaultUri: Uri.file(join(root.path, 'drift.html')),
				filters: { HTML: ['html'] },
				title: 'Save Drift Report',
			});
			if (chosen === undefined) return { path: null };
			await workspace.fs.copy(Uri.file(html), chosen, { overwrite: true });
			return { path: chosen.fsPath };
		});
		return {
			async show() {
				const { report } = await fetch();
				retitle(`Drift: ${report.deployment ?? basename(report.current.name)}`);
				channel.notify(show, { root: root.path, readOnly: readOnly(), report });
			},
		};
	},
};
