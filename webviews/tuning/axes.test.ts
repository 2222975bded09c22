import assert from 'node:assert/strict';
import type { TunedTrial } from '../../daemon/protocol/tuning.ts';
import { axesOf, bestSoFar, goodness, worstShown } from './axes.ts';

const trial = (
	number: number,
	value: number | null,
	params: TunedTrial['params'],
	status = 'finished',
): TunedTrial => ({
	...{ number, value, params, status: status as TunedTrial['status'] },
	...{ run: String(number), reason: null, spread: null, steps: [], seconds: 1 },
});
const trials = [
	trial(1, 8, { rate: 0.01, kind: 'b' }),
	trial(2, 5, { rate: 0.1, kind: 'a' }),
	trial(3, 4, { rate: 1, kind: 'c' }, 'pruned'),
	trial(4, 6, { rate: 0.1, kind: 'c' }),
];
const space = [
	{ name: 'rate', kind: 'float' as const, min: 0.01, max: 1, log: true },
	{ name: 'kind', kind: 'choice' as const, choices: ['a', 'b', 'c'] },
];

describe('the axes of a tuning', () => {
	it('place factors evenly where they are logarithmic, choices in their order, and the better metric above', () => {
		const [rate, kind, metric] = axesOf({ space, metric: 'mae', direction: 'less', trials });
		assert.deepEqual(
			trials.map((one) => [rate?.place(one), kind?.place(one), metric?.place(one)]),
			[
				[0, 0.5, 0],
				[0.5, 0, 0.75],
				[1, 1, 1],
				[0.5, 1, 0.5],
			],
		);
		assert.deepEqual(metric?.marks, [
			{ place: 0, text: '8' },
			{ place: 1, text: '4' },
		]);
		const [, , other] = axesOf({ space, metric: 'r2', direction: 'more', trials });
		assert.equal(other?.place(trials[0] as TunedTrial), 1);
	});

	it('leave a few poor trials out of the picture', () => {
		// Quarters at 2 and 6 of eight sorted values (places 1.75 and 5.25, rounded down): the fence is 6 + 1.5 · 4 = 12.
		assert.deepEqual(worstShown([1, 2, 3, 4, 5, 6, 12, 90], 'less'), { worst: 12, beyond: 1 });
		assert.deepEqual(worstShown([-1, -2, -3, -4, -5, -6, -12, -90], 'more'), { worst: -12, beyond: 1 });
		assert.deepEqual(worstShown([1, 2, 3, 90], 'less'), { worst: 90, beyond: 0 });
	});

	it('rank trials from the worst to the best', () => {
		const of = goodness({ space, metric: 'mae', direction: 'less', trials });
		assert.deepEqual(trials.map(of), [0, 2 / 3, 1, 1 / 3]);
	});

	it('follow the best of the trials that were measured to the end', () => {
		assert.deepEqual(
			bestSoFar(trials, 'less').map(({ y }) => y),
			[8, 5, 5, 5],
		);
		assert.deepEqual(
			bestSoFar([trial(1, null, {}, 'running'), ...trials], 'more').map(({ y }) => y),
			[null, 8, 8, 8, 8],
		);
	});
});
