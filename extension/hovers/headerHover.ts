/** Hover over a column's name in the header of a CSV or TSV file: what its values are, and whether they drifted. */
import { type Disposable, Hover, languages, MarkdownString, type TextDocument, workspace } from 'vscode';
import { dataText, recordAt } from '../checks/cellRange.ts';
import { linesOf, rangeOf } from '../checks/diagnostics.ts';
import { mayAsk, type Root } from '../connection/roots.ts';
import { reportsAbout } from '../lenses/titles.ts';
import type { Perch } from '../perch.ts';
import { projectOf } from '../projects/projectOf.ts';
import { type ColumnDrift, type ColumnVerdict, columnDrift, verdictsOf } from './columnDrift.ts';
import { hoverText } from './hoverText.ts';

/** A larger file is not profiled because the mouse came by. */
const largestProfiled = 50_000_000;
const mostKept = 50;

export function explainHeaders(perch: Perch): Disposable {
	const kept = new Map<string, Promise<ReadonlyMap<string, ColumnVerdict>>>();

	function verdicts({ connection }: Root, id: string): Promise<ReadonlyMap<string, ColumnVerdict>> {
		const asked = kept.get(id) ?? connection.request('drift/show', { id }).then(({ report }) => verdictsOf(report));
		kept.set(id, asked);
		asked.catch(() => kept.delete(id));
		for (const oldest of kept.keys()) {
			if (kept.size <= mostKept) break;
			kept.delete(oldest);
		}
		return asked;
	}

	async function driftOf(file: string, column: string): Promise<ColumnDrift | null> {
		const project = projectOf(perch.projects.all(), file);
		const root = project === undefined ? undefined : perch.roots.at(project.root);
		if (project === undefined || root === undefined || !mayAsk(root)) return null;
		const { reports } = await root.resources.get('reports');
		return columnDrift(reportsAbout(reports, project, file), column, (id) => verdicts(root, id));
	}

	async function profileOf({ uri }: TextDocument) {
		const known = await perch.profiles.known(uri.fsPath);
		if (known !== undefined) return known;
		const named = projectOf(perch.projects.all(), uri.fsPath)?.root;
		const root = named === undefined ? undefined : perch.roots.at(named);
		const { size } = await workspace.fs.stat(uri);
		if (root === undefined || !workspace.isTrusted || !mayAsk(root) || size > largestProfiled) return null;
		return perch.profiles.get(root, uri.fsPath);
	}

	return languages.registerHoverProvider(
		{ scheme: 'file', pattern: '**/*.{csv,tsv}' },
		{
			async provideHover(document, position) {
				const lines = linesOf(document);
				const text = dataText(document.uri.path, lines);
				if (text?.kind !== 'csv' || position.line < text.header) return undefined;
				const { fields, next } = recordAt(lines, text.header, text.delimiter);
				const index = position.line >= next ? -1 : fields.findIndex((field) => rangeOf(field).contains(position));
				const field = fields[index];
				if (field === undefined) return undefined;
				await perch.roots.found;
				const quiet = (error: unknown) => {
					perch.log.debug(`${document.uri.fsPath}: a hover is not complete: ${String(error)}`);
					return null;
				};
				const profile = await profileOf(document).catch(quiet);
				const own = profile?.columns[index] ?? null;
				const drift = await driftOf(document.uri.fsPath, own?.column ?? field.value).catch(quiet);
				if (own === null && drift === null) return undefined;
				const said = new MarkdownString(hoverText(field.value, own, drift, Date.now()), true);
				if (drift !== null) {
					const root = projectOf(perch.projects.all(), document.uri.fsPath)?.root ?? '';
					const target = encodeURIComponent(JSON.stringify([{ kind: 'report', root, id: drift.report.id }]));
					said.isTrusted = { enabledCommands: ['perch.openDriftReport'] };
					said.appendMarkdown(`\n\n[Open report](command:perch.openDriftReport?${target})`);
				}
				return new Hover(said, rangeOf(field));
			},
		},
	);
}
