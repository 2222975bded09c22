/** Joins one page to the daemon: its HTML under the strict policy, and a checked channel that lives as long as it does. */
import { randomBytes } from 'node:crypto';
import { Uri, type WebviewPanel, workspace } from 'vscode';
import { toPerchError } from '../../daemon/protocol/errors.ts';
import { openChannel } from '../../webviews/messages/channel.ts';
import { type Envelope, failed, ready } from '../../webviews/messages/message.ts';
import { pageHtml } from '../../webviews/messages/page.ts';
import type { Root } from '../connection/roots.ts';
import { bundles } from './bundles.ts';
import type { Page, PanelKind, PanelParts } from './kind.ts';

/** A page that is open, and what it is about now. */
export interface Wired<State> {
	readonly panel: WebviewPanel;
	state: State;
}

/** Fills a panel that VS Code has opened. `title` is told where the page changes what the panel is called. */
export function wirePanel<State extends { root: string }>(
	kind: PanelKind<State>,
	{ roots, failures, log, extensionUri }: PanelParts,
	panel: WebviewPanel,
	root: Root,
	first: State,
	title: (text: string) => void,
): Wired<State> {
	const folder = Uri.joinPath(extensionUri, 'dist', 'webviews');
	const entry: Wired<State> = { panel, state: first };
	const { webview } = panel;
	const channel = openChannel(
		(message: Envelope) => {
			// A hidden page is gone; it comes back with `ready` and is then sent the whole picture.
			if (panel.visible) void webview.postMessage(message);
		},
		(error) => failures.log(`${kind.viewType} sent what does not fit`, error),
	);
	const page: Page<State> = {
		root,
		channel,
		state: () => entry.state,
		update(next) {
			entry.state = next;
			title(kind.title(next));
		},
		retitle: title,
		readOnly() {
			const state = root.connection.state();
			return !workspace.isTrusted || (state.kind === 'ready' && state.readOnly);
		},
	};
	const wired = kind.connect(page);
	const show = () =>
		wired.show().catch((error: unknown) => {
			failures.log(kind.title(entry.state), error);
			channel.notify(failed, { error: toPerchError(error).toBody() });
		});
	channel.onNotification(ready, () => void show());
	const parts = [
		webview.onDidReceiveMessage((message) => channel.receive(message)),
		roots.onStale(({ root: where, value }) => {
			if (where === root && panel.visible && kind.reads.some((name) => value.has(name))) void show();
		}),
	];
	panel.onDidDispose(() => {
		channel.close();
		wired.dispose?.();
		for (const part of parts) part.dispose();
	});
	webview.options = { enableScripts: true, enableCommandUris: false, localResourceRoots: [folder] };
	const style = webview.asWebviewUri(Uri.joinPath(folder, `${bundles[kind.viewType]}.css`));
	webview.html = pageHtml({
		title: kind.title(first),
		script: webview.asWebviewUri(Uri.joinPath(folder, `${bundles[kind.viewType]}.js`)).toString(),
		style: style.toString(),
		cspSource: webview.cspSource,
		nonce: randomBytes(18).toString('base64url'),
	});
	log.debug(`${kind.viewType}: opened ${kind.key(first)}`);
	return entry;
}
