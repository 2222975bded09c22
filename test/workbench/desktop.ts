/** Runs the suite of the extension host in a desktop VS Code; where none can be brought here, it says so and passes. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { endDaemons } from './daemons.ts';
import { bundleSuite, fixture, judge, root, suite } from './hostRun.ts';

function skip(why: string): never {
	console.warn(`\n*** SKIPPED: the tests in a desktop VS Code did not run. ***\n${why}\n`);
	process.exit(0);
}

/** The path of a VS Code of this version, downloaded on the first call. */
async function bring(version: string): Promise<string> {
	try {
		return await downloadAndUnzipVSCode({ version, cachePath: join(root, 'out/vscode') });
	} catch (error) {
		return skip(`VS Code ${version} could not be downloaded: ${error instanceof Error ? error.message : error}`);
	}
}

async function runSuite(executable: string, trusted: boolean): Promise<boolean> {
	const base = mkdtempSync(join(tmpdir(), 'perch-desktop-'));
	const folder = join(base, basename(fixture));
	const result = join(base, 'result.json');
	cpSync(fixture, folder, { recursive: true, filter: (source) => basename(source) !== '.perch' });
	mkdirSync(join(base, 'user/User'), { recursive: true });
	writeFileSync(
		join(base, 'user/User/settings.json'),
		JSON.stringify({ 'security.workspace.trust.startupPrompt': 'never' }),
	);
	try {
		await runTests({
			vscodeExecutablePath: executable,
			extensionDevelopmentPath: root,
			extensionTestsPath: suite,
			extensionTestsEnv: { PERCH_TEST_RESULT: result },
			launchArgs: [
				...[folder, '--user-data-dir', join(base, 'user'), '--extensions-dir', join(base, 'extensions')],
				...['--disable-extensions', ...(trusted ? ['--disable-workspace-trust'] : [])],
			],
		}).catch((error: unknown) => console.error(error)); // the verdict says more
		return judge(result);
	} finally {
		await endDaemons(folder);
		rmSync(base, { recursive: true, force: true });
	}
}

if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
	skip('There is no display here. Start it under one, such as: xvfb-run npm run test:desktop');
}
await bundleSuite();
const passed: boolean[] = [];
// The oldest version that the manifest admits, and the newest there is.
for (const version of ['1.101.0', 'stable']) {
	const executable = await bring(version);
	for (const trusted of [true, false]) {
		console.log(`\nIn a desktop VS Code, ${version}, ${trusted ? 'trusted' : 'restricted'}`);
		passed.push(await runSuite(executable, trusted));
	}
}
process.exitCode = passed.every(Boolean) ? 0 : 1;
