/** The suite inside an extension host, as both ways of starting it need it: bundled beside a project to open, and judged by the file that it writes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

export const root = join(import.meta.dirname, '../..');
export const fixture = join(root, 'samples/vitalwatch');
export const suite = join(root, 'out/suite.cjs');

/** What the suite writes before it ends. */
export interface Verdict {
	tests: number;
	failures: number;
	lines: string[];
}

export async function bundleSuite(): Promise<void> {
	await build({
		absWorkingDir: root,
		entryPoints: ['test/workbench/suite.ts'],
		outfile: suite,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node22',
		external: ['vscode', 'mocha'],
		logLevel: 'warning',
	});
}

/** Prints a verdict; false when a test failed, or when none ran, for then nothing was tested. */
export function judge(file: string): boolean {
	if (!existsSync(file)) {
		console.error('The suite left no verdict.');
		return false;
	}
	const { tests, failures, lines } = JSON.parse(readFileSync(file, 'utf8')) as Verdict;
	console.log(lines.join('\n'));
	return tests > 0 && failures === 0;
}
