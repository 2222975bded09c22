/** A run as something to be changed and trained: its perch.yaml with the params that it had, or one for its data file. */
import { existsSync } from 'node:fs';
import { Range, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import { PerchError } from '../../daemon/protocol/errors.ts';
import type { Result } from '../../daemon/protocol/methods.ts';
import { projectForFile, withParams } from './runParams.ts';

type Detail = Result<'runs/show'>;

/** Whether what started a run is still there. */
export function isClonable({ source }: Detail): boolean {
	return source !== null && existsSync(source);
}

/** Shows it, unsaved. */
export async function openClone(detail: Detail): Promise<void> {
	const { source, run } = detail;
	if (source === null || !isClonable(detail)) {
		throw new PerchError('file_not_found', 'What started this run is not where it was.');
	}
	if (!/\.ya?ml$/i.test(source)) {
		const content = projectForFile(source, run.experiment, run.params);
		await window.showTextDocument(await workspace.openTextDocument({ language: 'yaml', content }));
		return;
	}
	const document = await workspace.openTextDocument(Uri.file(source));
	const text = document.getText();
	const isTrial = run.tags['mlflow.parentRunId'] !== undefined;
	const next = withParams(text, run.params, { keepTuning: !isTrial });
	if (next !== text) {
		const edit = new WorkspaceEdit();
		edit.replace(document.uri, new Range(document.positionAt(0), document.positionAt(text.length)), next);
		await workspace.applyEdit(edit);
	}
	await window.showTextDocument(document);
}
