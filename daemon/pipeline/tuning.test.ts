import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Catalog, openCatalog } from '../catalog/catalog.ts';
import type { TuneSection } from '../protocol/project/tune.ts';
import { keepTuning, showTuning, tuningKey } from './tuning.ts';
import type { TuningNews } from './work/tune.ts';

const tune: TuneSection = {
	search: 'random',
	trials: 3,
	folds: 2,
	space: { trees: [5, 50], kind: ['1', 'b'] },
	prune: true,
	parallel: 2,
	seed: 7,
};
const author = () => ({ actor: 'test' });
const fresh = { experiment: 'flats', source: 'perch.yaml' };
const planned = (digest: string): TuningNews => ({ event: 'planned', digest, metric: 'mae', direction: 'less' });
const began = (trial: number): TuningNews => ({ event: 'began', trial, params: { trees: 10 + trial, kind: '1' } });
const measured = (trial: number, step: number, mae: number): TuningNews => ({
	event: 'measured',
	trial,
	step,
	logged: { fold_mae: mae, fold_r2: Number.NaN },
});
const ended = (number: number, outcome: 'finished' | 'failed', loss: number): TuningNews => ({
	event: 'ended',
	trial: {
		number,
		outcome,
		params: {},
		loss,
		losses: [loss, loss],
		pruned: false,
		metrics: { cv_mae: loss, cv_mae_std: 0.5 },
		reason: outcome === 'failed' ? 'too few rows' : null,
	},
});

describe('what the catalog keeps of a tuning', () => {
	let home: string;
	let catalog: Catalog;
	beforeEach(() => {
		home = mkdtempSync(join(tmpdir(), 'perch-tuning-'));
		catalog = openCatalog(home);
	});
	afterEach(() => {
		catalog.close();
		rmSync(home, { recursive: true });
	});
	const keep = (key = 'one') => keepTuning(catalog, key, tune, fresh, author);
	const show = (id: string) => showTuning(catalog, id, () => false);
	/** A tuning of which one trial ended, one failed, and one was at work when it stopped. */
	const stopped = () => {
		const keeper = keep();
		const news = [planned('rows'), began(0), began(1), measured(0, 1, 4), measured(0, 2, 2), ended(0, 'finished', 3)];
		for (const one of [...news, ended(1, 'failed', Number.POSITIVE_INFINITY), began(2), measured(2, 1, 9)])
			keeper.take(one);
		keeper.stop();
		catalog.runs.end(keeper.run().id, 'KILLED', author());
		return keeper.run().id;
	};

	it('is a run with a child a trial, which says what it tried and how far it came', () => {
		const id = stopped();
		const { trials, best, metric, planned: count, importance } = show(id);
		assert.deepEqual([best, metric, count, importance], [1, 'mae', 3, null]);
		assert.deepEqual(
			trials.map(({ number, status, params, value, spread, steps, reason }) => [
				...[number, status, params['trees'], params['kind'], value, spread, steps, reason],
			]),
			[
				[1, 'finished', 10, '1', 3, 0.5, [4, 2], null],
				[2, 'failed', 11, '1', null, 0.5, [], 'too few rows'],
				[3, 'stopped', 12, '1', 9, null, [9], null],
			],
		);
		assert.deepEqual(
			catalog.runs.list({ limit: 10 }).map((run) => run.id),
			[id],
		);
		assert.equal(catalog.runs.list({ parent: id, limit: 10 }).length, 3);
	});

	it('is taken up by the same key, and tells the job what was measured, NaN and all', () => {
		const id = stopped();
		const keeper = keep();
		assert.equal(keeper.run().id, id);
		assert.equal(keeper.run().status, 'RUNNING');
		assert.deepEqual(keeper.earlier, {
			digest: 'rows',
			trials: [
				{
					number: 0,
					steps: [
						{ fold_mae: 4, fold_r2: Number.NaN },
						{ fold_mae: 2, fold_r2: Number.NaN },
					],
					failed: null,
				},
				{ number: 1, steps: [], failed: 'too few rows' },
				{ number: 2, steps: [{ fold_mae: 9, fold_r2: Number.NaN }], failed: null },
			],
		});
		const before = show(id).trials[0];
		for (const news of [
			planned('rows'),
			began(0),
			ended(0, 'finished', 3),
			began(2),
			measured(2, 2, 7),
			ended(2, 'finished', 8),
		])
			keeper.take(news);
		assert.deepEqual(show(id).trials[0], before);
		assert.deepEqual([show(id).trials[2]?.status, show(id).trials[2]?.value], ['finished', 8]);
		assert.match(
			keeper.run().tags['perch.resumed'] ?? catalog.runs.get(id).tags['perch.resumed'] ?? '',
			/^2 of 3 trials/,
		);
	});

	it('begins anew where the data changed, under another key, and once it has come to its end', () => {
		const id = stopped();
		const changed = keep();
		changed.take(planned('other rows'));
		assert.notEqual(changed.run().id, id);
		assert.equal(catalog.runs.get(id).status, 'KILLED');
		assert.deepEqual(show(changed.run().id).trials, []);
		assert.equal(keep('two').earlier, null);
		const whole = keep('three');
		for (const news of [planned('rows'), began(0), ended(0, 'finished', 1)]) whole.take(news);
		catalog.runs.end(whole.run().id, 'FINISHED', author());
		assert.equal(keep('three').earlier, null);
		assert.notEqual(tuningKey({ a: 1, b: undefined }), tuningKey({ a: 2 }));
		assert.equal(tuningKey({ a: 1, b: 2 }), tuningKey({ b: 2, a: 1 }));
	});

	it('goes with its trials when it is deleted, and other runs are no tuning', () => {
		const id = stopped();
		catalog.runs.remove(id, author());
		assert.deepEqual(catalog.runs.list({ parent: id, limit: 10 }), []);
		const other = catalog.runs.create({ experiment: 'flats' }, author());
		assert.throws(() => show(other.id), { code: 'invalid_arguments', message: /is no tuning/ });
	});
});
