import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { identityOf, isRunning } from '../client/processIdentity.ts';
import type { PerchError } from '../protocol/errors.ts';
import { createJobs } from './jobs.ts';
import { removeLeftovers } from './leftovers.ts';
import { startJob } from './startJob.ts';
import { identityFile } from './wire.ts';

/** A job program with work of every kind that may go well or wrong. */
const program = `
import { writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runJob } from ${JSON.stringify(new URL('runJob.ts', import.meta.url).href)};
import { PerchError } from ${JSON.stringify(new URL('../protocol/errors.ts', import.meta.url).href)};
runJob({
	sum: async ({ numbers }, { dir, progress }) => {
		progress('half way', 0.5);
		writeFileSync(join(dir, 'made.txt'), 'made');
		return { sum: numbers.reduce((a, b) => a + b, 0), column: Float64Array.of(NaN, 1), pid: process.pid };
	},
	fail: async () => { throw new PerchError('empty_data', 'The file has no rows.', { file: 'a.csv', line: 1 }); },
	throw: async () => { throw new TypeError('unforeseen'); },
	exit: async () => { console.error('native trouble'); process.exit(134); },
	segfault: async () => process.kill(process.pid, 'SIGSEGV'),
	spin: async (input, { dir }) => { writeFileSync(join(dir, '..', 'spinning'), String(process.pid)); for (;;) {} },
	wait: async ({ ms }) => { await new Promise((resolve) => setTimeout(resolve, ms)); return process.pid; },
});`;

async function until(holds: () => boolean): Promise<void> {
	const patience = AbortSignal.timeout(25_000);
	while (!holds()) {
		patience.throwIfAborted();
		await pause(20);
	}
}

describe('jobs', () => {
	let home: string;
	let folder: string;
	let entry: string;
	before(() => {
		home = mkdtempSync(join(tmpdir(), 'perch-jobs-'));
		folder = join(home, 'jobs');
		entry = join(home, 'job.ts');
		writeFileSync(entry, program);
	});
	after(() => rmSync(home, { recursive: true, force: true }));

	const start = (kind: string, input: unknown = {}, signal?: AbortSignal) =>
		createJobs({ folder, entry }).run(kind, input, { title: kind, signal }, (outcome: unknown) => outcome);

	it('returns the result with typed arrays and NaN, tells its progress, and lets the folder be emptied first', async () => {
		const jobs = createJobs({ folder, entry });
		const told: unknown[] = [];
		const options = { title: 'Adding', onProgress: (progress: unknown) => told.push(progress) };
		const taken = await jobs.run(
			'sum',
			{ numbers: [1, 2, 3] },
			options,
			(outcome: { sum: number; column: Float64Array; pid: number }, dir) => {
				assert.ok(existsSync(join(dir, 'made.txt')));
				assert.equal(jobs.list()[0]?.title, 'Adding');
				return outcome;
			},
		);
		assert.equal(taken.sum, 6);
		assert.deepEqual(taken.column, Float64Array.of(Number.NaN, 1));
		assert.deepEqual(told, [{ message: 'half way', share: 0.5 }]);
		assert.notEqual(taken.pid, process.pid);
		assert.deepEqual(readdirSync(folder), []);
		assert.deepEqual(jobs.list(), []);
	});

	it('passes errors of the work on as they were thrown', async () => {
		await assert.rejects(start('fail'), (error: PerchError) => {
			assert.deepEqual(error.toBody(), {
				code: 'empty_data',
				message: 'The file has no rows.',
				file: 'a.csv',
				line: 1,
			});
			return true;
		});
		await assert.rejects(start('throw'), { code: 'internal', message: 'unforeseen' });
		await assert.rejects(start('nothing'), { code: 'internal', message: 'No job is called nothing.' });
	});

	it('names the exit code or the signal of a process that died, with the end of its output', async () => {
		await assert.rejects(start('exit'), { code: 'job_failed', message: /exit code 134.*\nnative trouble/s });
		await assert.rejects(start('segfault'), { code: 'job_failed', message: /ended by SIGSEGV/ });
	});

	it('says why a job cannot write into its folder', async () => {
		const dir = join(folder, 'blocked');
		mkdirSync(join(dir, identityFile), { recursive: true });
		await assert.rejects(startJob('sum', { numbers: [1] }, { dir, entry }), {
			code: 'invalid_arguments',
			message: new RegExp(`${identityFile} is a folder`),
		});
		rmSync(dir, { recursive: true });
	});

	it('cancels work that never yields', async () => {
		const abort = new AbortController();
		const spinning = join(folder, 'spinning');
		const work = start('spin', {}, abort.signal);
		await until(() => existsSync(spinning));
		abort.abort();
		await assert.rejects(work, { code: 'cancelled' });
		rmSync(spinning);
		assert.deepEqual(readdirSync(folder), []);
	});

	it('runs at most as many at once as allowed, the others in order, and lets the waiting be cancelled', async () => {
		const running = new Set<string>();
		const started: string[] = [];
		const jobs = createJobs({
			folder,
			entry,
			limit: 1,
			onChange: (id, event) => {
				if (event === 'started') started.push(id);
				if (event === 'started') running.add(id);
				else running.delete(id);
				assert.ok(running.size <= 1);
			},
		});
		const abort = new AbortController();
		const wait = (signal?: AbortSignal) => jobs.run('wait', { ms: 30 }, { title: 'wait', signal }, () => 'done');
		const all = [wait(), wait(abort.signal), wait()];
		const [first, , third] = jobs.list().map(({ id }) => id);
		abort.abort();
		const settled = await Promise.allSettled(all);
		assert.deepEqual(
			settled.map(({ status }) => status),
			['fulfilled', 'rejected', 'fulfilled'],
		);
		assert.deepEqual(started, [first, third]);
	});

	it('lets short work pass long work that fills all places', async () => {
		const jobs = createJobs({ folder, entry, limit: 1 });
		const long = jobs.run('wait', { ms: 60_000 }, { title: 'long' }, () => 'done');
		long.catch(() => undefined);
		assert.equal(await jobs.run('wait', { ms: 1 }, { title: 'short', short: true }, () => 'done'), 'done');
		assert.deepEqual(
			jobs.list().map(({ title }) => title),
			['long'],
		);
		await jobs.stop();
	});

	it('stops everything, and takes nothing new', async () => {
		const jobs = createJobs({ folder, entry });
		const work = jobs.run('wait', { ms: 60_000 }, { title: 'wait' }, () => 'done');
		work.catch(() => undefined);
		assert.equal(await jobs.stop(), 1);
		await assert.rejects(work, { code: 'cancelled' });
		await assert.rejects(start('nothing'), { code: 'internal' });
		await assert.rejects(
			jobs.run('wait', { ms: 1 }, { title: 'wait' }, () => 'done'),
			{ code: 'cancelled' },
		);
	});

	it('ends with a parent that was killed, even in the midst of a loop', async () => {
		const startJob = new URL('startJob.ts', import.meta.url).href;
		const dir = join(folder, 'watched', 'job');
		mkdirSync(dir, { recursive: true });
		const source = `
			const { startJob } = await import(${JSON.stringify(startJob)});
			await startJob('spin', {}, { dir: ${JSON.stringify(dir)}, entry: ${JSON.stringify(entry)} });`;
		const parent = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: 'ignore' });
		const spinning = join(folder, 'watched', 'spinning');
		await until(() => existsSync(spinning));
		const job = identityOf(Number(readFileSync(spinning, 'utf8')));
		assert.ok(isRunning(job));
		parent.kill('SIGKILL');
		await until(() => !isRunning(job));
		rmSync(join(folder, 'watched'), { recursive: true });
	});

	it('ends what a killed daemon left, and nothing else', async () => {
		const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
		const ended = once(orphan, 'exit');
		await once(orphan, 'spawn');
		mkdirSync(join(folder, 'orphan'), { recursive: true });
		writeFileSync(join(folder, 'orphan', identityFile), JSON.stringify(identityOf(orphan.pid ?? 0)));
		const left = join(folder, 'left');
		mkdirSync(left, { recursive: true });
		const stranger = { ...identityOf(process.pid), startTime: '1' };
		writeFileSync(join(left, identityFile), JSON.stringify(stranger));
		assert.deepEqual(removeLeftovers(folder), { processes: 1, folders: 2 });
		assert.deepEqual(await ended, [null, 'SIGKILL']);
		assert.ok(isRunning(identityOf(process.pid)));
		assert.deepEqual(readdirSync(folder), []);
		assert.deepEqual(removeLeftovers(join(home, 'missing')), { processes: 0, folders: 0 });
	});
});
