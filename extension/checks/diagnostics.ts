/** Failing checks as squiggles on the exact cells of a text file. */
import {
	Diagnostic,
	DiagnosticSeverity,
	type Disposable,
	languages,
	Range,
	type TextDocument,
	Uri,
	workspace,
} from 'vscode';
import type { CheckResult } from '../../daemon/protocol/checks.ts';
import type { Log } from '../log.ts';
import { cellSpan, type DataText, dataText, type Lines, type Span } from './cellRange.ts';
import type { Checks, Found } from './checks.ts';

/** A squiggle, and the failing row that it stands for; `example` is absent where a check fails the whole file. */
export interface Finding {
	readonly diagnostic: Diagnostic;
	readonly check: CheckResult;
	readonly example?: CheckResult['examples'][number];
}

export interface Diagnostics extends Disposable {
	findings(uri: Uri): readonly Finding[];
}

/** A larger file is not held in the memory of the editor for its squiggles. */
const largestText = 50_000_000;

export function linesOf(document: TextDocument): Lines {
	return { count: document.lineCount, at: (line) => document.lineAt(line).text };
}

export function rangeOf({ start, end }: Span): Range {
	return new Range(start.line, start.character, end.line, end.character);
}

export function showDiagnostics(checks: Checks, log: Log): Diagnostics {
	const collection = languages.createDiagnosticCollection('perch');
	const known = new Map<string, readonly Finding[]>();

	async function show(file: string): Promise<void> {
		const found = checks.at(file);
		const uri = Uri.file(file);
		const findings = found === undefined ? [] : await findingsOf(uri, found);
		if (checks.at(file) !== found) return;
		known.set(uri.toString(), findings);
		collection.set(
			uri,
			findings.map(({ diagnostic }) => diagnostic),
		);
	}

	const listening = checks.onChange((file) => {
		show(file).catch((error: unknown) => log.debug(`${file}: no squiggles: ${String(error)}`));
	});
	return {
		findings: (uri) => known.get(uri.toString()) ?? [],
		dispose() {
			listening.dispose();
			collection.dispose();
		},
	};
}

async function findingsOf(uri: Uri, { report }: Found): Promise<Finding[]> {
	const failing = report.checks.filter(({ passed }) => !passed);
	if (failing.length === 0) return [];
	const { size } = await workspace.fs.stat(uri);
	const isText = /\.(csv|tsv|txt|jsonl?|ndjson)$/i.test(uri.path) && size <= largestText;
	const document = isText ? await workspace.openTextDocument(uri) : null;
	const lines: Lines = document === null ? { count: 0, at: () => '' } : linesOf(document);
	const text = dataText(uri.path, lines);
	return failing.flatMap((check) => {
		const inFile = check.examples.filter(({ file }) => file === undefined || file === uri.fsPath);
		if (inFile.length === 0) {
			return [{ check, diagnostic: diagnosticOf(check, headRange(text, lines, check.column), check.message ?? '') }];
		}
		return inFile.map((example) => {
			const line = (example.line ?? 1) - 1;
			const span = text === null ? null : cellSpan(text, lines, line, example.column, example.value);
			const range = span === null ? new Range(line, 0, line, 1000) : rangeOf(span);
			const value = example.value === null ? 'empty' : JSON.stringify(example.value);
			return { check, example, diagnostic: diagnosticOf(check, range, `${example.column} is ${value}`) };
		});
	});
}

/** The cell of a column in the header, for what is wrong with the file as a whole. */
function headRange(text: DataText | null, lines: Lines, column: string | null): Range {
	if (text?.kind !== 'csv' || column === null) return new Range(0, 0, 0, 1000);
	return rangeOf(
		cellSpan(text, lines, text.header, column, null) ?? {
			start: { line: 0, character: 0 },
			end: { line: 0, character: 0 },
		},
	);
}

function diagnosticOf({ check, severity, rule }: CheckResult, range: Range, found: string): Diagnostic {
	const level = severity === 'fail' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning;
	const diagnostic = new Diagnostic(range, found === '' ? `Check: ${check}` : `${found}. Check: ${check}`, level);
	diagnostic.source = 'Perch';
	diagnostic.code = rule;
	return diagnostic;
}
