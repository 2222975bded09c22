/** Bundles the programs into dist/ when a source is newer than the last bundle. */
import { execFileSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const changed = (file: string) => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Leaves nothing on stdout, so that a caller's own answer stands alone there. */
export function bundleWhenStale(): void {
	const sources = globSync('{daemon,extension,webviews,build,samples}/**/*.{ts,css,json,yaml,csv}', { cwd: root });
	if (Math.max(changed('package.json'), ...sources.map(changed)) > changed('dist/.built')) {
		execFileSync(process.execPath, [join(root, 'build/bundle.ts')], { stdio: ['ignore', process.stderr, 'inherit'] });
	}
}
