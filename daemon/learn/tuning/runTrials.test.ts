import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { createRandom } from '../../stats/random.ts';
import { halvingRungs } from './halving.ts';
import { runTrials } from './runTrials.ts';
import { readSpace } from './space.ts';
import { bestOf, type Course, type Metrics, type Trial, type TrialPlan } from './trial.ts';

const space = readSpace({ x: { min: -2, max: 2, type: 'float', log: false } });
const planOf = (tune: Partial<TrialPlan['tune']>): TrialPlan => ({
	space,
	metric: 'mae',
	direction: 'less',
	rows: 2700,
	tune: { search: 'tpe', trials: 30, folds: 4, prune: true, parallel: 3, seed: 1, ...tune },
});

interface Told {
	/** What was measured, by trial and step. */
	logged: Map<string, Metrics>;
	all: Trial[];
	most: number;
}

/** Measures (x − 1)² with an offset a fold, in any order, and keeps what it was told. */
function courseOf(jitter: number, before?: Map<string, Metrics>): Course & Told {
	const random = createRandom('jitter', jitter);
	let underWay = 0;
	const told: Told = { logged: new Map(), all: [], most: 0 };
	return Object.assign(told, {
		async measure({ params, folds, share }) {
			underWay++;
			told.most = Math.max(told.most, underWay);
			await pause(random.integer(3));
			underWay--;
			if (Number(params['x']) < -1.5) throw new Error('x is too small');
			return folds.map((fold) => ({ mae: (Number(params['x']) - 1) ** 2 + fold / 10 + (1 - share) }));
		},
		remembered: (trial, step) => before?.get(`${trial}.${step}`),
		began: () => undefined,
		measured: (trial, step, logged) => void told.logged.set(`${trial}.${step}`, logged),
		ended: (trial) => void told.all.push(trial),
	} satisfies Course);
}

describe('a course of trials', () => {
	for (const search of ['random', 'tpe', 'halving'] as const) {
		it(`by ${search} is the same whichever trial is faster`, async () => {
			const [one, other] = [courseOf(1), courseOf(2)];
			const trials = await runTrials(planOf({ search }), one);
			assert.deepEqual(await runTrials(planOf({ search }), other), trials);
			assert.deepEqual(
				one.all.map(({ number }) => number).sort((a, b) => a - b),
				Array.from({ length: 30 }, (_, number) => number),
			);
			assert.ok(one.most > 1 && one.most <= 3);
			assert.ok(
				trials.some(({ outcome }) => outcome === 'failed') && trials.some(({ outcome }) => outcome === 'pruned'),
			);
			assert.ok(trials.every(({ reason, outcome }) => (outcome === 'failed') === (reason === 'x is too small')));
			assert.ok((bestOf(trials)?.loss ?? 9) < 0.5);
		});

		it(`by ${search} measures nothing again that it measured before it was stopped`, async () => {
			const whole = courseOf(1);
			const trials = await runTrials(planOf({ search }), whole);
			const half = new Map([...whole.logged].slice(0, 40));
			const rest = courseOf(3, half);
			assert.deepEqual(await runTrials(planOf({ search }), rest), trials);
			assert.equal(rest.logged.size, whole.logged.size - half.size);
			assert.ok([...rest.logged.keys()].every((step) => !half.has(step)));
		});
	}

	it('prunes a trial that is worse than the median of those known, fold by fold, and none where it is not asked to', async () => {
		const trials = await runTrials(planOf({ search: 'random', parallel: 1 }), courseOf(1));
		for (const { number, losses, outcome } of trials) {
			const at = losses.length;
			const others = trials
				.slice(0, number)
				.flatMap(({ losses: of }) => (of.length >= at ? [of[at - 1] as number] : []));
			const worse = others.filter((loss) => loss < (losses.at(-1) ?? 0)).length;
			if (outcome === 'pruned') assert.ok(others.length >= 5 && worse >= others.length / 2);
			if (outcome === 'finished') assert.equal(at, 4);
		}
		const all = await runTrials(planOf({ search: 'random', prune: false }), courseOf(1));
		assert.ok(all.every(({ outcome }) => outcome !== 'pruned'));
	});

	it('halves to a third of the trials on three times the rows', () => {
		const shares = (trials: number, rows: number) =>
			halvingRungs(trials, rows).map(({ trials: count, share }) => [count, Number(share.toFixed(4))]);
		assert.deepEqual(shares(27, 1e6), [
			[27, 0.037],
			[9, 0.1111],
			[3, 0.3333],
			[1, 1],
		]);
		assert.deepEqual(shares(20, 1000), [
			[20, 0.1111],
			[6, 0.3333],
			[2, 1],
		]);
		// 400 rows: a third of them is still 100.
		assert.deepEqual(shares(20, 400), [
			[20, 0.3333],
			[6, 1],
		]);
		assert.deepEqual(shares(20, 50), [[20, 1]]);
	});

	it('takes the least loss for the best, or the greatest value where more is better', async () => {
		const trials = await runTrials({ ...planOf({}), direction: 'more' }, courseOf(1));
		const best = bestOf(trials);
		assert.ok(best && Number(best.params['x']) < -1 && best.metrics['cv_mae'] === -best.loss);
	});
});
