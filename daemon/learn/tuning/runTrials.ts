/** The course of a tuning: which trials are made, and which end early. It follows from the plan and its seed alone. */

import { prefixed } from '../metrics/prefixed.ts';
import { summarizeFolds } from '../validation/crossValidate.ts';
import { runHalving } from './halving.ts';
import { proposeAtRandom, proposeByTpe } from './propose.ts';
import type { Params } from './space.ts';
import { type Course, lossOf, type Metrics, type Trial, type TrialPlan } from './trial.ts';

/** Trials known to a new one from which on it may be pruned. */
const fewestKnown = 5;

/** Makes all trials and returns them in their order. */
export function runTrials(plan: TrialPlan, course: Course): Promise<Trial[]> {
	return plan.tune.search === 'halving' ? runHalving(plan, course) : runInWindow(plan, course);
}

/**
 * Trial n begins once all trials up to n − `parallel` have ended, and knows those alone: so it tries and ends the same
 * whichever of those under way is faster.
 */
async function runInWindow(plan: TrialPlan, course: Course): Promise<Trial[]> {
	const { space, tune } = plan;
	const running: Promise<Trial>[] = [];
	const tried: Params[] = [];
	const ended: Trial[] = [];
	for (let number = 0; number < tune.trials; number++) {
		const latest = running[number - tune.parallel];
		if (latest !== undefined) ended.push(await latest);
		const params =
			tune.search === 'tpe'
				? proposeByTpe(space, tune.seed, number, ended, tried.slice(ended.length))
				: proposeAtRandom(space, tune.seed, number);
		tried.push(params);
		running.push(runTrial(plan, course, number, params, [...ended]));
	}
	return Promise.all(running);
}

/** Fold after fold, until it is worse than half of the known trials were so far. */
async function runTrial(
	plan: TrialPlan,
	course: Course,
	number: number,
	params: Params,
	known: readonly Trial[],
): Promise<Trial> {
	const { folds, prune } = plan.tune;
	const measured: Metrics[] = [];
	const losses: number[] = [];
	let outcome: Trial['outcome'] = 'finished';
	let reason: string | null = null;
	course.began(number, params);
	try {
		while (measured.length < folds && outcome === 'finished') {
			const step = measured.length + 1;
			measured.push(await measureFold(course, number, params, step));
			losses.push(
				lossOf(plan, measured.reduce((sum, metrics) => sum + (metrics[plan.metric] ?? Number.NaN), 0) / step),
			);
			if (prune && step < folds && isHopeless(losses, known)) outcome = 'pruned';
		}
	} catch (error) {
		outcome = 'failed';
		reason = (error as Error).message;
	}
	const trial: Trial = {
		number,
		params,
		outcome,
		losses,
		loss: outcome === 'failed' ? Number.POSITIVE_INFINITY : (losses.at(-1) as number),
		pruned: outcome === 'pruned',
		metrics: measured.length > 1 ? summarizeFolds(measured).metrics : {},
		reason,
	};
	course.ended(trial);
	return trial;
}

async function measureFold(course: Course, number: number, params: Params, step: number): Promise<Metrics> {
	const before = course.remembered(number, step);
	if (before !== undefined) {
		return Object.fromEntries(Object.entries(before).map(([name, value]) => [name.replace(/^fold_/, ''), value]));
	}
	const [metrics = {}] = await course.measure({ params, folds: [step - 1], share: 1 });
	course.measured(number, step, prefixed('fold_', metrics));
	return metrics;
}

/** Whether a trial is worse than the median of those that came as far, on the same folds. */
function isHopeless(losses: readonly number[], known: readonly Trial[]): boolean {
	const step = losses.length;
	const others = known
		.flatMap(({ losses: of }) => (of.length >= step ? [of[step - 1] as number] : []))
		.sort((a, b) => a - b);
	if (others.length < fewestKnown) return false;
	const middle = others.length >> 1;
	const median =
		others.length % 2 === 1 ? others[middle] : ((others[middle - 1] as number) + (others[middle] as number)) / 2;
	return (losses.at(-1) as number) > (median as number);
}
