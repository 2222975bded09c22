/** A foreign process and all that it started, ended together. */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf, isRunning } from '../../client/processIdentity.ts';
import { readRecord } from '../../client/record.ts';
import { childIdentity, entriesOf } from '../jobFolder.ts';

const noteName = /^command-\d+\.json$/;

/** Leaves word of a process that leads a group of its own in a job's folder; the answer takes it away again. */
export function noteTree(dir: string, pid: number): () => void {
	const file = join(dir, `command-${pid}.json`);
	writeFileSync(file, JSON.stringify(identityOf(pid)));
	return () => rmSync(file, { force: true });
}

/** Ends the trees that a job left behind in its folder. */
export function endNotedTrees(dir: string): void {
	for (const name of entriesOf(dir)) {
		if (!noteName.test(name)) continue;
		const noted = readRecord(join(dir, name), childIdentity);
		// A leader that is gone may have left others of its group; another process of that number may not.
		if (noted !== null && (isRunning(noted) || !exists(noted.pid))) endTree(noted.pid);
	}
}

/** Ends a process that leads a group, its group, and those of its descendants that left the group. */
export function endTree(pid: number): void {
	if (process.platform === 'win32') {
		attempt(() => execFileSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }));
		return;
	}
	const others = descendants(pid);
	for (const one of [-pid, ...others]) attempt(() => process.kill(one, 'SIGKILL'));
}

function descendants(pid: number): number[] {
	let listed = '';
	attempt(() => {
		listed = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
	});
	const children = new Map<number, number[]>();
	for (const line of listed.split('\n')) {
		const [child = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
		children.set(parent, [...(children.get(parent) ?? []), child]);
	}
	const found: number[] = [];
	for (let next = children.get(pid) ?? []; next.length > 0; next = next.flatMap((one) => children.get(one) ?? [])) {
		found.push(...next);
	}
	return found;
}

function exists(pid: number): boolean {
	let there = false;
	attempt(() => {
		there = process.kill(pid, 0);
	});
	return there;
}

/** What is gone already needs no end. */
function attempt(act: () => unknown): void {
	try {
		act();
	} catch {}
}
