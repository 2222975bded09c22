/** Files by their bytes, and by what tells without reading them that they did not change. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { DatasetFile } from '../../protocol/datasets.ts';
import { PerchError } from '../../protocol/errors.ts';

/** A file as the file system tells it; times in milliseconds since 1970. */
export type FileStamp = Omit<DatasetFile, 'sha256'>;

/** So long after its last change a file can no longer change without another time of change. */
const settled = 2000;

/** `changed` is 0 for a file that changed just now: such a stamp says nothing of what follows. */
export async function stampFiles(paths: readonly string[]): Promise<FileStamp[]> {
	return await Promise.all(
		paths.map(async (path) => {
			const { size, mtimeMs, ctimeMs, ino } = await stat(path);
			return { path, size, modified: mtimeMs, changed: ctimeMs + settled < Date.now() ? ctimeMs : 0, inode: ino };
		}),
	);
}

/**
 * Whether the files that were stamped stand there unchanged. The time of the last change of an inode is the system's
 * own: no copy, restore or setting of times brings it back.
 */
export function sameStamps(stamps: readonly FileStamp[], kept: readonly FileStamp[]): boolean {
	return (
		stamps.length === kept.length &&
		stamps.every(({ path, size, modified, changed, inode }, index) => {
			const before = kept[index];
			if (before?.path !== path || before.size !== size || before.inode !== inode) return false;
			return before.modified === modified && before.changed === changed && changed !== 0;
		})
	);
}

/** SHA-256 of the files. Throws `invalid_data` where one changed since it was stamped. */
export async function digestFiles(stamps: readonly FileStamp[]): Promise<DatasetFile[]> {
	const files: DatasetFile[] = [];
	for (const stamp of stamps) {
		const hash = createHash('sha256');
		for await (const chunk of createReadStream(stamp.path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
		files.push({ ...stamp, sha256: hash.digest('hex') });
	}
	const now = await stampFiles(stamps.map(({ path }) => path));
	const moved = stamps.find(({ size, modified, inode }, index) => {
		const after = now[index];
		return after?.size !== size || after.modified !== modified || after.inode !== inode;
	});
	if (moved === undefined) return files;
	throw new PerchError('invalid_data', `${moved.path} changed while it was being read.`, {
		file: moved.path,
		hint: 'Try again when it is written.',
	});
}
