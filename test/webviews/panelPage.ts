/** A built panel in a real browser, under the policy and the colours that VS Code gives it, with the extension's end of the wire in hand. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { after, afterEach, before } from 'mocha';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type Channel, openChannel } from '../../webviews/messages/channel.ts';
import { type NotificationType, ready } from '../../webviews/messages/message.ts';
import { pageHtml } from '../../webviews/messages/page.ts';
import themes from './themes.json' with { type: 'json' };

export type ThemeName = keyof typeof themes;
export const themeNames = Object.keys(themes) as ThemeName[];

const origin = 'https://panel.test';
const bundles = join(import.meta.dirname, '../../dist/webviews');

export interface PanelPage {
	readonly page: Page;
	/** The extension's end. */
	readonly host: Channel;
	/** What the page broke: the content policy, or the console's peace. */
	faults(): Promise<string[]>;
	/** What the page keeps over a reload. */
	state(): Promise<unknown>;
	/** Changes the theme of the open page, as VS Code does. */
	setTheme(theme: ThemeName): Promise<void>;
	close(): Promise<void>;
}

export function startBrowser(): Promise<Browser> {
	return chromium.launch({
		executablePath: process.env['PERCH_CHROMIUM'] ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars'],
	});
}

/** A browser that a suite shares, open from before its first test until after its last. */
export function suiteBrowser(): () => Browser {
	let browser: Browser;
	before(async () => {
		browser = await startBrowser();
	});
	after(() => browser.close());
	return () => browser;
}

/** Closes the panel of each test of a suite; a fault in its page fails the test. */
export function closeEach(panel: () => PanelPage): void {
	afterEach(async () => {
		assert.deepEqual(await panel().faults(), []);
		await panel().close();
	});
}

interface Inside {
	kept: unknown;
	violations: string[];
	acquireVsCodeApi(): unknown;
	toHost(message: unknown): void;
	dress(theme: (typeof themes)[ThemeName]): void;
}
declare const window: Inside & { postMessage(message: unknown, target: string): void };

/** Runs in the page before its script: VS Code's one global, its classes and variables, and an ear for violations. */
function prepare({ state, theme }: { state: unknown; theme: (typeof themes)[ThemeName] }): void {
	window.kept = state;
	window.violations = [];
	window.acquireVsCodeApi = () => ({
		postMessage: (message: unknown) => window.toHost(message),
		getState: () => window.kept,
		setState: (next: unknown) => {
			window.kept = structuredClone(next);
		},
	});
	window.dress = ({ body, variables }) => {
		const { style } = document.documentElement;
		for (const name of [...style]) style.removeProperty(name);
		for (const [name, value] of Object.entries(variables)) style.setProperty(name, value);
		document.body.className = body;
	};
	document.addEventListener('securitypolicyviolation', (event) => {
		window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
	});
	new MutationObserver((_, observer) => {
		if (document.body === null) return;
		observer.disconnect();
		window.dress(theme);
	}).observe(document, { childList: true, subtree: true });
}

/** Opens `dist/webviews/<name>.js`. The extension's end answers each `ready` with `view`. */
export async function openPanel<T extends NotificationType>(
	browser: Browser,
	name: string,
	theme: ThemeName,
	show: T,
	view: Parameters<Channel['notify']>[1],
	state?: unknown,
): Promise<PanelPage> {
	const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, reducedMotion: 'reduce' });
	const page = await context.newPage();
	const noise: string[] = [];
	page.on('console', (message) => {
		if (message.type() === 'error' || message.type() === 'warning') noise.push(`console: ${message.text()}`);
	});
	page.on('pageerror', (error) => noise.push(`error: ${error.stack ?? error.message}`));
	page.on('request', (request) => {
		if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith('data:'))
			noise.push(`request: ${request.url()}`);
	});
	const html = pageHtml({
		title: name,
		script: `${origin}/${name}.js`,
		style: `${origin}/${name}.css`,
		cspSource: origin,
		nonce: 'c2VjcmV0LW9mLXRoZS10ZXN0',
	});
	await context.route(`${origin}/**`, (route) => {
		const path = new URL(route.request().url()).pathname;
		if (path === '/') return route.fulfill({ contentType: 'text/html', body: html });
		const contentType = path.endsWith('.css') ? 'text/css' : 'text/javascript';
		return route.fulfill({ contentType, body: readFileSync(join(bundles, path), 'utf8') });
	});
	const host = openChannel((message) => {
		page.evaluate((data) => window.postMessage(data, '*'), message as unknown).catch(() => {});
	});
	await context.exposeFunction('toHost', (message: unknown) => host.receive(message));
	await context.addInitScript(prepare, { state, theme: themes[theme] });
	host.onNotification(ready, () => host.notify(show, view));
	await page.goto(`${origin}/`);
	await page.locator('main:not([aria-busy])').waitFor();

	return {
		page,
		host,
		async faults() {
			const violations = await page.evaluate(() => window.violations);
			return [...violations, ...noise];
		},
		state: () => page.evaluate(() => window.kept),
		setTheme: (next) => page.evaluate((theme) => window.dress(theme), themes[next]),
		async close() {
			host.close();
			await context.close();
		},
	};
}

/** What axe finds, one line a rule with the elements. */
export async function axeFaults(page: Page): Promise<string[]> {
	const { violations } = await new AxeBuilder({ page }).analyze();
	return violations.map(
		({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join('; ')}`,
	);
}

/** Every number and digest on the page: its place in the JSON, and its raw value as text. */
export function figuresOf(page: Page): Promise<{ place: string; value: string }[]> {
	return page.locator('[data-figure]').evaluateAll((elements) =>
		elements.map((element) => ({
			place: element.getAttribute('data-figure') ?? '',
			value: element.getAttribute('data-value') ?? '',
		})),
	);
}

/** The value at a JSON Pointer (RFC 6901). */
export function at(json: unknown, place: string): unknown {
	return place
		.split('/')
		.slice(1)
		.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
		.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], json);
}
