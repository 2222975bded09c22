/** What the tests in the extension host read of the window and of the daemon that it uses. */
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { type CodeLens, commands, type Extension, extensions, Uri, window, workspace } from 'vscode';
import { type Client, connect } from '../../../daemon/client/connect.ts';
import { until } from './until.ts';

export function extension(): Extension<unknown> {
	const found = extensions.getExtension('perch.perch');
	assert.ok(found, 'the extension is not here');
	return found;
}

export function folder(): string {
	const [first] = workspace.workspaceFolders ?? [];
	assert.ok(first, 'no folder is open');
	return first.uri.fsPath;
}

export function file(name: string): Uri {
	return Uri.file(join(folder(), name));
}

/** Attaches to the daemon of the folder; never starts one. */
export async function attach(): Promise<Client> {
	const dist = join(extension().extensionPath, 'dist');
	const client = { name: 'suite', version: '0' };
	return until('a daemon runs', () => connect({ root: folder(), dist, client, start: false }).catch(() => undefined));
}

/** The titles of the lenses of a file, as soon as they fit. */
export async function lenses(name: string, fits: (titles: string[]) => boolean): Promise<string[]> {
	const uri = file(name);
	await workspace.openTextDocument(uri);
	let last: string[] = [];
	return until(`lenses of ${name}, not ${JSON.stringify(last)}`, async () => {
		const found = await commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', uri);
		last = found.map(({ command }) => command?.title ?? '');
		return fits(last) ? last : undefined;
	});
}

/** Resolves once a tab of this name is open. */
export async function tab(label: RegExp): Promise<string> {
	return until(`a tab ${label}`, () => {
		const all = window.tabGroups.all.flatMap(({ tabs }) => tabs);
		return all.find((one) => label.test(one.label))?.label;
	});
}
