/** What the doctor looks at. Each probe runs in a process of its own, so that a crash in native code is a result. */
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endpoint } from '../client/endpoint.ts';

/** What a probe found; it throws where something is wrong. */
export type Probe = (root: string) => Promise<string>;

/** A probe with the question that it answers and what to do when it fails. */
export interface Check {
	readonly name: string;
	readonly remedy: string;
	readonly probe: Probe;
}

const perchFolder = (root: string) => join(root, '.perch');

async function node(): Promise<string> {
	const major = Number(process.versions.node.split('.')[0]);
	if (major < 22) throw new Error(`Node ${process.versions.node}`);
	return `Node ${process.versions.node} at ${process.execPath}`;
}

async function sqlite(): Promise<string> {
	const { default: Database } = await import('better-sqlite3');
	const database = new Database(':memory:');
	const version = database.prepare('select sqlite_version()').pluck().get();
	database.close();
	return `SQLite ${String(version)}`;
}

async function onnxruntime(): Promise<string> {
	const { env } = await import('onnxruntime-node');
	return `onnxruntime ${env.versions.node ?? env.versions.common}`;
}

async function duckdb(): Promise<string> {
	const { DuckDBInstance } = await import('@duckdb/node-api');
	const connection = await (await DuckDBInstance.create(':memory:')).connect();
	const version = (await connection.runAndReadAll('select version()')).getRows()[0]?.[0];
	connection.closeSync();
	return `DuckDB ${String(version)}`;
}

/** A server can listen where the daemon would: same folder, same kind of address. */
async function socket(root: string): Promise<string> {
	const path = endpoint(root);
	if (process.platform === 'win32') return path;
	if (path.length > 100) throw new Error(`${path} is longer than a socket's path may be`);
	const folder = mkdtempSync(join(tmpdir(), 'perch-probe-'));
	try {
		await listen({ path: join(folder, 's') });
	} finally {
		rmSync(folder, { recursive: true });
	}
	return existsSync(path) ? `${path} (in use by the daemon)` : path;
}

async function ports(): Promise<string> {
	await listen({ host: '127.0.0.1', port: 0 });
	return '127.0.0.1 takes connections';
}

function listen(where: { path: string } | { host: string; port: number }): Promise<void> {
	return new Promise((done, failed) => {
		const server = createServer();
		server.once('error', failed);
		server.listen(where, () => server.close(() => done()));
	});
}

async function disk(root: string): Promise<string> {
	const folder = existsSync(perchFolder(root)) ? perchFolder(root) : root;
	if (!statSync(folder).isDirectory()) throw new Error(`${folder} is no folder`);
	try {
		accessSync(folder, constants.W_OK);
	} catch {
		throw new Error(`${folder} may not be written by this user`);
	}
	const { bavail, bsize } = statfsSync(root);
	const free = (bavail * bsize) / 2 ** 30;
	if (free < 0.5) throw new Error(`${free.toFixed(2)} GiB free`);
	return `${free.toFixed(1)} GiB free`;
}

async function catalog(root: string): Promise<string> {
	const file = join(perchFolder(root), 'catalog.db');
	if (!existsSync(file)) return 'none yet';
	const { default: Database } = await import('better-sqlite3');
	const database = new Database(file, { readonly: true });
	const result = database.pragma('quick_check', { simple: true });
	database.close();
	if (result !== 'ok') throw new Error(String(result));
	return `${file} is sound`;
}

async function gateway(root: string): Promise<string> {
	const file = join(perchFolder(root), 'gateway.json');
	if (!existsSync(file)) return 'none runs';
	const { port } = JSON.parse(readFileSync(file, 'utf8')) as { port?: number };
	const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(3000) });
	if (!answer.ok) throw new Error(`/health answered ${answer.status}`);
	return `http://127.0.0.1:${port} answers`;
}

/** Every probe, in the order in which one rests on the other. */
export const checks: readonly Check[] = [
	{ name: 'node', remedy: 'Install Node 22 or 24.', probe: node },
	{ name: 'sqlite', remedy: 'Reinstall: npm ci, or the extension for this platform.', probe: sqlite },
	{ name: 'onnxruntime', remedy: 'Reinstall: npm ci, or the extension for this platform.', probe: onnxruntime },
	{ name: 'duckdb', remedy: 'Reinstall: npm ci, or the extension for this platform.', probe: duckdb },
	{ name: 'socket', remedy: 'Set XDG_RUNTIME_DIR to a short folder of yours that can be written.', probe: socket },
	{ name: 'ports', remedy: 'Let programs listen on 127.0.0.1.', probe: ports },
	{ name: 'disk', remedy: 'Free some space where the project lies, or work in a folder of yours.', probe: disk },
	{
		name: 'catalog',
		remedy: 'Stop the daemon, keep .perch/catalog.db for a look, and restore or delete it.',
		probe: catalog,
	},
	{ name: 'gateway', remedy: 'Run perch daemon stop, then perch serve.', probe: gateway },
];
