import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { agrees, bySection } from './rows.ts';

describe('bySection', () => {
	it('keeps the order of the answer, and each line its place in it', () => {
		const row = (section: 'metric' | 'param', name: string) => ({ section, name, values: [1, 2], best: null });
		const sections = bySection([row('metric', 'f1'), row('param', 'trees'), row('metric', 'recall')]);
		assert.deepEqual(
			sections.map(({ title, rows }) => [title, ...rows.map(({ row: { name }, index }) => `${index} ${name}`)]),
			[
				['Metrics', '0 f1', '2 recall'],
				['Params', '1 trees'],
			],
		);
	});
});

describe('agrees', () => {
	it('tells lines on which all runs agree, missing values among them', () => {
		assert.equal(agrees({ values: ['a', 'a'] }), true);
		assert.equal(agrees({ values: [null, null] }), true);
		assert.equal(agrees({ values: [0, null] }), false);
		assert.equal(agrees({ values: [1, '1'] }), false);
	});
});
