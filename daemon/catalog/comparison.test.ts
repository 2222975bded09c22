import assert from 'node:assert/strict';
import { parse } from '../protocol/parse.ts';
import { runsCompare } from '../protocol/runs.ts';
import { compareRuns } from './comparison.ts';
import { runName } from './runNames.ts';
import type { RunDetail } from './runs.ts';

const detail = (name: string, changes: Partial<RunDetail['run']> = {}, rest: Partial<RunDetail> = {}): RunDetail => ({
	run: {
		id: name.padEnd(32, '0'),
		name,
		experiment: 'e',
		status: 'FINISHED',
		start_time: 0,
		end_time: 1,
		params: {},
		metrics: {},
		tags: {},
		dataset: null,
		commit: null,
		model: null,
		...changes,
	},
	source: null,
	history: {},
	environment: {},
	warnings: [],
	datasets: [],
	artifacts: [],
	...rest,
});

describe('compareRuns', () => {
	it('shows only what differs, and counts the rest', () => {
		const data = { name: 'a', version: 1, digest: 'd1', rows: 10, source: 'a.csv' };
		const compared = compareRuns(
			[
				detail('one', {
					params: { trees: '100', seed: '7' },
					metrics: { f1: 0.8, rows: 5 },
					dataset: data,
					commit: 'c1',
				}),
				detail('two', {
					params: { trees: '200', seed: '7' },
					metrics: { f1: 0.9, rows: 5 },
					dataset: data,
					commit: 'c2',
				}),
			],
			false,
		);
		assert.deepEqual(compared.rows, [
			{ section: 'metric', name: 'f1', values: [0.8, 0.9], best: 1 },
			{ section: 'param', name: 'trees', values: ['100', '200'], best: null },
			{ section: 'code', name: 'commit', values: ['c1', 'c2'], best: null },
		]);
		// rows, seed, and the five properties of the data.
		assert.equal(compared.same, 7);
		parse(runsCompare.result, compared);
		assert.equal(compareRuns([detail('one'), detail('two')], true).rows.length, 1);
	});

	it('marks the best by the side on which a metric is better, and none where it has no side', () => {
		const metrics = [
			{ mae: 3, accuracy: 0.5, mean_score: 1, rmse: null, recall: 1 },
			{ mae: 2, accuracy: 0.7, mean_score: 2, rmse: 4, recall: 1 },
			{ mae: 2, accuracy: 0.6, rmse: null },
		];
		const { rows } = compareRuns(
			metrics.map((values, index) => detail(`run${index}`, { metrics: values })),
			false,
		);
		assert.deepEqual(
			rows.map(({ name, best }) => [name, best]),
			[
				['accuracy', 1],
				['mae', 1],
				['mean_score', null],
				['recall', null],
				['rmse', null],
			],
		);
	});

	it('draws the first metric that two runs logged over steps', () => {
		const points = (count: number) =>
			Array.from({ length: count }, (_, step) => ({ step, timestamp: step, value: step }));
		const { chart } = compareRuns(
			[
				detail('one', {}, { history: { accuracy: points(1), loss: points(3), zeal: points(3) } }),
				detail('two', {}, { history: { accuracy: points(5), loss: points(2), zeal: points(2) } }),
				detail('three'),
			],
			false,
		);
		assert.equal(chart?.metric, 'loss');
		assert.deepEqual(
			chart?.series.map(({ length }) => length),
			[3, 2, 0],
		);
		assert.equal(compareRuns([detail('one'), detail('two')], false).chart, null);
	});

	it('writes Markdown and CSV in which text stays text', () => {
		const { markdown, csv } = compareRuns(
			[
				detail('a|b', {
					params: { note: '=1+1', sum: '-0.5', quote: 'say "hi", twice' },
					metrics: { mae: 0.123456789 },
				}),
				detail('<c>', { params: { note: '@cmd\nnext', sum: '+x', quote: '*' }, metrics: { mae: -1 } }),
			],
			false,
		);
		assert.equal(
			markdown,
			[
				'|  | name | a\\|b | \\<c\\> |',
				'| --- | --- | --- | --- |',
				'| metric | mae | 0.123457 | **-1** |',
				'| param | note | =1+1 | @cmd next |',
				'| param | quote | say "hi", twice | \\* |',
				'| param | sum | -0.5 | +x |',
				'',
			].join('\n'),
		);
		assert.equal(
			csv,
			[
				'section,name,a|b,<c>',
				'metric,mae,0.123456789,-1',
				`param,note,'=1+1,"'@cmd\nnext"`,
				'param,quote,"say ""hi"", twice",*',
				`param,sum,-0.5,'+x`,
				'',
			].join('\r\n'),
		);
	});
});

describe('runName', () => {
	it('is the same for the same id, and sayable', () => {
		assert.equal(runName('0'.repeat(32)), 'able-auk-100');
		const names = new Set(
			Array.from({ length: 1000 }, (_, index) => runName(`${index * 2654435761}`.padStart(32, '7'))),
		);
		for (const name of names) assert.match(name, /^[a-z]+-[a-z]+-[1-9]\d\d$/);
	});
});
