import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import {
	type CodeAction,
	commands,
	type Diagnostic,
	type Hover,
	languages,
	type MarkdownString,
	Position,
	TabInputCustom,
	window,
	workspace,
} from 'vscode';
import type { Client } from '../../../daemon/client/connect.ts';
import { until } from './until.ts';
import { attach, file, folder, lenses, tab } from './window.ts';

const rooms = () => file('rooms/rooms.csv');
const project = () => file('rooms/perch.yaml');

/** Sixty rooms, of which two fail a check. */
const text = `id,"city, state",price\n${Array.from({ length: 60 }, (_, at) => {
	const city = at === 3 ? '"Rome, ""IT"""' : '"Oslo"';
	return `${at},${city},${at === 7 ? 9000 : 100 + at}\n`;
}).join('')}`;

const checks = `name: rooms
data: {source: rooms.csv, current: rooms.csv}
checks:
  - {column: "city, state", allowed: [Oslo]} # so far
  - {column: price, max: 1000, severity: warn}
model: {type: isolation_forest}
register: {as: rooms}
`;

async function textOf(uri: ReturnType<typeof file>): Promise<string> {
	return new TextDecoder().decode(await workspace.fs.readFile(uri));
}

/** The squiggles of the file, as soon as there are so many. */
function squiggles(many: number): Promise<Diagnostic[]> {
	return until(`${many} squiggles`, () => {
		const found = languages.getDiagnostics(rooms());
		return found.length === many ? found : undefined;
	});
}

/** Does what the quick fix with this title does. */
async function fix({ range }: Diagnostic, title: RegExp): Promise<void> {
	const actions = await commands.executeCommand<CodeAction[]>('vscode.executeCodeActionProvider', rooms(), range);
	const chosen = actions.find((action) => title.test(action.title));
	assert.ok(chosen?.edit && chosen.command, `${title} among ${actions.map((action) => action.title)}`);
	assert.ok(await workspace.applyEdit(chosen.edit));
	await commands.executeCommand(chosen.command.command, ...(chosen.command.arguments ?? []));
}

/** Data files in the editor: squiggles and their fixes, hovers, tables. */
export function data(): void {
	describe('with a data file', function () {
		this.bail(true);
		let client: Client;

		before(async () => {
			await workspace.fs.writeFile(rooms(), new TextEncoder().encode(text));
			await workspace.fs.writeFile(project(), new TextEncoder().encode(checks));
			client = await attach();
		});
		after(() => client.close());

		it('marks the cells that fail, to the character', async () => {
			const document = await workspace.openTextDocument(rooms());
			await window.showTextDocument(document);
			const [city, price] = await squiggles(2);
			assert.ok(city && price);
			assert.equal(document.getText(city.range), '"Rome, ""IT"""');
			assert.deepEqual(city.range.start, new Position(4, 2));
			assert.equal(document.getText(price.range), '9000');
			assert.deepEqual([city.severity, price.severity, price.code], [0, 1, 'max']);
		});

		it('says above the file how its checks stand', async () => {
			const titles = await lenses('rooms/rooms.csv', (found) =>
				found.some((title) => /checks do not hold/.test(title)),
			);
			assert.ok(
				titles.some((title) => title.endsWith('2 of 2 checks do not hold')),
				titles.join(),
			);
			assert.ok(titles.some((title) => title.endsWith('Profile')));
		});

		it('allows a value in perch.yaml, whose comments stay', async () => {
			const [city] = await squiggles(2);
			assert.ok(city);
			await fix(city, /^Allow "Rome/);
			await commands.executeCommand('perch.refresh');
			assert.equal(await textOf(project()), checks.replace('[Oslo]', '[Oslo, "Rome, \\"IT\\""]'));
			await squiggles(1);
		});

		it('moves a row to quarantine, and loses nothing', async () => {
			const [price] = await squiggles(1);
			assert.ok(price);
			await fix(price, /quarantine/);
			await squiggles(0);
			assert.equal(await textOf(rooms()), text.replace('7,"Oslo",9000\n', ''));
			const aside = JSON.parse(await textOf(file('rooms/rooms.csv.moved.quarantine.jsonl')));
			assert.deepEqual([aside.line, aside.column, aside.text], [9, 'price', '7,"Oslo",9000']);
		});

		it('explains a column at its name in the header', async () => {
			const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', rooms(), new Position(0, 6));
			const said = hovers.flatMap(({ contents }) => contents.map((one) => (one as MarkdownString).value)).join('\n');
			assert.match(said, /\*\*city, state\*\* · string · 0 % null · 2 distinct/);
			const below = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', rooms(), new Position(2, 6));
			assert.deepEqual(below, []);
		});

		it('says since when a column has drifted', async () => {
			const hovers = await commands.executeCommand<Hover[]>(
				'vscode.executeHoverProvider',
				(await workspace.openTextDocument(file('data/shifted.csv'))).uri,
				new Position(0, 22),
			);
			const said = hovers.flatMap(({ contents }) => contents.map((one) => (one as MarkdownString).value)).join('\n');
			assert.match(said, /\*\*Drifted\*\* against train\\\.csv.* since just now/s);
		});

		it('follows the drift of a file over its reports', async () => {
			const target = {
				kind: 'data',
				root: folder(),
				project: file('perch.yaml').fsPath,
				file: file('data/shifted.csv').fsPath,
			};
			await commands.executeCommand('perch.showDriftHistory', target);
			await tab(/^Drift history: shifted\.csv$/);
		});

		it('stays of use with five thousand columns', async () => {
			const names = Array.from({ length: 5000 }, (_, at) => `c${at}`);
			const rows = Array.from({ length: 20 }, (_, row) => names.map((_name, at) => (row * 31 + at * 7) % 101).join());
			await workspace.fs.writeFile(file('wide/wide.csv'), new TextEncoder().encode(`${names}\n${rows.join('\n')}\n`));
			const yaml = 'name: wide\ndata: {source: wide.csv}\nchecks: [{column: c4999, max: 50}]\n';
			await workspace.fs.writeFile(file('wide/perch.yaml'), new TextEncoder().encode(yaml));
			const wide = file('wide/wide.csv');
			const titles = await lenses('wide/wide.csv', (found) => found.some((title) => title.endsWith('Profile')));
			assert.ok(
				titles.some((title) => title.startsWith('reference wide.csv')),
				titles.join(),
			);
			const at = new Position(0, names.slice(0, 4998).join().length + 3);
			const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', wide, at);
			const said = hovers.flatMap(({ contents }) => contents.map((one) => (one as MarkdownString).value)).join('\n');
			assert.match(said, /^\*\*c4998\*\*/);
			await commands.executeCommand('perch.openTable', wide);
			await until('the wide table', () =>
				window.tabGroups.all
					.flatMap(({ tabs }) => tabs)
					.find(({ input }) => input instanceof TabInputCustom && input.uri.path === wide.path),
			);
		});

		it('names a reference in perch.yaml', async () => {
			const target = { kind: 'data', root: folder(), project: project().fsPath, file: file('data/train.csv').fsPath };
			void commands.executeCommand('perch.setReference', target); // it ends when its message is answered
			await until('the reference', async () =>
				(await textOf(project())).endsWith('drift: {reference: ../data/train.csv}\n') ? true : undefined,
			);
		});

		it('shows the profile of a file', async () => {
			const target = { kind: 'data', root: folder(), project: project().fsPath, file: rooms().fsPath };
			await commands.executeCommand('perch.profileDataset', target);
			await tab(/^Profile: rooms\.csv$/);
		});

		it('opens Parquet as a table, and text on request', async () => {
			await client.request('simulate/data', { spec: 'simulate/train.yaml', output: 'data/train.parquet' });
			const opened = (viewType: string) =>
				until(`a table ${viewType}`, () =>
					window.tabGroups.all
						.flatMap(({ tabs }) => tabs)
						.find(({ input }) => input instanceof TabInputCustom && input.viewType === viewType),
				);
			await commands.executeCommand('vscode.open', file('data/train.parquet'));
			await opened('perch.table');
			await commands.executeCommand('perch.openTable', rooms());
			await opened('perch.textTable');
		});
	});
}
