import assert from 'node:assert/strict';
import { paramImportance } from './importance.ts';
import { proposeAtRandom } from './propose.ts';
import { type Params, readSpace } from './space.ts';

const space = readSpace({
	a: { min: 0, max: 1, type: 'float', log: false },
	b: { min: 0.01, max: 100, log: true, type: 'float' },
	kind: ['x', 'y'],
	idle: { min: 0, max: 1, type: 'float', log: false },
});
const of = (loss: (params: Params) => number, count = 300) =>
	paramImportance(
		space,
		Array.from({ length: count }, (_, trial) => {
			const params = proposeAtRandom(space, 5, trial);
			return { params, loss: loss(params) };
		}),
	);
const near = (value: number | undefined, expected: number, within: number) =>
	assert.ok(Math.abs((value ?? Number.NaN) - expected) < within, `${value} beside ${expected}`);

describe('importance of params', () => {
	it('is the share of the variance that each explains alone', () => {
		// Uniform in 0..1: 6 a has a variance of 36 / 12 = 3, log10(b) / 2 + 1, which is uniform in 0..2, one of 4 / 12 = 1/3,
		// and 4 or 0 one of 4: of 7.33 in all 0.409, 0.045 and 0.545.
		const shares = of(({ a, b, kind }) => 6 * Number(a) + Math.log10(Number(b)) / 2 + 1 + (kind === 'y' ? 4 : 0));
		near(shares?.['a'], 0.409, 0.04);
		near(shares?.['b'], 0.045, 0.03);
		near(shares?.['kind'], 0.545, 0.04);
		near(shares?.['idle'], 0, 0.01);
	});

	it('counts what params do together to none of them', () => {
		// (a − 1/2) or its opposite by the kind: neither has an effect alone.
		const shares = of(({ a, kind }) => (Number(a) - 0.5) * (kind === 'y' ? 1 : -1));
		assert.ok((shares?.['a'] ?? 1) < 0.15 && (shares?.['kind'] ?? 1) < 0.15, JSON.stringify(shares));
	});

	it('is not told of few trials, nor of trials that are all as good', () => {
		assert.equal(
			of(({ a }) => Number(a), 9),
			null,
		);
		assert.equal(
			of(() => 1),
			null,
		);
		assert.equal(
			of(() => Number.POSITIVE_INFINITY),
			null,
		);
	});
});
