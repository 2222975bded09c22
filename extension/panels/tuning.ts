import { commands } from 'vscode';
import { cancel, openRun, show, type TuningState, tuningState } from '../../webviews/messages/tuning.ts';
import { change } from '../commands/change.ts';
import type { PanelKind } from './kind.ts';

/** A tuning and its trials, live while it is at work. */
export const tuningPanel: PanelKind<TuningState> = {
	viewType: 'perch.tuning',
	state: tuningState,
	title: ({ name }) => `Tuning: ${name}`,
	key: ({ root, id }) => `${root}|${id}`,
	reads: ['runs'],
	connect({ root, channel, state, readOnly }) {
		channel.onRequest(cancel, async () => {
			await change(root.connection, 'runs/cancel', { id: state().id });
			return {};
		});
		channel.onRequest(openRun, async ({ id }) => {
			await commands.executeCommand('perch.openRun', { kind: 'run', root: root.path, id, name: id });
			return {};
		});
		return {
			async show() {
				const tuning = await root.connection.request('runs/tuning', { id: state().id });
				channel.notify(show, { root: root.path, readOnly: readOnly(), tuning });
			},
		};
	},
};
