import { commands, env } from 'vscode';
import { type CompareState, compareState, copy, openRun, show, showAll } from '../../webviews/messages/compare.ts';
import type { PanelKind } from './kind.ts';

/** Two or more runs side by side. */
export const comparePanel: PanelKind<CompareState> = {
	viewType: 'perch.compare',
	state: compareState,
	title: () => 'Compare runs',
	key: ({ root, ids }) => `${root}|${ids.join('|')}`,
	reads: ['runs'],
	connect({ root, channel, state, update, readOnly }) {
		const fetch = () => root.connection.request('runs/compare', { ids: state().ids, all: state().all });

		async function send(): Promise<void> {
			const comparison = await fetch();
			channel.notify(show, { root: root.path, readOnly: readOnly(), all: state().all, comparison });
		}

		channel.onRequest(copy, async ({ format }) => {
			await env.clipboard.writeText((await fetch())[format]);
			return {};
		});
		channel.onRequest(showAll, async ({ all }) => {
			update({ ...state(), all });
			await send();
			return {};
		});
		channel.onRequest(openRun, async ({ id }) => {
			await commands.executeCommand('perch.openRun', { kind: 'run', root: root.path, id, name: id });
			return {};
		});
		return { show: send };
	},
};
