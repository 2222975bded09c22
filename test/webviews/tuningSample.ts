/** A tuning at work: 24 of 30 trials, some pruned, one failed, two running. */
import type { TunedTrial } from '../../daemon/protocol/tuning.ts';
import type { TuningView } from '../../webviews/messages/tuning.ts';
import { hostile } from './samples.ts';

const id = (trial: number) => `${trial}b`.padEnd(32, '7');
const growths = ['depth', 'leaf', hostile] as const;

/** Trials that come closer to their goal, with some that do not. */
function trial(number: number): TunedTrial {
	const off = Math.abs(Math.sin(number * 12.9898)) / Math.sqrt(1 + number / 4);
	const rate = 0.06 * 10 ** (1.2 * Math.sin(number * 78.233) * off);
	const trees = Math.round(220 + 170 * Math.cos(number * 3.7) * (off + 0.2));
	const value = 16.4 + 9 * off + Math.abs(Math.log10(rate / 0.06)) * 3;
	const status =
		number > 22 ? 'running' : number === 9 ? 'failed' : number > 6 && value > 20 ? 'pruned' : ('finished' as const);
	const steps = { running: 23 - number + 1, failed: 0, pruned: 2, finished: 5, stopped: 0 }[status];
	const measured = Array.from({ length: Math.max(0, steps) }, (_, step) => value + Math.sin(step * 5 + number) / 3);
	return {
		...{
			number,
			run: id(number),
			status,
			params: { learning_rate: rate, trees, growth: growths[number % 3] as string },
		},
		reason: status === 'failed' ? `No column is left to learn from ${hostile}` : null,
		value: measured.length === 0 ? null : measured.reduce((sum, one) => sum + one, 0) / measured.length,
		spread: status === 'finished' ? 0.21 + off / 3 : null,
		...{ steps: measured, seconds: status === 'running' ? null : 1.2 + trees / 90 },
	};
}

const trials = Array.from({ length: 24 }, (_, index) => trial(index + 1));
const best = trials
	.filter(({ status }) => status === 'finished')
	.reduce((least, one) => (Number(one.value) < Number(least.value) ? one : least)).number;

export const tuningView: TuningView = {
	...{ root: '/home/ada/flats', readOnly: false },
	tuning: {
		run: {
			...{ id: id(0), name: 'sleek-osprey-968', experiment: hostile, status: 'RUNNING' },
			...{ start_time: Date.UTC(2026, 4, 2, 9, 30), end_time: null, params: {}, metrics: {}, tags: {} },
			...{ dataset: null, commit: null, model: null },
		},
		...{ search: 'tpe', metric: 'mae', direction: 'less', planned: 30, best, at_work: true },
		space: [
			{ name: 'learning_rate', kind: 'float', min: 0.005, max: 0.5, log: true },
			{ name: 'trees', kind: 'int', min: 50, max: 400, log: false },
			{ name: 'growth', kind: 'choice', choices: [...growths] },
		],
		trials,
		importance: { learning_rate: 0.5727, trees: 0.2928, growth: 0.0463 },
	},
};
