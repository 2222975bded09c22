import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestFiles, type FileStamp, sameStamps, stampFiles } from './fileStamps.ts';

describe('stamps of files', () => {
	let folder: string;
	let path: string;
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'perch-stamps-'));
		path = join(folder, 'a.csv');
		await writeFile(path, 'x\n1\n');
	});
	afterEach(() => rm(folder, { recursive: true, force: true }));

	/** The stamp of a file that was written long ago. */
	const old = ([stamp]: FileStamp[]): FileStamp[] => [{ ...(stamp as FileStamp), changed: 5 }];

	it('tell the content by SHA-256', async () => {
		const [file] = await digestFiles(await stampFiles([path]));
		assert.equal(file?.sha256, createHash('sha256').update('x\n1\n').digest('hex'));
		assert.equal(file?.size, 4);
	});

	it('say nothing of a file that was written just now: it may change without another time', async () => {
		const stamps = await stampFiles([path]);
		assert.equal(stamps[0]?.changed, 0);
		assert.equal(sameStamps(stamps, stamps), false);
	});

	it('are the same only where path, size, times and inode are', async () => {
		const stamps = old(await stampFiles([path]));
		const [stamp] = stamps as [FileStamp];
		assert.equal(sameStamps(stamps, stamps), true);
		assert.equal(sameStamps(stamps, []), false);
		const changes = [{ path: 'b' }, { size: 5 }, { modified: 1 }, { changed: 6 }, { inode: 1 }];
		for (const change of changes) assert.equal(sameStamps([{ ...stamp, ...change }], stamps), false);
	});

	it('are refused where the file changed meanwhile', async () => {
		const stamps = await stampFiles([path]);
		await utimes(path, 1000, 1000);
		await assert.rejects(digestFiles(stamps), { code: 'invalid_data', message: /changed while/ });
	});
});
