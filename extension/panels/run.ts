import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { commands, Range, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import { PerchError } from '../../daemon/protocol/errors.ts';
import type { Result } from '../../daemon/protocol/methods.ts';
import {
	cancel,
	cloneAndEdit,
	openData,
	openJson,
	openModel,
	type RunState,
	runState,
	show,
} from '../../webviews/messages/run.ts';
import { change, requireTrust } from '../commands/change.ts';
import { datasetFile } from '../commands/datasetFile.ts';
import { openRunDocument } from '../documents/runDocument.ts';
import { withParams } from '../projects/runParams.ts';
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

			async function send(): Promise<void> {
				const { id } = state();
				const [detail, log, { explanations }] = await Promise.all([
					connection.request('runs/show', { id }),
					connection.request('runs/log', { id }),
					connection.request('runs/explanations', { id }),
				]);
				last = detail;
				if (detail.run.name !== state().name) update({ ...state(), name: detail.run.name });
				const project = projectOf(detail);
				channel.notify(show, { root: root.path, readOnly: readOnly(), detail, log, explanations, project });
			}

			channel.onRequest(cancel, async () => {
				await change(connection, 'runs/cancel', { id: state().id });
				return {};
			});
			channel.onRequest(cloneAndEdit, async () => {
				requireTrust();
				if (last !== undefined) await openWithParams(last);
				return {};
			});
			channel.onRequest(openModel, async () => {
				const model = last?.run.model;
				const target = { kind: 'model', root: root.path, name: model?.name };
				if (model !== undefined && model !== null) await commands.executeCommand('perch.openRegistry', target);
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

/** The perch.yaml that a run was started from; null where it was a data file, or is gone. */
function projectOf({ source }: Result<'runs/show'>): string | null {
	return source !== null && basename(source) === 'perch.yaml' && existsSync(source) ? source : null;
}

/** Shows the perch.yaml of a run with the params that it had, unsaved. */
async function openWithParams(detail: Result<'runs/show'>): Promise<void> {
	const file = projectOf(detail);
	if (file === null) throw new PerchError('file_not_found', 'The perch.yaml of this run is not where it was.');
	const document = await workspace.openTextDocument(Uri.file(file));
	const text = document.getText();
	const next = withParams(text, detail.run.params);
	if (next !== text) {
		const edit = new WorkspaceEdit();
		edit.replace(document.uri, new Range(document.positionAt(0), document.positionAt(text.length)), next);
		await workspace.applyEdit(edit);
	}
	await window.showTextDocument(document);
}
