/** The licences of what others wrote and the bundles hold, as their terms ask: one text that travels beside them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

interface Manifest {
	name: string;
	version: string;
	license?: string;
}

/** The notices of every package of `node_modules` that is in one of the bundles, or in `beside` because it travels as it is. */
export function thirdPartyNotices(root: string, bundles: readonly Metafile[], beside: readonly string[]): string {
	const folders = new Set(beside.map((name) => `node_modules/${name}`));
	for (const { outputs } of bundles) {
		for (const { inputs } of Object.values(outputs)) {
			for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
				const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
				if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
			}
		}
	}
	const notices = [...folders].sort().map((folder) => notice(join(root, folder)));
	return `Perch contains the following packages.\n\n${[...new Set(notices)].join('\n')}`;
}

function notice(folder: string): string {
	const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
	const files = existsSync(folder)
		? readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
		: [];
	const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
	const line = '-'.repeat(80);
	return [line, `${name} ${version} (${license ?? 'see below'})`, line, '', ...texts, ''].join('\n');
}
