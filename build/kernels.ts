/**
 * Compiles daemon/kernels/assembly/*.ts (AssemblyScript) to WebAssembly and writes each module, as text that any bundle can
 * carry, to daemon/kernels/modules/. Part of `npm run generate`; `npm run lint` tells when one is stale.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const room = join(import.meta.dirname, '../daemon/kernels');
const assemblyScript = join(import.meta.dirname, '../node_modules/assemblyscript');
const options = [
	...['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--enable', 'threads'],
	// What a module asks for may not exceed what it is given: the size is chosen when it is used.
	...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
];

interface Source {
	name: string;
	file: string;
	/** First line of the module: what it was made from. */
	origin: string;
}

function sources(): Source[] {
	const { version } = JSON.parse(readFileSync(join(assemblyScript, 'package.json'), 'utf8')) as { version: string };
	return globSync('assembly/*.ts', { cwd: room })
		.sort()
		.map((path) => {
			const hash = createHash('sha256').update(version).update(options.join(' '));
			const name = basename(path, '.ts');
			// A module may be made of a file and a folder of the same name.
			const parts = globSync(`assembly/${name}/*.ts`, { cwd: room }).sort();
			for (const part of [path, ...parts]) hash.update(readFileSync(join(room, part)));
			return {
				name,
				file: join(room, 'modules', `${name}.ts`),
				origin: `/** Made by build/kernels.ts from assembly/${name}.ts, sha256 ${hash.digest('hex')}. */`,
			};
		});
}

/** The modules, by their path, that are not what their source says now. */
export function staleKernels(): string[] {
	return sources()
		.filter(({ file, origin }) => {
			try {
				return !readFileSync(file, 'utf8').startsWith(origin);
			} catch {
				return true;
			}
		})
		.map(({ name }) => `daemon/kernels/modules/${name}.ts`);
}

function compile({ name, file, origin }: Source): void {
	const folder = mkdtempSync(join(tmpdir(), 'perch-kernels-'));
	try {
		const binary = join(folder, 'module.wasm');
		const compiler = join(assemblyScript, 'bin/asc.js');
		execFileSync(process.execPath, [compiler, `assembly/${name}.ts`, '--outFile', binary, ...options], { cwd: room });
		const text = readFileSync(binary).toString('base64');
		writeFileSync(file, `${origin}\nexport const ${name}Module =\n\t'${text}';\n`);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

if (import.meta.main) for (const source of sources()) compile(source);
