/** Answers of a model to the rows of a file. */
import { basename } from 'node:path';
import { commands, Uri, window } from 'vscode';
import { cancelled } from '../failures.ts';
import type { Perch } from '../perch.ts';
import { encodingOf } from '../projects/projectOf.ts';
import { targetOfKind } from '../target.ts';
import { count } from '../words.ts';
import { askVersion } from './ask.ts';
import { dataFile, rootOf } from './data.ts';
import { longWork } from './longWork.ts';

/** Scores a data file with a version of a model into another file, and offers to show it. */
export async function scoreDataset(perch: Perch, argument: unknown): Promise<void> {
	const named = targetOfKind(argument, 'model', 'version');
	const input = await dataFile(argument);
	const target = named ?? { kind: 'folder', root: (await rootOf(perch, input)).path };
	const { root, name, version } = await askVersion(perch, target, ({ status }) => status === 'ready');
	const output = await askOutput(input);
	const { rows, rejected, reasons, quarantined } = await longWork(root, `Scoring ${basename(input)}`, 'predict', {
		...{ model: `${name}/${version}`, input, output },
		...encodingOf(perch.projects.all(), input),
	});
	for (const { row, line, reason } of reasons) {
		perch.log.warn(`${input}, row ${row}${line === null ? '' : ` (line ${line})`}: ${reason}`);
	}
	for (const aside of quarantined) perch.log.warn(`${count(aside.rows, 'row')} of ${aside.file} set aside`);
	const without = rejected === 0 ? '' : `, ${rejected.toLocaleString('en-US')} without an answer (the log says why)`;
	const text = `${basename(output)}: ${count(rows, 'row')} scored with ${name} v${version}${without}.`;
	const open = 'Open';
	const told = rejected === 0 ? window.showInformationMessage(text, open) : window.showWarningMessage(text, open);
	if ((await told) === open) await commands.executeCommand('perch.openTable', Uri.file(output));
}

/** Where the answers go: beside the file, as the kind of file that it is, unless the user says otherwise. */
async function askOutput(input: string): Promise<string> {
	const [, stem = input, kind = ''] =
		/^(.*?)\.(csv|tsv|txt|json|jsonl|ndjson|parquet)(?:\.(?:gz|zst))?$/i.exec(input) ?? [];
	const ending = kind === 'parquet' ? 'parquet' : kind.startsWith('json') || kind === 'ndjson' ? 'jsonl' : 'csv';
	const chosen = await window.showSaveDialog({
		title: 'Where the answers go',
		defaultUri: Uri.file(`${stem}.scores.${ending}`),
		filters: { CSV: ['csv'], Parquet: ['parquet'], 'JSON lines': ['jsonl'] },
	});
	if (chosen === undefined) throw cancelled();
	return chosen.fsPath;
}
