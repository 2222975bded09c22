/** Runs the suite inside the extension host of a real VS Code: once in a trusted folder, once in Restricted Mode. */
import { join } from 'node:path';
import { bundleSuite, fixture, judge, root, suite } from './hostRun.ts';
import { startWorkbench } from './workbench.ts';

const shots = join(root, 'out/shots');

async function runSuite(trusted: boolean): Promise<boolean> {
	const name = trusted ? 'trusted' : 'restricted';
	console.log(`\nInside the extension host, ${name}`);
	const workbench = await startWorkbench({ fixture, trusted, options: ['enable-smoke-test-driver'] });
	const page = await workbench.newPage();
	const exit = new Promise<number>((resolve, reject) => {
		page.exposeFunction('codeAutomationExit', resolve).catch(reject);
		const why = 'No verdict in 120 s: an address that VS Code did not understand looks like this.';
		setTimeout(() => reject(new Error(why)), 120_000).unref();
	});
	try {
		await workbench.open(page, [
			['extensionDevelopmentPath', workbench.remote + root],
			['extensionTestsPath', workbench.remote + suite],
		]);
		const code = await exit;
		const passed = judge(workbench.result) && code === 0;
		if (!passed) workbench.keepLogs(join(shots, `host-${name}`));
		return passed;
	} catch (error) {
		await page.screenshot({ path: join(shots, `host-${name}.png`) });
		workbench.keepLogs(join(shots, `host-${name}`));
		throw error;
	} finally {
		await workbench.close();
	}
}

await bundleSuite();
const passed = [await runSuite(true), await runSuite(false)];
process.exitCode = passed.every(Boolean) ? 0 : 1;
