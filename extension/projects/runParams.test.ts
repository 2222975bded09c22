import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { projectForFile, withParams } from './runParams.ts';

const text = `name: vitals # of the ward
data: {source: train.csv}
model:
  type: isolation_forest
  params: {trees: 100, sample_size: 256} # so far
`;

describe('the params of a run in perch.yaml', () => {
	it('take the place of those that are there, with every comment kept', () => {
		const next = withParams(text, { trees: '150', sample_size: '256', rows: '12000', contamination: '0.02' });
		assert.match(next, /^name: vitals # of the ward$/m);
		assert.match(next, /params: \{ ?trees: 150, sample_size: 256, contamination: 0\.02 ?\} # so far/);
	});

	it('leave text alone that says the same already, or no model', () => {
		assert.equal(withParams(text, { trees: '100', seed: '7', features: '1' }), text);
		assert.equal(withParams('name: x\n', { trees: '3' }), 'name: x\n');
	});

	it('are added where none were written', () => {
		assert.match(withParams('model: {type: linear}\n', { penalty: 'l1' }), /params: ?\n? *\{? ?penalty: l1/);
	});

	it('bring the type that the run had, and leave what belongs to the other out', () => {
		const other = withParams(text, { 'model.type': 'linear', penalty: 'l1', alpha: '1' });
		assert.deepEqual(parse(other).model, { type: 'linear', params: { penalty: 'l1' } });
		assert.match(other, /# of the ward/);
		assert.equal(withParams(text, { 'model.type': 'ensemble', combine: 'vote' }), text);
	});

	it('may hold names inside', () => {
		const boosting = 'model: {type: gradient_boosting, params: {class_weight: {a: 2}}}\n';
		const same = { class_weight: '{"a":2}', monotone: '{}' };
		assert.equal(withParams(boosting, same), boosting);
		const next = withParams(boosting, { ...same, monotone: '{"size":"increasing"}' });
		assert.deepEqual(parse(next).model.params, { class_weight: { a: 2 }, monotone: { size: 'increasing' } });
	});

	it('of a command are those that it was given', () => {
		const command = 'model: {type: command, run: ./train, params: {depth: 4}}\n';
		const next = withParams(command, { 'model.type': 'command', depth: '6', 'prepare.features': '3' });
		assert.deepEqual(parse(next).model, { type: 'command', run: './train', params: { depth: 6 } });
	});

	it('of a trial stand without the tuning', () => {
		const tuned = 'model:\n  type: linear\n  tune: {space: {alpha: [0.1, 9]}}\n';
		const next = withParams(tuned, { alpha: '0.5' }, { keepTuning: false });
		assert.deepEqual(parse(next).model, { type: 'linear', params: { alpha: 0.5 } });
		assert.deepEqual(parse(withParams(tuned, { alpha: '0.5' })).model.tune, { space: { alpha: [0.1, 9] } });
	});

	it('of a run on a data file make a perch.yaml', () => {
		const params = {
			'model.type': 'random_forest',
			trees: '50',
			max_depth: '16',
			'data.target': 'price',
			'prepare.features': '3',
		};
		assert.deepEqual(parse(projectForFile('/data/flats.csv', 'flats', params)), {
			name: 'flats',
			data: { source: '/data/flats.csv', target: 'price' },
			model: { type: 'random_forest', params: { trees: 50 } },
			register: { as: 'flats' },
		});
	});
});
