/** A window with the installed extension on a copy of a project, and what is kept of it when a test fails. */
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { fixture, root } from '../hostRun.ts';
import { startWorkbench, type Workbench } from '../workbench.ts';
import { type Perch, perchIn } from './perch.ts';
import { type Theme, type Window, windowOf } from './window.ts';

export interface Session {
	readonly workbench: Workbench;
	readonly window: Window;
	readonly perch: Perch;
	/** What the browser has refused in one of our frames, and what went wrong in them. */
	readonly complaints: string[];
	/** Changes the perch.yaml of the folder. */
	editProject(from: string, to: string): void;
	/** Another window on the same folder, or on it and another copy of the project. */
	openWindow(another?: string): Promise<Window>;
	/** Keeps a picture of the window, dark and light. */
	picture(name: string, themes?: readonly Theme[]): Promise<void>;
	/** Keeps a picture of every window, and the logs. */
	keep(name: string): Promise<void>;
	close(): Promise<void>;
}

const shots = join(root, 'out/shots');

/** Ours are the frames below those that VS Code makes for webviews. */
function listen(page: Page, complaints: string[]): void {
	page.on('console', (message) => {
		if (/violates the following Content Security Policy/.test(message.text())) complaints.push(message.text());
	});
	page.on('pageerror', (error) => {
		if (/webviews\/\w+\.js/.test(error.stack ?? '')) complaints.push(error.stack ?? error.message);
	});
}

export interface SessionOptions {
	/** Restricted Mode when false. */
	trusted?: boolean;
	/** What is done by the command line before the window opens. */
	before?: (perch: Perch) => Promise<void>;
}

export async function startSession({ trusted = true, before }: SessionOptions = {}): Promise<Session> {
	mkdirSync(shots, { recursive: true });
	const vsix = join(root, `out/perch-${process.platform}-${process.arch}.vsix`);
	const workbench = await startWorkbench({ fixture, vsix, trusted });
	const complaints: string[] = [];
	const pages: Page[] = [];
	const openWindow = async (another?: string): Promise<Window> => {
		const page = await workbench.newPage();
		pages.push(page);
		listen(page, complaints);
		await (another === undefined ? workbench.open(page) : workbench.openBoth(page, another));
		const window = windowOf(page);
		await window.ready();
		return window;
	};
	const [program = ''] = globSync('*/dist/perch.cjs', { cwd: workbench.extensions });
	const perch = perchIn(join(workbench.extensions, program), workbench.folder);
	const open = async () => {
		await before?.(perch);
		return openWindow();
	};
	const window = await open().catch(async (error: unknown) => {
		await workbench.close();
		throw error;
	});
	return {
		workbench,
		window,
		perch,
		complaints,
		openWindow,
		editProject(from, to) {
			const file = join(workbench.folder, 'perch.yaml');
			writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
		},
		async picture(name, themes = ['dark', 'light']) {
			await window.page.mouse.move(1560, 930); // away from what shows a tooltip
			for (const theme of themes) {
				await window.theme(theme);
				await window.page.screenshot({ path: join(shots, `${name}-${theme.replace(' ', '-')}.png`) });
			}
			await window.theme('dark');
		},
		async keep(name) {
			for (const [index, page] of pages.filter((one) => !one.isClosed()).entries()) {
				await page.screenshot({ path: join(shots, `failed-${name}-${index}.png`) });
			}
			workbench.keepLogs(join(shots, `failed-${name}`));
		},
		close: () => workbench.close(),
	};
}
