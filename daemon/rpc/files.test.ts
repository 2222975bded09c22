import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFolder } from './folderLock.ts';
import { lastLines } from './logTail.ts';
import { openRotatingFile } from './rotatingFile.ts';
import { folderToken } from './token.ts';

describe('the files of a daemon', () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'perch-files-'));
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	it('a lock has one holder at a time', () => {
		const file = join(folder, 'daemon.lock');
		const release = lockFolder(file);
		assert.ok(release !== null);
		assert.equal(lockFolder(file), null);
		release();
		const again = lockFolder(file);
		assert.ok(again !== null);
		again();
	});

	it('a token is made once, for its owner', () => {
		const file = join(folder, 'token');
		const token = folderToken(file);
		assert.match(token, /^[0-9a-f]{64}$/);
		assert.equal(folderToken(file), token);
		if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
		writeFileSync(file, '\n');
		assert.notEqual(folderToken(file), '');
	});

	it('a log is put aside when it is full, and the oldest goes', () => {
		const file = join(folder, 'perchd.log');
		const log = openRotatingFile(file, 10, 2);
		for (const line of ['first\n', 'second\n', 'third\n', 'fourth\n']) log.write(line);
		log.close();
		const read = (name: string) => readFileSync(join(folder, name), 'utf8');
		assert.deepEqual(readdirSync(folder).sort(), ['perchd.log', 'perchd.log.1', 'perchd.log.2']);
		assert.deepEqual(['perchd.log', 'perchd.log.1', 'perchd.log.2'].map(read), ['fourth\n', 'third\n', 'second\n']);
		const later = openRotatingFile(file, 100, 2);
		later.write('fifth\n');
		later.close();
		assert.deepEqual(lastLines(file, 1), ['fifth']);
		assert.deepEqual(lastLines(file, 10), ['fourth', 'fifth']);
		assert.deepEqual(lastLines(join(folder, 'missing.log'), 10), []);
	});
});
