/** What every panel has in common: a page under the strict policy, checked messages, and a life over window reloads. */
import { randomBytes } from 'node:crypto';
import { type Disposable, Uri, ViewColumn, type WebviewPanel, window, workspace } from 'vscode';
import * as z from 'zod/mini';
import { PerchError, toPerchError } from '../../daemon/protocol/errors.ts';
import '../../daemon/protocol/schema.ts';
import { type Channel, openChannel } from '../../webviews/messages/channel.ts';
import { type Envelope, failed, ready } from '../../webviews/messages/message.ts';
import { pageHtml } from '../../webviews/messages/page.ts';
import type { ResourceName } from '../connection/resources.ts';
import type { Root, Roots } from '../connection/roots.ts';
import type { Failures } from '../failures.ts';
import type { Log } from '../log.ts';
import { bundles, type ViewType } from './bundles.ts';

/** One kind of panel. `State` is what its page keeps over a reload, and what opens it. */
export interface PanelKind<State extends { root: string }> {
	readonly viewType: ViewType;
	readonly state: z.core.$ZodType<State>;
	title(state: State): string;
	/** Two states with one key share one panel. */
	key(state: State): string;
	/** Changes of these send a new picture. */
	readonly reads: readonly ResourceName[];
	/** Wires the page to the daemon. `show` fetches and sends the whole picture. */
	connect(page: Page<State>): { show(): Promise<void>; dispose?(): void };
}

export interface Page<State> {
	readonly root: Root;
	readonly channel: Channel;
	state(): State;
	/** Says what the panel is about now. */
	update(state: State): void;
	retitle(title: string): void;
	/** Whether the page may offer nothing that changes or starts anything. */
	readOnly(): boolean;
}

interface Open<State> {
	readonly panel: WebviewPanel;
	state: State;
}

export interface PanelParts {
	readonly roots: Roots;
	readonly failures: Failures;
	readonly log: Log;
	readonly extensionUri: Uri;
}

export interface PanelHost<State> extends Disposable {
	open(state: State): void;
}

export function createPanelHost<State extends { root: string }>(
	kind: PanelKind<State>,
	{ roots, failures, log, extensionUri }: PanelParts,
): PanelHost<State> {
	const opened = new Set<Open<State>>();
	const folder = Uri.joinPath(extensionUri, 'dist', 'webviews');
	const media = Uri.joinPath(extensionUri, 'media');

	function fill(panel: WebviewPanel, root: Root, first: State): void {
		const entry: Open<State> = { panel, state: first };
		opened.add(entry);
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
				panel.title = kind.title(next);
			},
			retitle(title) {
				panel.title = title;
			},
			readOnly() {
				const state = root.connection.state();
				return !workspace.isTrusted || (state.kind === 'ready' && state.readOnly);
			},
		};
		const wired = kind.connect(page);
		const show = () =>
			wired.show().catch((error: unknown) => {
				failures.log(panel.title, error);
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
			opened.delete(entry);
			channel.close();
			wired.dispose?.();
			for (const part of parts) part.dispose();
		});
		webview.options = { enableScripts: true, enableCommandUris: false, localResourceRoots: [folder] };
		panel.title = kind.title(first);
		panel.iconPath = { light: Uri.joinPath(media, 'panelLight.svg'), dark: Uri.joinPath(media, 'panelDark.svg') };
		webview.html = pageHtml({
			title: panel.title,
			script: webview.asWebviewUri(Uri.joinPath(folder, `${bundles[kind.viewType]}.js`)).toString(),
			style: webview.asWebviewUri(Uri.joinPath(folder, `${bundles[kind.viewType]}.css`)).toString(),
			cspSource: webview.cspSource,
			nonce: randomBytes(18).toString('base64url'),
		});
		log.debug(`${kind.viewType}: opened ${kind.key(first)}`);
	}

	const serializer = window.registerWebviewPanelSerializer(kind.viewType, {
		async deserializeWebviewPanel(panel, kept: unknown) {
			await roots.found;
			const state = z.safeParse(kind.state, kept);
			// The page wrote the state: it may name only a root that this window has.
			const root = state.success ? roots.at(state.data.root) : undefined;
			if (!state.success || root === undefined) {
				log.info(`${kind.viewType}: what was open cannot be shown again, as its folder is not here.`);
				return panel.dispose();
			}
			fill(panel, root, state.data);
		},
	});

	return {
		open(state) {
			const known = [...opened].find((entry) => kind.key(entry.state) === kind.key(state));
			if (known !== undefined) return known.panel.reveal();
			const root = roots.at(state.root);
			if (root === undefined) throw new PerchError('not_found', `${state.root} is not open in this window.`);
			fill(window.createWebviewPanel(kind.viewType, kind.title(state), ViewColumn.Active), root, state);
		},
		// The panels themselves stay: a window that is reloaded brings them back.
		dispose: () => serializer.dispose(),
	};
}
