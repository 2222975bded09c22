/** `npm run --silent perch -- ARGS`: builds what is stale, silently, then runs the command line in the caller's folder. */
import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const changed = (file: string) => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
const sources = globSync('{daemon,extension,webviews,build}/**/*.{ts,css,json}', { cwd: root });
const newest = Math.max(changed('package.json'), ...sources.map(changed));
if (newest > changed('dist/.built')) {
	execFileSync(process.execPath, [join(root, 'build/bundle.ts')], { stdio: ['ignore', process.stderr, 'inherit'] });
}
const { status, signal } = spawnSync(process.execPath, [join(root, 'dist/perch.cjs'), ...process.argv.slice(2)], {
	cwd: process.env['INIT_CWD'] ?? process.cwd(),
	stdio: 'inherit',
});
process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
