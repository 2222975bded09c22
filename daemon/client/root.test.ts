import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endpoint } from './endpoint.ts';
import { identityOf, isRunning } from './processIdentity.ts';
import { findRoot } from './root.ts';
import { makeStateFolder, readDaemonRecord } from './stateFolder.ts';

describe('findRoot', () => {
	let home: string;
	beforeEach(() => {
		home = realpathSync(mkdtempSync(join(tmpdir(), 'perch-root-')));
		mkdirSync(join(home, 'a/b/c'), { recursive: true });
	});
	afterEach(() => rmSync(home, { recursive: true, force: true }));

	it('is the folder itself where nothing marks one', () => {
		assert.equal(findRoot(join(home, 'a/b')), join(home, 'a/b'));
	});

	it('prefers .perch to .git to perch.yaml, however near they are', () => {
		writeFileSync(join(home, 'a/b/c/perch.yaml'), '');
		assert.equal(findRoot(join(home, 'a/b/c')), join(home, 'a/b/c'));
		mkdirSync(join(home, 'a/b/.git'));
		assert.equal(findRoot(join(home, 'a/b/c')), join(home, 'a/b'));
		mkdirSync(join(home, 'a/.perch'));
		assert.equal(findRoot(join(home, 'a/b/c')), join(home, 'a'));
	});

	it('takes the nearest of several folders with the same mark', () => {
		mkdirSync(join(home, '.git'));
		mkdirSync(join(home, 'a/.git'));
		assert.equal(findRoot(join(home, 'a/b/c')), join(home, 'a'));
	});

	it('finds the same root through a link', () => {
		mkdirSync(join(home, 'a/.git'));
		symlinkSync(join(home, 'a'), join(home, 'link'));
		assert.equal(findRoot(join(home, 'link/b')), join(home, 'a'));
	});

	it('keeps what it makes to its owner', () => {
		const { folder } = makeStateFolder(home);
		assert.equal(folder, join(home, '.perch'));
		if (process.platform !== 'win32') assert.equal(statSync(folder).mode & 0o777, 0o700);
		assert.equal(readDaemonRecord(home), null);
		writeFileSync(join(folder, 'daemon.json'), '{"pid": "not a number"}');
		assert.equal(readDaemonRecord(home), null);
	});
});

describe('endpoint', () => {
	it('lies in .perch, up to 100 bytes', () => {
		const root = `/${'r'.repeat(100 - '//.perch/perchd.sock'.length)}`;
		assert.equal(endpoint(root, 'perchd', 'linux', '/run/perch'), `${root}/.perch/perchd.sock`);
		assert.equal(Buffer.byteLength(endpoint(root, 'perchd', 'linux', '/run/perch')), 100);
		assert.match(endpoint(`${root}r`, 'perchd', 'linux', '/run/perch'), /^\/run\/perch\/[0-9a-f]{16}-perchd\.sock$/);
	});

	it('counts bytes, not characters', () => {
		const root = `/${'ü'.repeat(60)}`;
		assert.match(endpoint(root, 'perchd', 'darwin', '/run/perch'), /^\/run\/perch\//);
	});

	it('is a pipe of its own for each root and purpose on Windows', () => {
		const names = [
			endpoint('C:\\a', 'perchd', 'win32'),
			endpoint('C:\\b', 'perchd', 'win32'),
			endpoint('C:\\a', 'gateway', 'win32'),
		];
		assert.equal(new Set(names).size, 3);
		for (const name of names) assert.match(name, /^\\\\\.\\pipe\\perch-[0-9a-f]{16}-\w+$/);
	});
});

describe('a process', () => {
	it('is told from another with its number', () => {
		const own = identityOf(process.pid);
		assert.ok(isRunning(own));
		assert.ok(!isRunning({ ...own, startTime: `${own.startTime}0` }));
		assert.ok(!isRunning({ ...own, startTime: null }));
		assert.ok(!isRunning({ pid: 2 ** 22 + 1, startTime: own.startTime }));
	});
});
