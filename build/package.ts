/**
 * Packages the extension, one .vsix a platform: `npm run package [-- --target linux-x64]...`.
 * Each is laid out in out/package/<target>/ with that platform's native parts alone, and written to out/perch-<target>.vsix.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX, listFiles } from '@vscode/vsce';
import { bundleWhenStale } from './stale.ts';

interface Manifest {
	[field: string]: unknown;
	version: string;
	repository?: unknown;
}
interface LockFile {
	lockfileVersion: number;
	packages: Record<string, { version: string; os?: string[]; cpu?: string[] } | undefined>;
}

/** The shared library of onnxruntime, by the name under which its binding loads it. */
const runtimeLibrary = {
	'linux-x64': 'libonnxruntime.so.1',
	'linux-arm64': 'libonnxruntime.so.1',
	'darwin-arm64': 'libonnxruntime.1.dylib',
	'win32-x64': 'onnxruntime.dll',
};
type Target = keyof typeof runtimeLibrary;
const targets = Object.keys(runtimeLibrary) as Target[];

const root = join(import.meta.dirname, '..');
const readJson = <T>(file: string): T => JSON.parse(readFileSync(join(root, file), 'utf8'));

/**
 * Files of node_modules that travel for one platform. Of onnxruntime only the binding and the one library that it names:
 * DirectML, the shader compilers and the second name of the macOS library are loaded by providers that Perch never asks for.
 */
function nativeParts(target: Target): string[] {
	const [os, cpu] = target.split('-');
	const onnxruntime = `onnxruntime-node/bin/napi-v6/${os}/${cpu}`;
	return [
		`better-sqlite3/prebuilds/${target}.node`,
		`${onnxruntime}/onnxruntime_binding.node`,
		`${onnxruntime}/${runtimeLibrary[target]}`,
	];
}

/** Folders and files of node_modules that are the same for every platform. */
const commonParts = [
	...['package.json', 'lib', 'LICENSE'].map((part) => `better-sqlite3/${part}`),
	...['package.json', 'dist'].map((part) => `onnxruntime-node/${part}`),
	...['package.json', 'dist/cjs'].map((part) => `onnxruntime-common/${part}`),
	...['package.json', 'lib', 'LICENSE'].map((part) => `@duckdb/node-api/${part}`),
	...['package.json', 'duckdb.js'].map((part) => `@duckdb/node-bindings/${part}`),
	...['package.json', 'lib', 'LICENSE'].map((part) => `detect-libc/${part}`),
];

/** The folder of DuckDB's binaries: a package of their own, which `npm ci` brings for this machine only, and `bring` for another. */
function duckdbOf(target: Target, bring: string): string {
	const name = `@duckdb/node-bindings-${target}`;
	const here = join(root, 'node_modules', name);
	return existsSync(here) ? here : join(bringPackage(name, target, bring), 'node_modules', name);
}

/** Installs a package for another platform, as the lockfile of the repository has it, into a folder of its own. */
function bringPackage(name: string, target: Target, folder: string): string {
	const [os = '', cpu = ''] = target.split('-');
	const lock = readJson<LockFile>('package-lock.json');
	const entry = lock.packages[`node_modules/${name}`];
	if (!entry) {
		throw new Error(`package-lock.json does not name ${name}: packages for ${target} cannot be made from it.`);
	}
	const optionalDependencies = { [name]: entry.version }; // npm refuses to bring another platform's package that is not optional
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'natives', private: true, optionalDependencies }));
	const packages = { '': { optionalDependencies }, [`node_modules/${name}`]: entry };
	writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: lock.lockfileVersion, packages }));
	execFileSync(
		'npm',
		['ci', `--os=${os}`, `--cpu=${cpu}`, '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'],
		{ cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' },
	);
	return folder;
}

/** The extension's manifest: what VS Code reads, without what only the repository needs. */
function writeManifest(folder: string): Manifest {
	const manifest = readJson<Manifest>('package.json');
	for (const field of ['scripts', 'private', 'dependencies', 'devDependencies', 'optionalDependencies', 'overrides']) {
		delete manifest[field];
	}
	writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, '\t'));
	return manifest;
}

function layOut(target: Target, folder: string): Manifest {
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	for (const part of ['README.md', 'CHANGELOG.md', 'LICENSE', '.vscodeignore', 'media', 'dist']) {
		cpSync(join(root, part), join(folder, part), { recursive: true });
	}
	for (const part of [...commonParts, ...nativeParts(target)]) {
		cpSync(join(root, 'node_modules', part), join(folder, 'dist/node_modules', part), { recursive: true });
	}
	const natives = `${folder}-natives`;
	const duckdb = `dist/node_modules/@duckdb/node-bindings-${target}`;
	cpSync(duckdbOf(target, natives), join(folder, duckdb), { recursive: true });
	rmSync(natives, { recursive: true, force: true });
	return writeManifest(folder);
}

/** Fails when a native part is missing, or when something got in that has no place in a release. */
function checkFiles(target: Target, files: string[]): void {
	const wanted = [
		'dist/extension.cjs',
		'dist/perchd.cjs',
		'dist/gateway.cjs',
		'dist/job.cjs',
		'dist/columnThread.cjs',
		'dist/trainThread.cjs',
		'dist/trialThread.cjs',
		'dist/perch.cjs',
		'dist/ThirdPartyNotices.txt',
		...nativeParts(target).map((part) => `dist/node_modules/${part}`),
		`dist/node_modules/@duckdb/node-bindings-${target}/duckdb.node`,
	];
	const missing = wanted.filter((file) => !files.includes(file));
	if (missing.length > 0) {
		throw new Error(`The package for ${target} would lack ${missing.join(', ')}.`);
	}
	const binary = /\.(node|dll|dylib|so(\.\d+)*)$/;
	const ours = (file: string) =>
		nativeParts(target).some((part) => file.endsWith(part)) || file.includes(`-${target}/`);
	const foreign = files.filter((file) => (binary.test(file) && !ours(file)) || /\.(test\.\w+|map|ts)$/.test(file));
	if (foreign.length > 0) {
		throw new Error(`The package for ${target} must not hold ${foreign.join(', ')}.`);
	}
}

async function makePackage(target: Target): Promise<void> {
	const folder = join(root, 'out/package', target);
	const { repository } = layOut(target, folder);
	checkFiles(target, await listFiles({ cwd: folder, packagedDependencies: [] }));
	const packagePath = join(root, `out/perch-${target}.vsix`);
	await createVSIX({
		cwd: folder,
		target,
		packagePath,
		dependencies: false,
		allowMissingRepository: true,
		rewriteRelativeLinks: repository !== undefined,
	});
	console.log(`out/perch-${target}.vsix: ${(statSync(packagePath).size / 1e6).toFixed(1)} MB`);
}

const { values } = parseArgs({ options: { target: { type: 'string', multiple: true } } });
const unknown = values.target?.find((target) => !(target in runtimeLibrary));
if (unknown) {
	console.error(`There is no package for ${unknown}: choose among ${targets.join(', ')}.`);
	process.exit(2);
}
bundleWhenStale();
for (const part of ['README.md', 'CHANGELOG.md', 'media']) {
	if (!existsSync(join(root, part))) {
		console.error(`${part} is missing at the root: the package shows it.`);
		process.exit(1);
	}
}
for (const target of targets.filter((known) => values.target?.includes(known) ?? true)) {
	await makePackage(target);
}
