/** What can be done with a data file. */
import { commands, Uri, window } from 'vscode';
import type { Perch } from '../perch.ts';
import { targetOfKind } from '../target.ts';
import { askDataFile } from './ask.ts';

/** The data file that a target, the explorer or the editor in front names, else one that is chosen. */
async function dataFile(argument: unknown): Promise<string> {
	const target = targetOfKind(argument, 'data');
	if (target !== undefined) return target.file;
	const open = window.activeTextEditor?.document.uri;
	const named = argument instanceof Uri || open === undefined || !/\.(csv|tsv|jsonl?|ndjson)$/.test(open.path);
	return askDataFile(named ? argument : open);
}

/** Opens a data file as a table, whatever editor it has by default. */
export async function openTable(_perch: Perch, argument: unknown): Promise<void> {
	const file = await dataFile(argument);
	await commands.executeCommand(
		'vscode.openWith',
		Uri.file(file),
		file.endsWith('.parquet') ? 'perch.table' : 'perch.textTable',
	);
}
