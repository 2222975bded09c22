/** What every panel has in common: a page under the strict policy, checked messages, and a life over window reloads. */
import { type Disposable, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import * as z from 'zod/mini';
import { PerchError } from '../../daemon/protocol/errors.ts';
import '../../daemon/protocol/schema.ts';
import type { Root } from '../connection/roots.ts';
import type { PanelKind, PanelParts } from './kind.ts';
import { type Wired, wirePanel } from './wire.ts';

export interface PanelHost<State> extends Disposable {
	open(state: State): void;
}

export function createPanelHost<State extends { root: string }>(
	kind: PanelKind<State>,
	parts: PanelParts,
): PanelHost<State> {
	const { roots, log, extensionUri } = parts;
	const opened = new Set<Wired<State>>();
	const media = Uri.joinPath(extensionUri, 'media');

	function fill(panel: WebviewPanel, root: Root, first: State): void {
		panel.title = kind.title(first);
		panel.iconPath = { light: Uri.joinPath(media, 'panelLight.svg'), dark: Uri.joinPath(media, 'panelDark.svg') };
		const entry = wirePanel(kind, parts, panel, root, first, (title) => {
			panel.title = title;
		});
		opened.add(entry);
		panel.onDidDispose(() => opened.delete(entry));
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
