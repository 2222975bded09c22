/** What a person sees and does in a window of VS Code. */
import type { Locator, Page } from 'playwright-core';
import { findPanel, type Panel } from './panel.ts';

export type Theme = 'dark' | 'light' | 'high contrast';

/** Classes of the workbench by theme: a window that has just opened has none of them. */
const themeClasses: Record<Theme, string> = {
	dark: 'vscode-theme-defaults-themes-2026-dark-json',
	light: 'vscode-theme-defaults-themes-2026-light-json',
	'high contrast': 'vscode-theme-defaults-themes-hc_black-json',
};

export interface Window {
	page: Page;
	/** Waits until the extension is active: the container alone may be what the window remembers. */
	ready(): Promise<void>;
	theme(theme: Theme): Promise<void>;
	/** Runs a command by its title, from the palette. */
	command(title: string): Promise<void>;
	/** Chooses the entry with this text in the list that a command has opened. */
	choose(text: string | RegExp): Promise<void>;
	/** Types into the box that a command has opened, and confirms. */
	answer(text: string): Promise<void>;
	/** Opens a file by name. */
	openFile(name: string): Promise<void>;
	/** The icon in the activity bar. */
	container: Locator;
	/** Brings the Perch container to the front. */
	openContainer(): Promise<void>;
	/** Draws the border of the side bar to the right, so that rows of trees can be read to their end. */
	widenSideBar(): Promise<void>;
	tree(name: string): Locator;
	item(tree: string, name: string | RegExp): Locator;
	/** The texts of all lenses of the editor in front, once there is one that matches. */
	lenses(match: RegExp): Promise<string[]>;
	/** The first of those lenses. */
	lens(match: RegExp): Locator;
	toast(text: string | RegExp): Locator;
	/** A toast with its buttons and its progress. */
	notification(text: string | RegExp): Locator;
	/** An entry of the list that is open. */
	quickPick(text: string | RegExp): Locator;
	/** Chooses an entry of the context menu of an element. */
	chooseFromMenu(of: Locator, text: string): Promise<void>;
	clearToasts(): Promise<void>;
	statusBar(text: string | RegExp): Locator;
	/** The panel whose tab has this title. */
	panel(title: string | RegExp): Promise<Panel>;
	closeEditors(): Promise<void>;
}

export function windowOf(page: Page): Window {
	const quickInput = page.locator('.quick-input-widget');
	const toasts = page.locator('.notifications-toasts .notification-list-item-message');
	const container = page.locator('.activitybar a[aria-label^="Perch"]');
	const tree = (name: string) => page.getByRole('tree', { name, exact: true });
	const choose = async (text: string | RegExp) => {
		await quickInput.locator('.monaco-list-row', { hasText: text }).first().click();
	};

	/** Presses the key until the input is there: a key that comes while the focus moves meets nobody. */
	async function openQuickInput(key: 'F1' | 'Control+P'): Promise<void> {
		const input = quickInput.locator('input.input');
		for (let attempt = 0; attempt < 5; attempt++) {
			await page.keyboard.press(key);
			if (await isThere(input)) return;
		}
		await input.waitFor();
	}

	/** Chooses a file in the list of files, which is made when it opens and does not learn of a file written just then. */
	async function openFound(name: string, attempts: number): Promise<void> {
		await openQuickInput('Control+P');
		await quickInput.locator('input.input').fill(name);
		const row = quickInput.locator(`.monaco-list-row[aria-label^="${name}"]`).first(); // a panel may have the name in its own
		if (attempts > 1 && !(await isThere(row))) {
			await page.keyboard.press('Escape');
			return openFound(name, attempts - 1);
		}
		await row.click();
	}

	const window: Window = {
		page,
		container,
		async ready() {
			await container.waitFor();
			await window.statusBar('Perch').waitFor();
			await window.theme('dark');
		},
		async theme(theme) {
			await page.emulateMedia({
				colorScheme: theme === 'light' ? 'light' : 'dark',
				forcedColors: theme === 'high contrast' ? 'active' : 'none',
			});
			await page.locator(`.monaco-workbench.${themeClasses[theme]}`).waitFor();
		},
		async command(title) {
			await openQuickInput('F1');
			await quickInput.locator('input.input').fill(`>${title}`);
			await choose(title);
		},
		choose,
		async answer(text) {
			await quickInput.locator('input.input').fill(text);
			await page.keyboard.press('Enter');
		},
		async openFile(name) {
			await openFound(name, 5);
			await page.getByRole('tab', { name: new RegExp(`^${name.split('/').at(-1)}`) }).waitFor();
		},
		async openContainer() {
			await window.command('Perch: Focus on Models View'); // a click would hide it where it is in front already
			await page.getByRole('button', { name: 'Models Section' }).waitFor();
		},
		async widenSideBar() {
			const box = await page.locator('.part.sidebar').boundingBox();
			const border = (box?.x ?? 0) + (box?.width ?? 0);
			await page.mouse.move(border, 300);
			await page.mouse.down();
			await page.mouse.move(border + 120, 300, { steps: 4 });
			await page.mouse.up();
		},
		tree,
		item: (name, text) => tree(name).getByRole('treeitem', { name: text }).first(),
		async lenses(match) {
			const all = page.locator('.monaco-editor .codelens-decoration a');
			const plain = (text: string) => text.replaceAll('\u00a0', ' ').trim();
			await page.waitForFunction(
				([selector, source, flags]) =>
					[...document.querySelectorAll(selector ?? '')].some((lens) =>
						new RegExp(source ?? '', flags).test((lens.textContent ?? '').replaceAll('\u00a0', ' ')),
					),
				['.monaco-editor .codelens-decoration a', match.source, match.flags] as const,
			);
			return (await all.allTextContents()).map(plain);
		},
		lens: (match) => page.locator('.monaco-editor .codelens-decoration a', { hasText: match }).first(),
		toast: (text) => toasts.filter({ hasText: text }).first(),
		notification: (text) => page.locator('.notifications-toasts .notification-list-item', { hasText: text }).first(),
		quickPick: (text) => quickInput.locator('.monaco-list-row', { hasText: text }).first(),
		async chooseFromMenu(of, text) {
			await of.click({ button: 'right' });
			await page.getByRole('menuitem', { name: text }).first().hover();
			await page.keyboard.press('Enter'); // a menu that has just opened ignores the mouse
		},
		async clearToasts() {
			await window.command('Notifications: Clear All Notifications');
			await toasts.first().waitFor({ state: 'detached' });
		},
		statusBar: (text) => page.locator('.statusbar-item', { hasText: text }).first(),
		panel: (title) => findPanel(page, title),
		async closeEditors() {
			await window.command('View: Close All Editors');
			await page.locator('.editor-group-container.empty').first().waitFor();
		},
	};
	return window;
}

function isThere(element: Locator): Promise<boolean> {
	return element.waitFor({ timeout: 3000 }).then(
		() => true,
		() => false,
	);
}
