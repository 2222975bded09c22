/** perch.yaml in the editor: completion, hovers, squiggles and their fixes, all from its one schema. */
import {
	CodeAction,
	CodeActionKind,
	CompletionItem,
	CompletionItemKind,
	Diagnostic,
	DiagnosticSeverity,
	type Disposable,
	type DocumentSelector,
	Hover,
	languages,
	MarkdownString,
	Range,
	type TextDocument,
	WorkspaceEdit,
	workspace,
} from 'vscode';
import type { Perch } from '../perch.ts';
import type { TextChange } from '../projects/editProject.ts';
import { escapeMarkdown } from '../words.ts';
import { examineText, type Fault } from './examine.ts';
import { parseText } from './place.ts';
import { createProjectColumns } from './projectColumns.ts';
import { explainAt, type Suggestion, suggestAt } from './suggest.ts';

const selector: DocumentSelector = { scheme: 'file', pattern: '**/perch.yaml' };
/** Text is looked at when nobody has written for so many ms. */
const rest = 300;

const kinds: Record<Suggestion['kind'], CompletionItemKind> = {
	key: CompletionItemKind.Property,
	value: CompletionItemKind.EnumMember,
	column: CompletionItemKind.Field,
};

export function supportProjectFiles(perch: Perch): Disposable[] {
	const columns = createProjectColumns(perch);
	const diagnostics = languages.createDiagnosticCollection('perch.yaml');
	const faults = new WeakMap<Diagnostic, Fault>();
	const waiting = new Map<string, NodeJS.Timeout>();
	const isProject = (document: TextDocument) => languages.match(selector, document) > 0;
	const rangeOf = (document: TextDocument, { from, to }: { from: number; to: number }) =>
		new Range(document.positionAt(from), document.positionAt(to));

	async function examine(document: TextDocument): Promise<void> {
		const { version } = document;
		const text = document.getText();
		const known = await columns.of(document.uri.fsPath, text).catch(() => null);
		if (document.isClosed || document.version !== version) return;
		diagnostics.set(
			document.uri,
			examineText(text, known).map((fault) => {
				const found = new Diagnostic(rangeOf(document, fault), fault.message, DiagnosticSeverity.Error);
				found.source = 'perch';
				faults.set(found, fault);
				return found;
			}),
		);
	}

	function soon(document: TextDocument): void {
		if (!isProject(document)) return;
		const key = document.uri.toString();
		clearTimeout(waiting.get(key));
		const timer = setTimeout(() => {
			waiting.delete(key);
			examine(document).catch((error: unknown) => perch.log.debug(`${key} was not examined: ${String(error)}`));
		}, rest);
		waiting.set(key, timer);
	}

	for (const document of workspace.textDocuments) soon(document);
	return [
		diagnostics,
		workspace.onDidOpenTextDocument(soon),
		workspace.onDidChangeTextDocument(({ document }) => soon(document)),
		workspace.onDidCloseTextDocument(({ uri }) => diagnostics.delete(uri)),
		{ dispose: () => waiting.forEach(clearTimeout) },
		languages.registerCompletionItemProvider(
			selector,
			{
				async provideCompletionItems(document, position) {
					const text = document.getText();
					const known = await columns.of(document.uri.fsPath, text).catch(() => null);
					const found = suggestAt(text, document.offsetAt(position), known ?? []);
					return (found?.items ?? []).map((one, index) => {
						const item = new CompletionItem({ label: one.label, description: one.detail }, kinds[one.kind]);
						item.insertText = one.insert;
						item.sortText = String(index).padStart(4, '0');
						if (found !== null) item.range = rangeOf(document, found);
						if (one.about !== '') item.documentation = one.about;
						return item;
					});
				},
			},
			...[':', ' ', '{', '[', ','],
		),
		languages.registerHoverProvider(selector, {
			provideHover(document, position) {
				const text = document.getText();
				const found = explainAt(text, document.offsetAt(position), parseText(text).toJS());
				if (found === null) return undefined;
				const head = [`**${escapeMarkdown(found.name)}**`, escapeMarkdown(found.type)].filter((part) => part !== '');
				const told = found.fallback === undefined ? [] : [`Unless told: \`${JSON.stringify(found.fallback)}\``];
				const said = [head.join(' · '), escapeMarkdown(found.about), ...told].filter((part) => part !== '');
				return new Hover(new MarkdownString(said.join('\n\n')), rangeOf(document, found));
			},
		}),
		languages.registerCodeActionsProvider(
			selector,
			{
				provideCodeActions: (document, _range, { diagnostics: asked }) =>
					(diagnostics.get(document.uri) ?? [])
						.filter((one) => asked.some(({ message, range }) => message === one.message && range.isEqual(one.range)))
						.flatMap((one) => fixesOf(document, one, faults.get(one))),
			},
			{ providedCodeActionKinds: [CodeActionKind.QuickFix] },
		),
	];
}

function fixesOf(document: TextDocument, diagnostic: Diagnostic, fault: Fault | undefined): CodeAction[] {
	const action = (title: string, range: Range, text: string) => {
		const made = new CodeAction(title, CodeActionKind.QuickFix);
		made.diagnostics = [diagnostic];
		made.edit = new WorkspaceEdit();
		made.edit.replace(document.uri, range, text);
		return made;
	};
	const rangeOf = ({ from, to }: TextChange) => new Range(document.positionAt(from), document.positionAt(to));
	return [
		...(fault?.instead ?? []).map((text) => action(`Change to ${text}`, diagnostic.range, text)),
		...(fault?.fixes ?? []).map(({ title, change }) => action(title, rangeOf(change), change.text)),
	];
}
