/** `npm run --silent perch -- ARGS`: builds what is stale, silently, then runs the command line in the caller's folder. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bundleWhenStale } from './stale.ts';

bundleWhenStale();
const { status, signal } = spawnSync(
	process.execPath,
	[join(import.meta.dirname, '../dist/perch.cjs'), ...process.argv.slice(2)],
	{ cwd: process.env['INIT_CWD'] ?? process.cwd(), stdio: 'inherit' },
);
process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
