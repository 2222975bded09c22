import assert from 'node:assert/strict';
import { withParams } from './runParams.ts';

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
});
