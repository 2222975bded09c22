/** Starts VS Code on a copy of a project and opens windows of it in a browser that the tests drive. */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { daemonsOf, end, endDaemons, signal } from './daemons.ts';

export interface WorkbenchOptions {
	/** The project, which is copied: nothing lands in the repository. */
	fixture: string;
	/** A package to install; without one the window gets its extension through the address. */
	vsix?: string;
	/** Restricted Mode when false: the window asks before it trusts the folder. */
	trusted?: boolean;
	/** Features of the server, such as `enable-smoke-test-driver`. */
	options?: string[];
}

export interface Workbench {
	/** The copy of the project. */
	folder: string;
	/** Where installed extensions lie. */
	extensions: string;
	/** Where a suite inside the extension host writes its verdict. */
	result: string;
	/** Scheme and authority of files, as the window names them. */
	remote: string;
	/** A blank page, for a window that is opened with `open`. */
	newPage(): Promise<Page>;
	/** Opens the folder in a page. */
	open(page: Page, payload?: [string, string][]): Promise<void>;
	/** Opens the folder and another copy of the project, as `name`, in one window. */
	openBoth(page: Page, name: string): Promise<void>;
	/** What the extension has written into its output channel, in every window. */
	readLogs(): string;
	/** Copies what the extension, the daemon and the server have logged. */
	keepLogs(target: string): void;
	/** Ends windows, server and the folder's daemon. */
	close(): Promise<void>;
}

const entry = join(import.meta.dirname, 'host/node_modules/code-server/out/node/entry.js');
const chromiumPath = process.env['PERCH_CHROMIUM'] ?? '/usr/bin/chromium';

/** A window without what VS Code itself shows to a newcomer. */
const cleanSettings = {
	'workbench.startupEditor': 'none',
	'workbench.tips.enabled': false,
	'workbench.enableExperiments': false,
	'workbench.reduceMotion': 'on',
	'workbench.secondarySideBar.defaultVisibility': 'hidden',
	'chat.disableAIFeatures': true,
	'workbench.layoutControl.enabled': false,
	'extensions.autoUpdate': false,
	'extensions.autoCheckUpdates': false,
	'extensions.ignoreRecommendations': true,
	'git.enabled': false,
	'telemetry.telemetryLevel': 'off',
	'window.commandCenter': false,
	'editor.minimap.enabled': false,
	'editor.cursorBlinking': 'solid',
	'files.hotExit': 'off',
	'window.autoDetectColorScheme': true,
	'workbench.preferredDarkColorTheme': 'Dark 2026',
	'workbench.preferredLightColorTheme': 'Light 2026',
};

const freePort = (): Promise<number> =>
	new Promise((resolve, reject) => {
		const probe = createServer().listen(0, '127.0.0.1', () => {
			const address = probe.address();
			probe.close(() =>
				address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
			);
		});
	});

async function untilHealthy(url: string, hasEnded: () => boolean, log: string): Promise<void> {
	const deadline = Date.now() + 60_000;
	while (
		!(await fetch(`${url}/healthz`).then(
			({ ok }) => ok,
			() => false,
		))
	) {
		if (Date.now() > deadline || hasEnded()) {
			throw new Error(`The workbench did not start:\n${readFileSync(log, 'utf8')}`);
		}
		await wait(100);
	}
}

const launch = (): Promise<Browser> =>
	chromium.launch({
		executablePath: chromiumPath,
		args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
	});

export async function startWorkbench({
	fixture,
	vsix,
	trusted = true,
	options = [],
}: WorkbenchOptions): Promise<Workbench> {
	const base = mkdtempSync(join(tmpdir(), 'perch-workbench-'));
	const user = join(base, 'user');
	const extensions = join(base, 'extensions');
	const folder = join(base, basename(fixture));
	const result = join(base, 'result.json');
	const serverLog = join(base, 'server.log');
	mkdirSync(join(user, 'User'), { recursive: true });
	const copyProject = (to: string) =>
		cpSync(fixture, to, { recursive: true, filter: (source) => basename(source) !== '.perch' });
	copyProject(folder);
	const settings = trusted ? { ...cleanSettings, 'security.workspace.trust.enabled': false } : cleanSettings;
	writeFileSync(join(user, 'User/settings.json'), JSON.stringify(settings));

	let group: number | undefined;
	const abandon = () => {
		for (const pid of [...(group ? [group] : []), ...daemonsOf(base)]) signal(pid, 'SIGKILL');
		rmSync(base, { recursive: true, force: true, maxRetries: 10 });
	};
	process.once('exit', abandon);

	const env = { ...process.env, PERCH_TEST_RESULT: result };
	const common = [
		entry,
		'--config',
		join(user, 'config.yaml'),
		'--user-data-dir',
		user,
		'--extensions-dir',
		extensions,
	];
	if (vsix) {
		execFileSync(process.execPath, [...common, '--install-extension', vsix], { env, stdio: 'pipe' });
	}
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	const log = openSync(serverLog, 'w');
	const server = spawn(
		process.execPath,
		[
			...[...common, '--bind-addr', `127.0.0.1:${port}`, '--auth', 'none', '--session-socket', join(user, 'cs.sock')],
			...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
			...['--idle-timeout-seconds', '120', ...options.flatMap((option) => ['--vscode-option', option])],
		],
		{ env, stdio: ['ignore', log, log], detached: true },
	);
	group = -(server.pid ?? 0);
	for (const name of ['SIGINT', 'SIGTERM'] as const) {
		process.once(name, () => process.exit(1));
	}
	await untilHealthy(url, () => server.exitCode !== null || server.signalCode !== null, serverLog);

	const browser = await launch();
	const context: BrowserContext = await browser.newContext({
		viewport: { width: 1600, height: 1000 },
		colorScheme: 'dark',
		permissions: ['clipboard-read', 'clipboard-write'],
	});
	const outputs = () => globSync('user/logs/**/perch.perch/*.log', { cwd: base });
	return {
		folder,
		extensions,
		result,
		remote: `vscode-remote://127.0.0.1:${port}`,
		newPage: () => context.newPage(),
		async open(page, payload = []) {
			await page.goto(`${url}/?${new URLSearchParams({ folder, payload: JSON.stringify(payload) })}`);
		},
		async openBoth(page, name) {
			copyProject(join(base, name));
			const workspace = join(base, 'both.code-workspace');
			writeFileSync(workspace, JSON.stringify({ folders: [{ path: basename(folder) }, { path: name }] }));
			await page.goto(`${url}/?${new URLSearchParams({ workspace })}`);
			// A window that asks for the list of its folders before its server answers stays without any.
			const shown = page.getByRole('treeitem', { name }).waitFor({ timeout: 8000 });
			await shown.catch(() => page.reload());
		},
		readLogs: () =>
			outputs()
				.map((file) => readFileSync(join(base, file), 'utf8'))
				.join(''),
		keepLogs(target) {
			mkdirSync(target, { recursive: true });
			cpSync(serverLog, join(target, 'server.log'));
			for (const file of [...outputs(), ...globSync('*/.perch/logs/*', { cwd: base })]) {
				cpSync(join(base, file), join(target, file.replaceAll('/', '_')));
			}
		},
		async close() {
			await browser.close();
			if (group) await end(group); // an extension host can outlive its server
			await endDaemons(base);
			process.off('exit', abandon);
			rmSync(base, { recursive: true, maxRetries: 10 });
		},
	};
}
