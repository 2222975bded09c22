import { commands } from 'vscode';
import {
	archive,
	openRun,
	promote,
	type RegistryState,
	registryState,
	restore,
	rollback,
	select,
	show,
} from '../../webviews/messages/registry.ts';
import { change } from '../commands/change.ts';
import type { PanelKind } from './kind.ts';

/** One model: its versions and the history of its changes. */
export const registryPanel: PanelKind<RegistryState> = {
	viewType: 'perch.registry',
	state: registryState,
	title: ({ model }) => `Registry: ${model}`,
	key: ({ root, model }) => `${root}|${model}`,
	reads: ['models', 'deployments'],
	connect({ root, channel, state, update, readOnly }) {
		async function send(): Promise<void> {
			const [{ models }, { model, history }] = await Promise.all([
				root.resources.get('models'),
				root.connection.request('models/show', { name: state().model }),
			]);
			const names = models.map(({ name }) => name).sort();
			channel.notify(show, { root: root.path, readOnly: readOnly(), names, model, history });
		}

		/** The page moves its focus when the answer comes, so the new picture goes first. */
		async function thenShow<T>(work: Promise<T>): Promise<T> {
			const result = await work;
			await send();
			return result;
		}

		channel.onRequest(promote, ({ model, version, reason }) =>
			thenShow(change(root.connection, 'models/promote', { name: model, version, reason })),
		);
		channel.onRequest(rollback, ({ model, reason }) =>
			thenShow(change(root.connection, 'models/rollback', { name: model, reason })),
		);
		channel.onRequest(archive, ({ model, version, reason }) =>
			thenShow(change(root.connection, 'models/archive', { name: model, version, reason })),
		);
		channel.onRequest(restore, ({ model, version, reason }) =>
			thenShow(change(root.connection, 'models/restore', { name: model, version, reason })),
		);
		channel.onRequest(select, async ({ name }) => {
			update({ ...state(), model: name });
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
