import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Result } from '../../daemon/protocol/methods.ts';
import { createWorkplace, dist } from './commandLine.ts';
import { readings, writeProject, writeReadings } from './pumps.ts';

describe('the command line', () => {
	const place = createWorkplace();
	before(() => {
		writeProject(place.folder);
		place.json('train');
		place.json('train', '--set', 'model.params.trees=30');
	});
	after(() => place.end());

	it('explains every command', async () => {
		const help = async (...command: string[]): Promise<string> => {
			const { stdout } = await promisify(execFile)(process.execPath, [join(dist, 'perch.cjs'), ...command, '--help'], {
				cwd: place.folder,
			});
			return stdout;
		};
		const childrenOf = (text: string) =>
			[...(text.split('Commands:\n')[1] ?? '').matchAll(/^ {2}([\w-]+)/gm)]
				.map(([, name]) => name as string)
				.filter((name) => name !== 'help');
		const seen: string[] = [];
		const visit = async (command: string[]): Promise<void> => {
			const text = await help(...command);
			assert.match(text, new RegExp(`Usage: perch ${command.join(' ')}`.trim()));
			seen.push(command.join(' '));
			for (const line of text.split('Options:\n')[1]?.split('\n\n')[0]?.split('\n') ?? []) {
				assert.match(
					line,
					/^ {2}-.* {2}\S|^ {10,}\S|^$/,
					`an option of perch ${command.join(' ')} is not explained: ${line}`,
				);
			}
			for (const child of childrenOf(text)) await visit([...command, child]);
		};
		const top = childrenOf(await help());
		await Promise.all(
			[0, 1].map(async (half) => {
				for (const [index, name] of top.entries()) if (index % 2 === half) await visit([name]);
			}),
		);
		for (const name of ['train', 'canary simulate', 'models import', 'datasets show', 'audit verify', 'rpc', 'doctor'])
			assert.ok(seen.includes(name), `${name} is not among ${seen.join(', ')}`);
	});

	it('prints one JSON value on stdout, for what was done and for what was not', () => {
		for (const args of [
			['runs', 'list'],
			['models', 'show', 'pumps'],
			['models', 'show', 'nothing'],
			['runs', 'list', '--limit', 'many'],
			['no', 'such', 'command'],
			['models'],
			['train', '--config', 'missing.yaml'],
		]) {
			for (const json of [
				[...args, '--json'],
				['--json', ...args],
			]) {
				const { stdout, code } = place.perch(...json);
				assert.equal(stdout.trim().split('\n').length, 1, json.join(' '));
				assert.equal('error' in JSON.parse(stdout), code !== 0, json.join(' '));
			}
		}
	});

	it('exits with 0, 1, 2 or 3', () => {
		const code = (...args: string[]) => place.perch(...args).code;
		writeReadings(join(place.folder, 'worn.csv'), readings(200, 2, 3));
		writeFileSync(join(place.folder, 'empty.csv'), '');
		assert.equal(code('models', 'list'), 0);
		assert.equal(code('--version'), 0);
		assert.equal(code('drift', '--current', 'worn.csv'), 0);
		assert.equal(code('drift', '--current', 'worn.csv', '--fail-on-drift'), 3);
		assert.equal(code('train', '--set', 'validate=[{metric: anomaly_rate, max: 0}]'), 3);
		assert.equal(code('drift', '--current', 'empty.csv'), 1);
		assert.equal(code('canary', 'stop'), 1);
		assert.equal(code('drift', '--current', 'nowhere.csv'), 2);
		assert.equal(code('models', 'list', '--unknown'), 2);
		assert.equal(code('models', 'show'), 2);
		assert.equal(code('runs', 'compare', 'a', 'b', '--format', 'xml'), 2);
		assert.equal(code('serve', '--auth', 'maybe'), 2);
		assert.equal(code('models', 'archive', 'pumps'), 2);
		assert.equal(code('train', '--name', 'other'), 2);
	});

	it('says on stderr what is wrong, where, and what to do', () => {
		const { stdout, stderr } = place.perch('rpc', 'canary/start', '{"share": 2}');
		assert.equal(stdout, '');
		assert.match(stderr, /^perch: .*share/);
		const { error } = place.refused('rpc', 'canary/start', '{"share": 2}');
		assert.deepEqual([error.code, error.field], ['invalid_arguments', 'share']);
		assert.equal(place.refused('rpc', 'canary/start', '{share').error.field, 'params');
		assert.equal(place.refused('rpc', 'canary/start', '[1]').error.code, 'invalid_arguments');
		const missing = place.perch('train', '--set', 'data.key=nothing');
		assert.match(missing.stderr, /perch\.yaml:2/);
		assert.match(missing.stderr, /data\.key/);
	});

	it('compares runs as a table, Markdown and CSV', () => {
		const { runs } = place.json<Result<'runs/list'>>('runs', 'list', '--experiment', 'pumps', '--limit', '3');
		const ids = runs.map(({ id }) => id).slice(-2);
		const { rows, csv, markdown } = place.json<Result<'runs/compare'>>('runs', 'compare', ...ids);
		const trees = rows.find(({ section, name }) => section === 'param' && name === 'trees');
		assert.deepEqual([...(trees?.values ?? [])].sort(), ['20', '30']);
		assert.equal(place.perch('runs', 'compare', ...ids, '--format', 'csv').stdout, `${csv}\n`);
		assert.equal(place.perch('runs', 'compare', ...ids, '--format', 'markdown').stdout, `${markdown}\n`);
		assert.match(markdown, /^\|.*\|$/m);
		const lines = csv.trim().split(/\r?\n/);
		assert.ok(
			lines.some((line) => /trees/.test(line) && /20/.test(line) && /30/.test(line)),
			csv,
		);
		assert.match(place.perch('runs', 'compare', ...ids).stdout, /param trees/);
	});

	it('describes a data file', () => {
		writeFileSync(join(place.folder, 'few.csv'), 'a,b\n1,x\n3,y\n');
		const shown = place.json<Result<'datasets/show'>>('datasets', 'show', 'few.csv', '--rows', '1');
		assert.equal(shown.rows, 2);
		assert.deepEqual(
			shown.columns.map(({ name, type }) => [name, type]),
			[
				['a', 'integer'],
				['b', 'string'],
			],
		);
		assert.equal(shown.head.length, 1);
		assert.deepEqual(
			shown.describe.map(({ column, count, mean, min, max }) => [column, count, mean, min, max]),
			[['a', 2, 2, 1, 3]],
		);
		assert.match(place.perch('datasets', 'show', 'few.csv').stdout, /column +count +mean/);
	});

	it('finds the project and its daemon from a folder below', () => {
		const below = join(place.folder, 'a/b');
		mkdirSync(below, { recursive: true });
		const { pid, root } = place.json<{ pid: number; root: string }>('daemon', 'start');
		const script = [join(dist, 'perch.cjs'), 'daemon', 'status', '--json'];
		return promisify(execFile)(process.execPath, script, { cwd: below }).then(({ stdout }) => {
			const status = JSON.parse(stdout) as { pid: number; root: string };
			assert.deepEqual([status.pid, status.root], [pid, root]);
			assert.ok(!existsSync(join(below, '.perch')));
		});
	});

	it('takes a folder for a demo only when nothing is in it', () => {
		const { code, error } = place.refused('demo', '--folder', '.');
		assert.deepEqual([code, error.code], [2, 'already_exists']);
	});

	it('stops a gateway whose daemon was killed', async () => {
		const { serving_uri } = place.json<{ serving_uri: string }>('serve');
		const { pid } = place.json<{ pid: number }>('daemon', 'status');
		process.kill(pid, 'SIGKILL');
		assert.equal((await fetch(`${serving_uri}/health`)).status, 200);
		assert.deepEqual(place.json<{ deployments: string[] }>('daemon', 'stop').deployments, ['pumps']);
		await assert.rejects(fetch(`${serving_uri}/health`));
		assert.equal(place.json<{ stopped: boolean }>('daemon', 'stop').stopped, false);
	});

	it('finds nothing wrong with this machine', () => {
		const { passed, checks } = place.json<{ passed: boolean; checks: { check: string; passed: boolean }[] }>('doctor');
		assert.equal(passed, true);
		assert.ok(checks.length >= 9);
	});
});
