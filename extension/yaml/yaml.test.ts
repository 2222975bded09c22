import assert from 'node:assert/strict';
import { examineText } from './examine.ts';
import { explainAt, suggestAt } from './suggest.ts';

const columns = [
	{ name: 'fare', type: 'double' as const },
	{ name: 'pickup at', type: 'timestamp' as const },
];

/** The suggestions at the sign ¦. */
function at(marked: string): string[] {
	const offset = marked.indexOf('¦');
	const found = suggestAt(marked.replace('¦', ''), offset, columns);
	return found?.items.map(({ insert }) => insert) ?? [];
}

describe('perch.yaml while it is written', () => {
	it('completes keys that are not there yet, in blocks, in flow and in lists', () => {
		assert.ok(at('¦').includes('model: '));
		assert.deepEqual(at('split:\n  by: random\n  seed: 3\n  t¦\nmodel:\n  type: linear\n'), ['test: ', 'folds: ']);
		assert.deepEqual(at('model: {type: linear, params: {¦}}'), [
			...['penalty: ', 'alpha: ', 'standardize: ', 'class_weight: '],
		]);
		assert.ok(at('checks:\n  - column: fare\n    ¦\n').includes('allowed: '));
		assert.ok(!at('checks:\n  - column: fare\n    ¦\n').includes('rows: '));
	});

	it('completes values, and columns of the data where a column is meant', () => {
		assert.ok(at('model:\n  type: ¦\n').includes('random_forest'));
		assert.deepEqual(at('split:\n  by: s¦'), ['random', 'stratified', 'time', 'group']);
		assert.deepEqual(at('data:\n  source: a.csv\n  target: ¦\n'), ['fare', '"pickup at"']);
		assert.deepEqual(at('data: {exclude: [fare, ¦]}'), ['fare', '"pickup at"']);
		assert.ok(at('drift:\n  tests:\n    ¦\n').includes('"pickup at": '));
		const boosting = 'model: {type: gradient_boosting, params: {monotone: {';
		assert.deepEqual(at(`${boosting}¦}}}`), ['fare: ', '"pickup at": ']);
		assert.deepEqual(at(`${boosting}fare: ¦}}}`), ['increasing', 'decreasing']);
		assert.deepEqual(at('name: x # ¦'), []);
	});

	it('completes what the type of the model takes, in an ensemble and in a tuning too', () => {
		const ensemble = 'model: {type: ensemble, models: [{type: linear, params: {¦}}, {type: random_forest}]}';
		assert.deepEqual(at(ensemble), ['penalty: ', 'alpha: ', 'standardize: ', 'class_weight: ']);
		const space = 'model:\n  type: linear\n  tune:\n    space:\n      al¦\n';
		assert.deepEqual(at(space), ['penalty: ', 'alpha: ', 'standardize: ', 'class_weight: ']);
		assert.deepEqual(at('model: {type: linear, tune: {space: {alpha: {¦}}}}'), [
			'min: ',
			'max: ',
			'log: ',
			'type: ',
			'choices: ',
		]);
		assert.deepEqual(at('model: {type: lstm, tune: {metric: ¦}}'), ['rmse', 'mae', 'mape', 'r2']);
		assert.deepEqual(at('model: {type: lstm, task: ¦}'), ['forecast', 'anomaly']);
		assert.deepEqual(at('model: {type: gradient_boosting, params: {monotone: {¦}}}'), ['fare: ', '"pickup at": ']);
		assert.deepEqual(at('model: {type: gradient_boosting, params: {monotone: {fare: ¦}}}'), [
			'increasing',
			'decreasing',
		]);
		assert.ok(at('model: {type: isolation_forest, threshold: {¦}}').includes('alarms_per_day: '));
		assert.deepEqual(at('prepare:\n  - impute:\n      columns: [¦]\n'), ['fare', '"pickup at"']);
	});

	it('explains a key with its sentence and its default', () => {
		const text = 'model:\n  type: random_forest\n  params: {max_depth: 3}\n';
		const content = { model: { type: 'random_forest', params: { max_depth: 3 } } };
		const found = explainAt(text, text.indexOf('max_depth') + 2, content);
		assert.deepEqual([found?.type, found?.fallback, found?.about], ['integer', 16, '0: until the leaves are pure.']);
		assert.equal(explainAt(text, text.indexOf('random'), content), null);
	});

	const faults = (text: string, known: typeof columns | null = columns) =>
		examineText(text, known).map(({ from, to, message, instead }) => [text.slice(from, to), message, instead]);
	const good = 'name: taxi\ndata: {source: a.csv, target: fare}\nmodel: {type: linear}\n';

	it('finds nothing in a good file', () => {
		assert.deepEqual(faults(good), []);
	});

	it('marks unknown keys and columns, and knows what was meant', () => {
		assert.deepEqual(faults(good.replace('target: fare', 'tagret: fare'))[0]?.slice(0, 1), ['tagret']);
		assert.deepEqual(faults(good.replace('target: fare', 'tagret: fare'))[0]?.[2], ['target']);
		assert.deepEqual(faults(good.replace('target: fare', 'target: fares')), [
			['fares', 'The data have no column "fares".', ['fare']],
		]);
		assert.deepEqual(faults(good.replace('target: fare', 'target: fares'), null), []);
		const turned = faults(good.replace('linear}', 'gradient_boosting, params: {monotone: {fares: increasing}}}'));
		assert.deepEqual([turned[0]?.[0], turned[0]?.[2]], ['fares', ['fare']]);
		const params = faults(good.replace('linear}', 'linear, params: {alpa: 1}}'));
		assert.deepEqual([params[0]?.[0], params[0]?.[2]], ['alpa', ['alpha']]);
	});

	it('marks what cannot be together', () => {
		assert.deepEqual(faults(good.replace('linear}', 'linear, task: anomaly}')), [
			[
				'anomaly',
				'linear does not do anomaly. It does regression and classification.',
				['regression', 'classification'],
			],
		]);
		assert.deepEqual(
			faults(`${good}split: {by: time}\n`).map(([word]) => word),
			['time'],
		);
		assert.match(String(faults('name: [a\n')[0]?.[1]), /./);
	});
});
