import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '../../daemon/client/connect.ts';
import type { Result } from '../../daemon/protocol/methods.ts';
import { createRandom } from '../../daemon/stats/random.ts';
import { dist } from './commandLine.ts';
import { type DaemonFolder, daemonFolder, isAlive, jobPids, until } from './daemonFolder.ts';

type Tuning = Result<'runs/tuning'>;

function flats(rows: number): string {
	const random = createRandom('tuning.test');
	const lines = Array.from({ length: rows }, () => {
		const [size, floor] = [40 + 60 * random.next(), random.integer(6)];
		const rent = 9 * size + 30 * Math.sin(size / 3) + 10 * floor + 20 * random.normal();
		return `${size.toFixed(1)},${floor},${rent.toFixed(2)}`;
	});
	return `size,floor,rent\n${lines.join('\n')}\n`;
}

const project = `name: flats
data: {source: flats.csv, target: rent}
split: {test: 0.25, seed: 3}
model:
  type: gradient_boosting
  tune:
    {search: tpe, trials: 12, folds: 3, metric: mae, parallel: 2, space: {trees: [50, 150], learning_rate: {min: 0.01, max: 0.5, log: true}}}
register: {as: flats}
`;

describe('a tuning', () => {
	let place: DaemonFolder;
	let client: Client;
	beforeEach(async () => {
		place = daemonFolder();
		writeFileSync(join(place.root, 'flats.csv'), flats(1500));
		writeFileSync(join(place.root, 'perch.yaml'), project);
		client = await place.connect();
	});
	afterEach(() => place.remove());

	const config = () => join(place.root, 'perch.yaml');
	const shown = async (id: string): Promise<Tuning> => client.request('runs/tuning', { id });
	const ended = ({ trials }: Tuning) => trials.filter(({ status }) => status === 'finished' || status === 'pruned');
	/** Starts the tuning and waits until some of its trials have ended. */
	const begin = async (count: number) => {
		const work = client.request('train', { config: config() });
		work.catch(() => undefined);
		let id = '';
		await until(async () => {
			const [run] = (await client.request('runs/list', {})).runs;
			if (run === undefined) return false;
			id = run.id;
			return ended(await shown(id)).length >= count;
		});
		return { work, id };
	};

	it('that a kill -9 stopped goes on where it was, and ends as it would have', async () => {
		const { work, id } = await begin(3);
		await place.kill();
		await assert.rejects(work, { code: 'daemon_unavailable' });
		client = await place.connect();
		const before = await shown(id);
		assert.equal(before.run.status, 'KILLED');
		const perch = [join(dist, 'perch.cjs'), 'runs', 'tuning', id];
		const { stdout } = spawnSync(process.execPath, perch, { cwd: place.root, encoding: 'utf8' });
		assert.match(stdout, /KILLED \(interrupted\): .*\n.*goes on from here/);
		const done = ended(before);
		assert.ok(done.length >= 3 && done.length < 12, `${done.length}`);

		const { run, version } = await client.request('train', { config: config() });
		assert.deepEqual([run.id, run.status, version?.aliases], [id, 'FINISHED', ['production']]);
		const after = await shown(id);
		assert.equal(after.trials.length, 12);
		assert.ok(after.trials.every(({ status }) => status === 'finished' || status === 'pruned'));
		for (const trial of done) assert.deepEqual(after.trials[trial.number - 1], trial);
		const best = after.trials[(after.best ?? 0) - 1];
		assert.equal(run.params['trees'], String(best?.params['trees']));
		assert.equal(run.params['tune.best_trial'], String(after.best));
		assert.match(run.tags['perch.resumed'] ?? '', /^\d+ of 12 trials/);
		const audit = await client.request('audit/verify', {});
		assert.equal(audit.valid, true);

		// Under another name nothing is found to go on from: the same trials, all at one go.
		const whole = await client.request('train', { config: config(), set: ['name=again'] });
		assert.notEqual(whole.run.id, id);
		const again = await shown(whole.run.id);
		const told = ({ trials }: Tuning) =>
			trials.map(({ params, value, steps, status }) => ({ params, value, steps, status }));
		assert.deepEqual(told(again), told(after));
		// The files differ by the name of the data alone, which they keep.
		assert.deepEqual(whole.run.metrics, run.metrics);
	});

	it('that is cancelled ends all of its processes, and its trials with it', async () => {
		const { work, id } = await begin(2);
		const pids = jobPids(place.root);
		assert.equal(pids.length, 1);
		const [other] = [await place.connect()];
		await other.request('runs/cancel', { id });
		await assert.rejects(work, { code: 'cancelled' });
		assert.ok(pids.every((pid) => !isAlive(pid)));
		const { run, trials, at_work } = await shown(id);
		assert.deepEqual([run.status, at_work], ['KILLED', false]);
		assert.ok(trials.every(({ status }) => status !== 'running'));
		await assert.rejects(client.request('runs/cancel', { id }), { code: 'invalid_arguments', message: /not at work/ });
		assert.deepEqual((await client.request('models/list', {})).models, []);
	});

	it('lists its trials as child runs, and is refused before it starts where it cannot be', async () => {
		const set = ['model.tune.search=halving'];
		const { run } = await client.request('train', { config: config(), set });
		const { runs } = await client.request('runs/list', {});
		assert.deepEqual(
			runs.map(({ id }) => id),
			[run.id],
		);
		const children = (await client.request('runs/list', { parent: run.id })).runs;
		assert.equal(children.length, 12);
		assert.ok(children.every(({ tags }) => tags['mlflow.parentRunId'] === run.id));
		const tuning = await shown(run.id);
		assert.deepEqual([tuning.search, tuning.metric, tuning.direction, tuning.planned], ['halving', 'mae', 'less', 12]);
		assert.deepEqual(Object.keys(tuning.importance ?? {}), ['trees', 'learning_rate']);
		const refused = (change: string, error: object) =>
			assert.rejects(client.request('train', { config: config(), set: [change] }), error);
		await refused('model.tune.space={leaves: [4, 8]}', {
			code: 'invalid_config',
			message: /model\.tune\.space\.leaves/,
		});
		await refused('model.tune.space={learning_rate: [0.1, 7.5]}', { code: 'invalid_config' });
		await refused('model.tune.metric=accuracy', { code: 'invalid_config', message: /accuracy is not what regression/ });
		await refused('model.type=isolation_forest', { code: 'invalid_config' });
	});
});
