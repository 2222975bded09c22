import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '../../daemon/protocol/methods.ts';
import { createWorkplace } from './commandLine.ts';

const project = `name: sums
data: {source: a.csv, target: z}
model: {type: linear, task: regression}
validate: [{metric: r2, min: 0.5}]
`;

describe('a run whose model nothing registered', () => {
	const place = createWorkplace();
	after(() => place.end());

	before(() => {
		const rows = Array.from({ length: 300 }, (_, at) => [at % 17, (at * 7) % 23, (at % 17) + 2 * ((at * 7) % 23)]);
		writeFileSync(join(place.folder, 'a.csv'), `x,y,z\n${rows.map((row) => row.join(',')).join('\n')}\n`);
		writeFileSync(join(place.folder, 'perch.yaml'), project);
	});

	const register = (run: string, ...more: string[]) =>
		place.json<Result<'models/register'>>('models', 'register', run, '--name', 'sums', ...more).version;

	it('becomes a version that is served, and knows its run', () => {
		const { run, version, validation } = place.json<Result<'train'>>('train');
		assert.deepEqual([version, validation.map(({ passed }) => passed)], [null, [true]]);
		const made = register(run.id.slice(0, 12));
		assert.deepEqual([made.version, made.status, made.aliases, made.run_id], [1, 'ready', ['production'], run.id]);
		assert.equal(made.metrics['r2'], run.metrics['r2']);
		assert.deepEqual(place.json<Result<'runs/show'>>('runs', 'show', run.id).run.model, { name: 'sums', version: 1 });
		const { error } = place.refused('models', 'register', run.id, '--name', 'sums');
		assert.equal(error.code, 'already_exists');
		const other = place.json<Result<'train'>>('train', '--set', 'model.params.alpha=3');
		assert.deepEqual(register(other.run.name, '--alias', 'candidate').aliases, ['candidate']);
	});

	it('is kept as failed where it did not hold what was asked of it', () => {
		const { code, stdout } = place.perch('train', '--set', 'validate=[{metric: r2, min: 2}]', '--json');
		assert.equal(code, 3);
		const { run } = JSON.parse(stdout) as Result<'train'>;
		const ended = place.perch('models', 'register', run.id, '--name', 'sums', '--json');
		const { version } = JSON.parse(ended.stdout) as Result<'models/register'>;
		assert.deepEqual([ended.code, version.status, version.aliases], [3, 'failed', []]);
		assert.match(place.perch('runs', 'show', run.id).stdout, /Not held: r2 at least 2/);
	});

	it('that failed has no model, and keeps what it was asked for and why it ended', () => {
		writeFileSync(join(place.folder, 'one.csv'), 'x,y,z\n1,2,\n');
		place.refused('train', '--set', 'data.source=one.csv', '--set', 'model.params.alpha=5');
		const { runs } = place.json<Result<'runs/list'>>('runs', 'list', '--limit', '1');
		const [run] = runs;
		assert.deepEqual([run?.status, run?.params['model.type'], run?.params['alpha']], ['FAILED', 'linear', '5']);
		assert.match(place.perch('runs', 'show', run?.id ?? '').stdout, /^reason: /m);
		const { error } = place.refused('models', 'register', run?.id ?? '', '--name', 'sums');
		assert.deepEqual([error.code, /left no model/.test(error.message)], ['not_found', true]);
		assert.match(place.perch('runs', 'log', run?.id ?? '').stdout, /Reading the data/);
	});
});
