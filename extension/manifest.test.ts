import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandIds, commandTable } from './commands/table.ts';
import { contextKeys } from './contextKeys.ts';
import { bundles } from './panels/bundles.ts';

const root = join(import.meta.dirname, '..');

interface MenuEntry {
	command: string;
	when?: string;
}

interface Manifest {
	icon: string;
	activationEvents: string[];
	capabilities: { untrustedWorkspaces: { supported: string; description: string; restrictedConfigurations: string[] } };
	contributes: {
		commands: { command: string; title: string; category: string; enablement?: string }[];
		menus: Record<string, MenuEntry[]>;
		viewsContainers: Record<string, { id: string; icon: string }[]>;
		views: Record<string, { id: string; name: string; icon: string }[]>;
		customEditors: { viewType: string; displayName: string }[];
		viewsWelcome: { view: string; contents: string; when: string }[];
		configuration: { properties: Record<string, { default: unknown; markdownDescription?: string }> }[];
		walkthroughs: {
			id: string;
			steps: { id: string; description: string; media: { markdown: string }; completionEvents: string[] }[];
		}[];
	};
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const { commands, menus, views, viewsContainers, viewsWelcome, configuration, walkthroughs, customEditors } =
	manifest.contributes;
const ids = commands.map(({ command }) => command);
const viewIds = Object.values(views)
	.flat()
	.map(({ id }) => id);
const settings = Object.assign({}, ...configuration.map(({ properties }) => properties)) as Record<
	string,
	{ default: unknown; markdownDescription?: string }
>;
/** `command:` links in Markdown. */
const links = (text: string) => [...text.matchAll(/\(command:([\w.]+)/g)].map(([, id]) => id ?? '');
const ours = (id: string) => id.startsWith('perch.');

describe('the manifest', () => {
	it('contributes the commands that the extension registers, and no other', () => {
		assert.deepEqual([...ids].sort(), [...commandIds].sort());
		for (const { category, title } of commands) assert.equal(category, 'Perch', title);
	});

	it('greys out what runs or changes something in Restricted Mode, and nothing else', () => {
		for (const { command, enablement } of commands) {
			const trust = commandTable[command as keyof typeof commandTable] === 'trust';
			assert.equal(enablement?.includes('isWorkspaceTrusted') === true, trust, command);
		}
	});

	it('has menus, welcome views and walkthrough steps of existing commands and views alone', () => {
		const entries = Object.values(menus).flat();
		const texts = [
			...viewsWelcome.map(({ contents }) => contents),
			...walkthroughs.flatMap(({ steps }) => steps.map(({ description }) => description)),
		];
		const named = [...entries.map(({ command }) => command), ...texts.flatMap(links).filter(ours)];
		assert.ok(entries.length > 20);
		assert.deepEqual(
			named.filter((id) => !ids.includes(id)),
			[],
		);
		for (const { view } of viewsWelcome) assert.ok(viewIds.includes(view), view);
		for (const { when = '' } of entries) {
			for (const [, view = ''] of when.matchAll(/view == ([\w.]+)/g)) assert.ok(viewIds.includes(view), view);
		}
	});

	it('asks only for context keys that are set', () => {
		const clauses = [
			...Object.values(menus)
				.flat()
				.map(({ when = '' }) => when),
			...viewsWelcome.map(({ when }) => when),
			...walkthroughs.flatMap(({ steps }) => steps.flatMap(({ completionEvents }) => completionEvents)),
		];
		const asked = clauses.flatMap((clause) => [...clause.matchAll(/perch\.(?!yaml)\w+/g)].map(([key]) => key));
		const known = [...contextKeys, ...viewIds] as string[];
		assert.deepEqual(
			[...new Set(asked)].filter((key) => !known.includes(key)),
			[],
		);
	});

	it('hides from the palette only what another menu offers', () => {
		const { commandPalette = [], ...others } = menus;
		const offered = Object.values(others)
			.flat()
			.map(({ command }) => command);
		const hidden = commandPalette.filter(({ when }) => when === 'false').map(({ command }) => command);
		assert.ok(hidden.length > 0);
		assert.deepEqual(
			hidden.filter((command) => !offered.includes(command)),
			[],
		);
	});

	it('has fewer than twenty settings, each described, and the code reads those and no other', () => {
		const keys = Object.keys(settings);
		assert.ok(keys.length < 20);
		for (const [key, { markdownDescription = '', default: fallback }] of Object.entries(settings)) {
			assert.ok(markdownDescription.length > 20, key);
			assert.notEqual(fallback, undefined, key);
		}
		const source = readFileSync(join(root, 'extension/settings.ts'), 'utf8');
		const read = [...source.matchAll(/^\t'?([\w.]+)'?: .*;$/gm)].map(([, key]) => `perch.${key}`);
		assert.deepEqual(read.sort(), keys.sort());
		for (const key of manifest.capabilities.untrustedWorkspaces.restrictedConfigurations)
			assert.ok(keys.includes(key), key);
	});

	it('has a walkthrough of five steps, each with an event that completes it', () => {
		const [walkthrough] = walkthroughs;
		assert.equal(walkthrough?.steps.length, 5);
		for (const { id, completionEvents, description } of walkthrough?.steps ?? []) {
			assert.ok(links(description).length > 0, id);
			assert.ok(completionEvents.length > 0, id);
			for (const event of completionEvents) {
				const [kind = '', what = ''] = event.split(':');
				const known: Record<string, readonly string[]> = {
					onCommand: ids,
					onContext: contextKeys,
					onView: viewIds,
					onSettingChanged: Object.keys(settings),
				};
				for (const part of what.split(' && ')) assert.ok(known[kind]?.includes(part), `${id}: ${event}`);
			}
		}
	});

	it('names only files that are there', () => {
		const files = [
			manifest.icon,
			...Object.values(viewsContainers)
				.flat()
				.map(({ icon }) => icon),
			...Object.values(views)
				.flat()
				.map(({ icon }) => icon),
			...walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown)),
			'media/panelLight.svg',
			'media/panelDark.svg',
		];
		assert.deepEqual(
			files.filter((file) => !existsSync(join(root, file))),
			[],
		);
		assert.deepEqual([...readFileSync(join(root, manifest.icon)).subarray(1, 4)], [...Buffer.from('PNG')]);
	});

	it('wakes the extension for every panel that may come back', () => {
		const woken = manifest.activationEvents.filter((event) => event.startsWith('onWebviewPanel:'));
		const editors = customEditors.map(({ viewType }) => viewType); // these wake it by themselves
		assert.deepEqual(
			woken.sort(),
			Object.keys(bundles)
				.filter((type) => !editors.includes(type))
				.map((type) => `onWebviewPanel:${type}`)
				.sort(),
		);
	});
});
