import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '../../daemon/protocol/methods.ts';
import { createWorkplace } from './commandLine.ts';
import { readings, writeProject, writeReadings } from './pumps.ts';

type Simulation = Result<'canary/simulate'>;

describe('the simulation of a canary', () => {
	const place = createWorkplace();
	before(() => {
		writeProject(place.folder);
		place.json('train');
	});
	after(() => place.end());
	const simulate = (...args: string[]) =>
		place.json<Simulation>('canary', 'simulate', '--repetitions', '60', '--requests', '600', ...args);
	let calm: Simulation;

	it('gives the same for any number of threads, and another result for another seed', () => {
		calm = simulate('--threads', '1');
		assert.deepEqual(simulate('--threads', '2'), calm);
		const other = simulate('--seed', '2');
		assert.notDeepEqual(other.harm, calm.harm);
	});

	it('seldom rolls back what is the same, and always what is harmed a lot', () => {
		const { aa, harm, settings, rollback, inconclusive, promote } = calm;
		assert.equal(settings.traffic, 'training');
		assert.ok(aa.rollback.share <= 0.1, `false alarms: ${aa.rollback.share}`);
		assert.ok(aa.rollback.low <= aa.rollback.share && aa.rollback.share <= aa.rollback.high);
		assert.equal(rollback.count + inconclusive.count + promote.count, 60);
		const rates = harm.map(({ outcome }) => outcome.rollback.share);
		assert.deepEqual(
			rates,
			[...rates].sort((a, b) => a - b),
			'more harm is found more often',
		);
		assert.equal(rates.at(-1), 1);
		assert.equal(harm.at(-1)?.outcome.requests.p50, 100, 'at the first look');
	});

	it('replays a data file', () => {
		writeReadings(join(place.folder, 'worn.csv'), readings(300, 5, 3));
		const { rollback, settings } = simulate('--traffic', 'worn.csv', '--share', '0.3');
		assert.deepEqual([settings.traffic, settings.rows, settings.share], [join(place.folder, 'worn.csv'), 300, 0.3]);
		assert.equal(rollback.share, 1);
	});

	it('refuses a log that is not there', () => {
		const { code, error } = place.refused('canary', 'simulate', '--traffic', 'log');
		assert.deepEqual([code, error.code], [1, 'empty_data']);
	});
});

describe('simulated data', () => {
	const place = createWorkplace('vitalwatch');
	after(() => place.end());

	it('are the bytes that the sample has', () => {
		for (const name of ['train', 'ward', 'shifted']) {
			place.json('simulate', 'data', `simulate/${name}.yaml`, '--output', `${name}.csv`);
			assert.ok(
				readFileSync(join(place.folder, `${name}.csv`)).equals(readFileSync(join(place.folder, `data/${name}.csv`))),
				name,
			);
		}
	});
});
