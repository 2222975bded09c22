import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endNotedTrees, noteTree } from './processTree.ts';
import { type CommandOptions, runCommand } from './runCommand.ts';
import { masking } from './secrets.ts';

const node = JSON.stringify(process.execPath);

describe('a command', () => {
	let dir: string;
	beforeEach(() => {
		dir = mkdtempSync(join(tmpdir(), 'perch-command-'));
	});
	afterEach(() => rmSync(dir, { recursive: true, force: true }));

	async function run(script: string, change: Partial<CommandOptions> = {}): Promise<{ lines: string[]; log: string }> {
		const lines: string[] = [];
		const log = join(dir, 'log.txt');
		writeFileSync(join(dir, 'script.mjs'), script);
		await runCommand({
			...{ run: `${node} script.mjs`, folder: dir, timeout: 60, env: {}, secrets: [], dir, log },
			onLine: (line) => line.startsWith('{') && lines.push(line) > 0,
			...change,
		});
		return { lines, log: readFileSync(log, 'utf8') };
	}

	/** A script that starts a child and, through it, one in a group of its own; both leave their pids in a file and stay. */
	const family = `
		import { spawn } from 'node:child_process';
		import { appendFileSync } from 'node:fs';
		const stay = 'require("fs").appendFileSync("pids", process.pid + "\\\\n"); setInterval(() => {}, 1000);';
		const child = stay + 'require("child_process").spawn(process.execPath, ["-e", process.env.STAY], { detached: true, stdio: "inherit" });';
		spawn(process.execPath, ['-e', child], { stdio: 'inherit', env: { ...process.env, STAY: stay } });
		appendFileSync('pids', process.pid + '\\n');
		setInterval(() => {}, 1000);`;
	const pids = () =>
		existsSync(join(dir, 'pids')) ? readFileSync(join(dir, 'pids'), 'utf8').trim().split('\n').map(Number) : [];
	const isAlive = (pid: number) => {
		try {
			// One that has ended and was not waited for yet is no longer alive.
			return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
		} catch {
			return false;
		}
	};
	const until = async (holds: () => boolean) => {
		while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
	};

	it('runs in its folder with its environment, and its output is told and kept apart', async () => {
		const { lines, log } = await run(
			`console.log('{"a": 1}'); console.log(process.cwd()); console.error('warned ' + process.env.MODE);`,
			{ env: { MODE: 'fast' } },
		);
		assert.deepEqual(lines, ['{"a": 1}']);
		assert.deepEqual(log.trim().split('\n').sort(), [dir, 'warned fast'].sort());
		assert.ok(!readdirSync(dir).some((name) => name.startsWith('command-')));
	});

	it('that fails says how, with its last words', async () => {
		await assert.rejects(run(`console.log('one'); console.error('no such column'); process.exit(3);`), {
			code: 'job_failed',
			message: /ended with exit code 3\.[\s\S]*no such column/,
		});
		await assert.rejects(run('', { run: 'no-such-program-of-perch' }), { code: 'job_failed' });
		await assert.rejects(run('', { folder: join(dir, 'nowhere') }), { code: 'file_not_found' });
	});

	it('shows no secret, neither in its log nor in its lines nor in its error', async () => {
		process.env['PERCH_TEST_TOKEN'] = 'of-the-daemon';
		try {
			const script = `
				console.log('{"a": "hush-hush"}'); console.log('key hush-hush'); console.error('and ' + process.env.PERCH_TEST_TOKEN);
				console.error(process.env.PEM.split('\\n')[1]);`;
			const secret = { env: { KEY: 'hush-hush', PEM: 'begin\nAAAABBBB\nend' }, secrets: ['KEY', 'PEM'] };
			const { lines, log } = await run(script, secret);
			assert.deepEqual([lines, log.trim().split('\n').sort()], [['{"a": "***"}'], ['***', 'and ***', 'key ***']]);
			await assert.rejects(run(`${script} process.exit(1);`, secret), (error: Error) => {
				assert.ok(!/hush-hush|of-the-daemon|AAAABBBB/.test(error.message), error.message);
				return true;
			});
		} finally {
			delete process.env['PERCH_TEST_TOKEN'];
		}
		await assert.rejects(run('', { secrets: ['PERCH_NOWHERE'] }), { code: 'invalid_config', message: /PERCH_NOWHERE/ });
	});

	it('masks the longest value first, and no value that any line would hold', () => {
		const mask = masking({ A: 'abcd', B: 'abcdef', C: '1', PATH: '/usr/bin' }, ['A', 'B', 'C']);
		assert.equal(mask('abcdef abcd 1 /usr/bin'), '*** *** 1 /usr/bin');
	});

	it('is ended after its time, with its children and those that left its group', async () => {
		await assert.rejects(run(family, { timeout: 4 }), { code: 'job_failed', message: /was ended after 4 s/ });
		assert.ok(pids().length > 0);
		await until(() => !pids().some(isAlive));
	});

	it('leaves nothing running behind it', async () => {
		await run(`
			import { spawn } from 'node:child_process';
			import { existsSync } from 'node:fs';
			const stay = 'require("fs").writeFileSync("pids", String(process.pid)); setInterval(() => {}, 1000);';
			spawn(process.execPath, ['-e', stay], { stdio: 'inherit' });
			setInterval(() => existsSync('pids') && process.exit(0), 20);`);
		assert.equal(pids().length, 1);
		await until(() => !pids().some(isAlive));
	});

	it('of a job that was killed is ended by the word that it left', async () => {
		const { spawn } = await import('node:child_process');
		writeFileSync(join(dir, 'script.mjs'), family);
		const child = spawn(process.execPath, ['script.mjs'], { cwd: dir, detached: true, stdio: 'ignore' });
		noteTree(dir, child.pid ?? 0);
		await until(() => pids().length === 3);
		endNotedTrees(dir);
		await until(() => !pids().some(isAlive));
	});

	it('is not mistaken for a later process of its number', () => {
		writeFileSync(join(dir, `command-${process.pid}.json`), JSON.stringify({ pid: process.pid, startTime: '1' }));
		writeFileSync(join(dir, 'command-1.json'), 'no JSON');
		writeFileSync(join(dir, 'command-0.json'), '{"pid": 0, "startTime": null}');
		endNotedTrees(dir);
	});
});
