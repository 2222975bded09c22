import { commands, Uri } from 'vscode';
import type { Result } from '../../daemon/protocol/methods.ts';
import {
	cancel,
	cloneAndEdit,
	openCard,
	openData,
	openJson,
	openModel,
	openParent,
	openTuning,
	type RunState,
	register,
	runState,
	show,
} from '../../webviews/messages/run.ts';
import { change, requireTrust } from '../commands/change.ts';
import { datasetFile } from '../commands/datasetFile.ts';
import { openRunDocument } from '../documents/runDocument.ts';
import { isClonable, openClone } from '../projects/cloneRun.ts';
import type { PanelKind, PanelParts } from './kind.ts';

/** One run: while it is at work with its way, afterwards with what came of it. */
export function runPanel({ roots }: PanelParts): PanelKind<RunState> {
	return {
		viewType: 'perch.run',
		state: runState,
		title: ({ name }) => `Run: ${name}`,
		key: ({ root, id }) => `${root}|${id}`,
		reads: ['runs', 'models'],
		connect({ root, channel, state, readOnly, update }) {
			let last: Result<'runs/show'> | undefined;
			const { connection } = root;
			const about = (id: string) => ({ kind: 'run', root: root.path, id, name: id === state().id ? state().name : id });

			async function send(): Promise<void> {
				const { id } = state();
				const [detail, log, { explanations }] = await Promise.all([
					connection.request('runs/show', { id }),
					connection.request('runs/log', { id }),
					connection.request('runs/explanations', { id }),
				]);
				last = detail;
				if (detail.run.name !== state().name) update({ ...state(), name: detail.run.name });
				const clonable = isClonable(detail);
				channel.notify(show, { root: root.path, readOnly: readOnly(), detail, log, explanations, clonable });
			}

			channel.onRequest(cancel, async () => {
				await change(connection, 'runs/cancel', { id: state().id });
				return {};
			});
			channel.onRequest(cloneAndEdit, async () => {
				requireTrust();
				if (last !== undefined) await openClone(last);
				return {};
			});
			channel.onRequest(register, async () => {
				await commands.executeCommand('perch.registerRun', about(state().id));
				return {};
			});
			channel.onRequest(openCard, async () => {
				const target = { kind: 'version', root: root.path, ...last?.run.model };
				await commands.executeCommand('perch.showCard', target);
				return {};
			});
			channel.onRequest(openModel, async () => {
				const target = { kind: 'model', root: root.path, name: last?.run.model?.name };
				await commands.executeCommand('perch.openRegistry', target);
				return {};
			});
			channel.onRequest(openTuning, async () => {
				await commands.executeCommand('perch.openTuning', about(state().id));
				return {};
			});
			channel.onRequest(openParent, async () => {
				const parent = last?.run.tags['mlflow.parentRunId'];
				if (parent !== undefined) await commands.executeCommand('perch.openTuning', about(parent));
				return {};
			});
			channel.onRequest(openJson, async () => {
				await openRunDocument(root.path, state().id, state().name);
				return {};
			});
			channel.onRequest(openData, async ({ index }) => {
				const source = last?.datasets[index]?.source;
				if (source !== undefined) {
					const file = datasetFile({ kind: 'dataset', root: root.path, source });
					await commands.executeCommand('vscode.open', Uri.file(file), { preview: true });
				}
				return {};
			});
			const told = roots.onTold(({ root: where, value: { name, params } }) => {
				if (where !== root || name !== 'runs/progress' || (params as { id?: unknown }).id !== state().id) return;
				// It may have ended in between: then what changed brings the next picture.
				send().catch(() => undefined);
			});
			return { show: send, dispose: () => told.dispose() };
		},
	};
}
