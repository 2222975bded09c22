import { join } from 'node:path';
import { env, Uri, window, workspace } from 'vscode';
import { PerchError } from '../../daemon/protocol/errors.ts';
import type { Channel } from '../../webviews/messages/channel.ts';
import { openInBrowser, saveAs } from '../../webviews/messages/htmlFile.ts';

/** Answers what a page asks about the HTML file that is kept of what it shows. `name` is proposed where it is saved. */
export function offerHtmlFile(channel: Channel, folder: string, name: string, html: () => Promise<string>): void {
	channel.onRequest(openInBrowser, async () => {
		const file = await html();
		if (env.remoteName !== undefined) {
			const found = 'Your browser cannot open a file of the machine that this window works on.';
			throw new PerchError('unsupported_format', found, { hint: 'Save it, download it, and open it from there.' });
		}
		await env.openExternal(Uri.file(file));
		return {};
	});
	channel.onRequest(saveAs, async () => {
		const file = await html();
		const chosen = await window.showSaveDialog({
			defaultUri: Uri.file(join(folder, name)),
			filters: { HTML: ['html'] },
			title: 'Save as HTML',
		});
		if (chosen === undefined) return { path: null };
		await workspace.fs.copy(Uri.file(file), chosen, { overwrite: true });
		return { path: chosen.fsPath };
	});
}
