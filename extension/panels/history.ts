import { commands } from 'vscode';
import { check, type HistoryState, historyState, openReport, show } from '../../webviews/messages/history.ts';
import type { PanelKind } from './kind.ts';

/** Drift over the kept reports on a file, of a project or of live traffic. `openDrift` opens a report. */
export function historyPanel(openDrift: (root: string, id: string) => void): PanelKind<HistoryState> {
	return {
		viewType: 'perch.history',
		state: historyState,
		title: ({ name }) => `Drift history: ${name}`,
		key: ({ root, current, project, deployment }) => [root, current, project, deployment].join('|'),
		reads: ['reports'],
		connect({ root, channel, state, readOnly }) {
			channel.onRequest(openReport, ({ id }) => {
				openDrift(root.path, id);
				return {};
			});
			channel.onRequest(check, async () => {
				const { config, file } = state();
				const target =
					file === null
						? { kind: 'project', root: root.path, file: config }
						: { kind: 'data', root: root.path, project: config, file };
				await commands.executeCommand('perch.checkDrift', target);
				return {};
			});
			return {
				async show() {
					const { version: _, root: __, text: ___, sort: ____, ...about } = state();
					const { current, project, deployment } = about;
					const history = await root.connection.request('drift/history', {
						...(current !== undefined && { current }),
						...(project !== undefined && { project }),
						...(deployment !== undefined && { deployment }),
					});
					channel.notify(show, { root: root.path, readOnly: readOnly(), ...about, history });
				},
			};
		},
	};
}
