/** What can be done about a cell that fails a check: allow its value, or set its row aside. */
import {
	CodeAction,
	CodeActionKind,
	type CodeActionProvider,
	commands,
	type Disposable,
	languages,
	Range,
	type TextDocument,
	Uri,
	WorkspaceEdit,
	workspace,
} from 'vscode';
import { addAllowed } from '../projects/editProject.ts';
import { dataText, rowLines } from './cellRange.ts';
import type { Checks, Found } from './checks.ts';
import { type Diagnostics, type Finding, linesOf } from './diagnostics.ts';

/** Saves what a fix has changed, so that the file is looked at again. */
const saveCommand = '_perch.save';

/** Rows that were moved out of a file lie beside it, a JSON object a line, under a name that no reader takes for data. */
export function asideOf(file: string): string {
	return `${file}.moved.quarantine.jsonl`;
}

export function offerQuickFixes(checks: Checks, diagnostics: Diagnostics): Disposable[] {
	const provider: CodeActionProvider = {
		async provideCodeActions(document, _range, context) {
			const found = checks.at(document.uri.fsPath);
			if (found === undefined || document.isDirty || !workspace.isTrusted) return [];
			const marked = diagnostics
				.findings(document.uri)
				.filter(({ diagnostic }) =>
					context.diagnostics.some((one) => one.message === diagnostic.message && one.range.isEqual(diagnostic.range)),
				);
			const actions = await Promise.all(
				marked.flatMap((finding) => [allow(found, finding), setAside(document, finding)]),
			);
			return actions.filter((action) => action !== null);
		},
	};
	return [
		languages.registerCodeActionsProvider({ scheme: 'file', pattern: '**/*.{csv,tsv,json,jsonl,ndjson}' }, provider, {
			providedCodeActionKinds: [CodeActionKind.QuickFix],
		}),
		commands.registerCommand(saveCommand, async (...files: string[]) => {
			for (const file of files) await (await workspace.openTextDocument(Uri.file(file))).save();
		}),
	];
}

function fix(title: string, { diagnostic }: Finding, edit: WorkspaceEdit, ...changed: string[]): CodeAction {
	const action = new CodeAction(title, CodeActionKind.QuickFix);
	action.diagnostics = [diagnostic];
	action.edit = edit;
	action.command = { command: saveCommand, title: 'Save', arguments: changed };
	return action;
}

async function allow({ project }: Found, finding: Finding): Promise<CodeAction | null> {
	const { check, example } = finding;
	if (check.rule !== 'allowed' || check.column === null || example === undefined || example.value === null) return null;
	const document = await workspace.openTextDocument(Uri.file(project.file));
	const change = addAllowed(document.getText(), check.index, check.column, example.value);
	if (change === null) return null;
	const edit = new WorkspaceEdit();
	const range = new Range(document.positionAt(change.from), document.positionAt(change.to));
	edit.replace(document.uri, range, change.text);
	const title = `Allow ${JSON.stringify(example.value)} in ${check.column} (perch.yaml)`;
	return fix(title, finding, edit, project.file);
}

async function setAside(document: TextDocument, finding: Finding): Promise<CodeAction | null> {
	const { check, example } = finding;
	const lines = linesOf(document);
	const text = dataText(document.uri.path, lines);
	if (example === undefined || example.line === null || text === null || /\.json$/i.test(document.uri.path))
		return null;
	const { first, next } = rowLines(text, lines, example.line - 1);
	const row = Array.from({ length: next - first }, (_, at) => lines.at(first + at)).join('\n');
	const edit = new WorkspaceEdit();
	const file = asideOf(document.uri.fsPath);
	const aside = Uri.file(file);
	const record = { line: example.line, row: example.row, column: example.column, reason: check.check, text: row };
	const there = await workspace.openTextDocument(aside).then(
		(kept) => kept,
		() => undefined,
	);
	edit.createFile(aside, { ignoreIfExists: true });
	edit.insert(
		aside,
		there?.lineAt(there.lineCount - 1).range.end ?? document.positionAt(0),
		`${JSON.stringify(record)}\n`,
	);
	const last = next >= document.lineCount;
	const from = last && first > 0 ? document.lineAt(first - 1).range.end : document.lineAt(first).range.start;
	const to = last ? document.lineAt(document.lineCount - 1).range.end : document.lineAt(next).range.start;
	edit.delete(document.uri, new Range(from, to));
	// What is moved is saved where it arrives first: it is never in neither file.
	return fix('Move this row to quarantine', finding, edit, file, document.uri.fsPath);
}
