/** Hover over a column's name in the header of a CSV or TSV file: what its values are, and whether they drifted. */
import { setTimeout as wait } from 'node:timers/promises';
import { type Disposable, Hover, languages, MarkdownString, type TextDocument, workspace } from 'vscode';
import { dataText, recordAt } from '../checks/cellRange.ts';
import { linesOf, rangeOf } from '../checks/diagnostics.ts';
import { mayAsk } from '../connection/roots.ts';
import { followed, reportAbout } from '../lenses/titles.ts';
import type { Perch } from '../perch.ts';
import { projectOf } from '../projects/projectOf.ts';
import { type ColumnDrift, columnDrift } from './columnDrift.ts';
import { hoverText } from './hoverText.ts';

/** A larger file is not profiled because the mouse came by. */
const largestProfiled = 50_000_000;
/** A hover says what is known after so many ms; a wide file takes longer to be looked at, and goes on. */
const patience = 2000;

export function explainHeaders(perch: Perch): Disposable {
	async function driftOf(file: string, column: string): Promise<ColumnDrift | null> {
		const project = projectOf(perch.projects.all(), file);
		const root = project === undefined ? undefined : perch.roots.at(project.root);
		if (project === undefined || root === undefined || !mayAsk(root)) return null;
		const { reports } = await root.resources.get('reports');
		if (reportAbout(reports, project, file) === undefined) return null;
		const which = followed(reports, project, file);
		return columnDrift(await root.connection.request('drift/history', { ...which, column }));
	}

	async function profileOf({ uri }: TextDocument) {
		const known = await perch.profiles.known(uri.fsPath);
		if (known !== undefined) return known;
		const named = projectOf(perch.projects.all(), uri.fsPath)?.root;
		const root = named === undefined ? undefined : perch.roots.at(named);
		const { size } = await workspace.fs.stat(uri);
		if (root === undefined || !workspace.isTrusted || !mayAsk(root) || size > largestProfiled) return null;
		return Promise.race([perch.profiles.get(root, uri.fsPath), wait(patience, 'later' as const)]);
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
				const later = profile === 'later';
				const own = later ? null : (profile?.columns[index] ?? null);
				const drift = await driftOf(document.uri.fsPath, own?.column ?? field.value).catch(quiet);
				if (own === null && drift === null && !later) return undefined;
				const said = new MarkdownString(hoverText(field.value, own, drift, Date.now()), true);
				if (later) said.appendMarkdown('\n\nIts values are being looked at.');
				if (drift !== null) {
					const root = projectOf(perch.projects.all(), document.uri.fsPath)?.root ?? '';
					const target = encodeURIComponent(JSON.stringify([{ kind: 'report', root, id: drift.newest.report }]));
					said.isTrusted = { enabledCommands: ['perch.openDriftReport'] };
					said.appendMarkdown(`\n\n[Open report](command:perch.openDriftReport?${target})`);
				}
				return new Hover(said, rangeOf(field));
			},
		},
	);
}
