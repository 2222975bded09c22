import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { PerchError } from '../protocol/errors.ts';

/** A kept file, named by its content. */
export interface Artifact {
	readonly sha256: string;
	readonly size: number;
	/** Absolute; it ends as the file was called, such as `.onnx`. */
	readonly path: string;
}

/** The files of runs and versions, each under the SHA-256 of its content, so that one is never changed or kept twice. */
export interface Artifacts {
	/** Takes a file over: it is on disk for good under its hash, and gone from where it was. */
	adopt(file: string): Promise<Artifact>;
	/** Keeps bytes; `name` gives the ending. */
	put(bytes: Uint8Array, name: string): Promise<Artifact>;
	/** Where a file lies, or would; `name` gives the ending. */
	pathOf(sha256: string, name: string): string;
	/** The path of a kept file after its content was checked: `corrupt_artifact` where it is missing or was changed. */
	verified(sha256: string, name: string): Promise<string>;
	/** The content of a kept file, checked likewise. */
	read(sha256: string, name: string): Promise<Buffer>;
}

const unfinished = '.unfinished-';

/** Opens the store in a folder, and removes what an earlier daemon was writing when it was killed. */
export function createArtifacts(folder: string): Artifacts {
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	for (const name of readdirSync(folder)) if (name.startsWith(unfinished)) rmSync(join(folder, name));

	const pathOf = (sha256: string, name: string) => join(folder, sha256.slice(0, 2), `${sha256}${extname(name)}`);
	const settle = async (file: string, name: string): Promise<Artifact> => {
		const sha256 = await hashFile(file);
		const path = pathOf(sha256, name);
		await mkdir(dirname(path), { recursive: true, mode: 0o700 });
		await flush(file);
		await rename(file, path);
		await flush(dirname(path));
		return { sha256, size: (await stat(path)).size, path };
	};
	const broken = (path: string, what: string, cause?: unknown) =>
		new PerchError('corrupt_artifact', `${path} ${what}.`, {
			file: path,
			hint: 'Restore the file from a backup, or train the version again: it is not used as it is.',
			...(cause !== undefined && { cause }),
		});

	return {
		adopt: (file) => settle(file, file),
		async put(bytes, name) {
			const beside = join(folder, `${unfinished}${randomBytes(6).toString('hex')}`);
			try {
				const handle = await open(beside, 'wx', 0o600);
				try {
					await handle.writeFile(bytes);
				} finally {
					await handle.close();
				}
				return await settle(beside, name);
			} catch (error) {
				await rm(beside, { force: true });
				throw error;
			}
		},
		pathOf,
		async verified(sha256, name) {
			const path = pathOf(sha256, name);
			const found = await hashFile(path).catch((error: unknown) => {
				throw broken(path, 'cannot be read', error);
			});
			if (found !== sha256) throw broken(path, 'was changed after it was kept');
			return path;
		},
		async read(sha256, name) {
			const path = pathOf(sha256, name);
			const bytes = await readFile(path).catch((error: unknown) => {
				throw broken(path, 'cannot be read', error);
			});
			if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
				throw broken(path, 'was changed after it was kept');
			}
			return bytes;
		},
	};
}

async function hashFile(file: string): Promise<string> {
	const hash = createHash('sha256');
	for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
	return hash.digest('hex');
}

/** Brings a file, or the names in a folder, to the disk itself. Windows knows no such thing for folders. */
async function flush(path: string): Promise<void> {
	const handle = await open(path, process.platform === 'win32' ? 'r+' : 'r').catch(() => null);
	try {
		await handle?.sync();
	} finally {
		await handle?.close();
	}
}
