import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ColumnSchema } from '../../daemon/protocol/datasets.ts';
import { examineText } from './examine.ts';

const repository = join(import.meta.dirname, '../..');

const columns: readonly ColumnSchema[] = [
	{ name: 'at', type: 'timestamp' },
	{ name: 'patient', type: 'string' },
	{ name: 'heart_rate', type: 'double' },
	{ name: 'beds', type: 'integer' },
	{ name: 'ill', type: 'boolean' },
	{ name: 'weight', type: 'double' },
];

/** A perch.yaml of these sections. */
function project(data: string, model: string, rest = ''): string {
	return `name: ward\ndata: {source: a.csv, ${data}}\nmodel: {${model}}\n${rest}`;
}

/** What is marked, why, and how it could be mended. */
function marked(text: string, known: readonly ColumnSchema[] | null = columns): [string, string, string[]][] {
	return examineText(text, known).map(({ from, to, message, instead, fixes }) => [
		text.slice(from, to),
		message,
		[...instead, ...fixes.map(({ title }) => title)],
	]);
}

/** Each text, what is marked in it, a word of why, and the first way out. */
const cases: readonly [string, string, RegExp, string | undefined][] = [
	[project('target: patient', 'type: linear, task: regression'), 'patient', /holds text/, 'heart_rate'],
	[project('target: at', 'type: linear, task: classification'), 'at', /holds times/, undefined],
	[project('target: patient', 'type: isolation_forest'), 'patient', /labels of anomalies/, 'beds'],
	[project('time: at', 'type: random_forest'), 'random_forest', /name it in data\.target/, 'Add data.target: weight'],
	[project('target: ill', 'type: autoencoder, task: regression'), 'regression', /does not do/, 'anomaly'],
	[project('target: ill', 'type: linear', 'split: {by: time}'), 'time', /needs data\.time/, 'random'],
	[project('target: ill', 'type: linear', 'split: {by: group, folds: 3}'), 'group', /needs data\.key/, 'random'],
	[project('target: heart_rate', 'type: linear', 'split: {by: stratified}'), 'stratified', /no classes/, 'random'],
	[project('time: at', 'type: autoencoder', 'split: {by: stratified}'), 'stratified', /labels/, 'random'],
	[project('time: at', 'type: lstm'), 'lstm', /needs data\.window/, 'Add data.window: {size: 30, features: raw}'],
	[project('window: {size: 9}', 'type: lstm'), '{size: 9}', /features: raw/, 'Add data.window.features: raw'],
	[project('window: {size: 9, features: [mean]}', 'type: lstm'), '[mean]', /features: raw/, 'raw'],
	[
		project('columns: [beds], target: heart_rate, window: {size: 9, features: raw}', 'type: lstm'),
		...(['heart_rate', /belongs into data\.columns/, 'beds'] as const),
	],
	[
		project('window: {size: 9, features: raw}', 'type: lstm', 'split: {by: random}'),
		...(['random', /last rows of each series/, 'time'] as const),
	],
	[
		project('window: {size: 9, features: raw}', 'type: lstm, task: anomaly, params: {horizon: 3}'),
		...(['3', /next row/, '1'] as const),
	],
	[
		project('window: {size: 9, features: raw}', 'type: lstm', 'prepare: [{log: {columns: [beds]}}]'),
		...(['{log: {columns: [beds]}}', /only parse/, undefined] as const),
	],
	[
		project('time: at', 'type: isolation_forest, threshold: {quantile: 0.99, per_key: true}'),
		...(['true', /needs data\.key/, 'false'] as const),
	],
	[
		project('key: patient', 'type: isolation_forest, threshold: {alarms_per_day: 3}'),
		...(['3', /needs data\.time/, 'Add data.time: at'] as const),
	],
	[
		project('target: ill', 'type: linear, threshold: {quantile: 0.9}'),
		...(['{quantile: 0.9}', /models of anomalies/, 'Remove threshold'] as const),
	],
	[project('weight: beds', 'type: autoencoder'), 'beds', /count alike/, 'Remove weight'],
	[project('target: ill, weight: patient', 'type: linear'), 'patient', /is a number/, undefined],
	[project('target: ill', 'type: linear, params: {penalty: l1}'), 'l1', /for regression/, 'l2'],
	[
		project('target: weight', 'type: random_forest, params: {class_weight: balanced}'),
		...(['balanced', /no classes to weigh/, 'Remove class_weight'] as const),
	],
	[
		project('target: weight', 'type: ensemble, params: {combine: vote}, models: [{type: linear}, {type: linear}]'),
		...(['vote', /Votes are for classes/, 'average'] as const),
	],
	[
		project('target: ill', 'type: ensemble, models: [{type: linear}, {type: linear, params: {trees: 3}}]'),
		...(['trees', /unknown key/, 'Remove trees'] as const),
	],
	[
		project('target: weight', 'type: gradient_boosting, params: {monotone: {patient: increasing}}'),
		...(['patient', /no numbers that rise/, 'Remove patient'] as const),
	],
	[
		project('target: weight, exclude: [beds]', 'type: gradient_boosting, params: {monotone: {beds: increasing}}'),
		...(['beds', /none of the columns/, 'Remove beds'] as const),
	],
	[
		project('time: at', 'type: isolation_forest, tune: {space: {trees: [10, 90]}}'),
		...(['tune', /Only labels say/, 'Remove tune'] as const),
	],
	[
		project('target: weight', 'type: linear, tune: {metric: f1, space: {alpha: [0.1, 9]}}'),
		...(['f1', /not what regression is tuned by/, 'rmse'] as const),
	],
	[
		project('target: weight', 'type: linear, tune: {space: {alpa: [0.1, 9]}}'),
		...(['alpa', /unknown key/, 'alpha'] as const),
	],
	[
		project('target: weight', 'type: random_forest, tune: {space: {max_depth: [4, 99]}}'),
		...(['99', /60/, undefined] as const),
	],
	[
		project('target: weight', 'type: linear', 'prepare: [{scale: {columns: [beds, patient]}}]'),
		...(['patient', /holds text, and scale takes numbers/, undefined] as const),
	],
	[
		project('target: weight', 'type: linear', 'validate: [{metric: mae, not_worse_than: production}]'),
		...(['production', /without register/, 'Add register.as: ward'] as const),
	],
	[project('target: weight', 'type: linear', 'split: {by: groups}'), 'groups', /Invalid/, 'group'],
];

describe('what a perch.yaml cannot be', () => {
	for (const [text, word, why, fix] of cases) {
		it(`${word}: ${why.source.replaceAll('\\', '')}`, () => {
			const [[found, message, fixes] = [], ...others] = marked(text);
			assert.deepEqual([found, others], [word, []], text);
			assert.match(String(message), why);
			assert.equal(fixes?.[0], fix);
		});
	}

	it('is not said of columns that are computed or parsed first, or not known', () => {
		const text = project('target: patient', 'type: linear, task: regression');
		assert.deepEqual(marked(text, null), []);
		assert.deepEqual(marked(text.replace('source: a.csv', 'source: a.csv, derive: {patient: beds * 2}')), []);
		const parsed = `${text}prepare: [{parse: {column: patient, as: range_mean}}]\n`;
		assert.deepEqual(marked(parsed), []);
	});

	it('is nothing of models of anomalies that are asked together, or that a command makes', () => {
		const together =
			'type: ensemble, models: [{type: isolation_forest}, {type: autoencoder}], threshold: {quantile: 0.9}';
		assert.deepEqual(marked(project('time: at', together)), []);
		assert.deepEqual(marked(project('time: at', 'type: command, task: anomaly, run: ./train')), []);
	});

	it('is nothing in the samples', () => {
		const files = globSync('samples/**/*.yaml', { cwd: repository }).filter((file) => !file.includes('simulate'));
		assert.ok(files.length >= 8);
		for (const file of files) assert.deepEqual(marked(readFileSync(join(repository, file), 'utf8'), null), [], file);
	});

	it('is mended by its fixes', () => {
		const text = project('time: at', 'type: lstm');
		const [fault] = examineText(text, columns);
		const change = fault?.fixes[0]?.change;
		assert.ok(change);
		const next = text.slice(0, change.from) + change.text + text.slice(change.to);
		assert.deepEqual(marked(next), []);
	});
});
