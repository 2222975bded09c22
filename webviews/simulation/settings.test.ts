import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { SimulationSettings } from '../messages/simulation.ts';
import { fromTexts, toTexts } from './settings.ts';

const settings: SimulationSettings = {
	traffic: null,
	repetitions: 500,
	requests: 2000,
	block: 50,
	share: null,
	seed: 1,
};

describe('settings of the simulation', () => {
	it('come back from the fields as they went in', () => {
		for (const change of [{}, { traffic: 'log' }, { traffic: 'data/night.csv' }, { share: 0.25, seed: -3 }]) {
			const given = { ...settings, ...change };
			assert.deepEqual(fromTexts(toTexts(given)), { settings: given });
		}
	});

	it('are refused by field where they do not fit', () => {
		const texts = { ...toTexts(settings), repetitions: '0', requests: '', block: '1.5', share: '2', seed: 'x' };
		const read = fromTexts(texts);
		assert.ok('problems' in read);
		assert.deepEqual([...read.problems.keys()].sort(), ['block', 'repetitions', 'requests', 'seed', 'share']);
	});

	it('want a path where traffic comes from a file', () => {
		const read = fromTexts({ ...toTexts(settings), traffic: 'file', file: '  ' });
		assert.ok('problems' in read);
		assert.deepEqual([...read.problems.keys()], ['file']);
	});
});
