/** Successive halving: many trials on few rows, the best of them on more. */
import { summarizeFolds } from '../validation/crossValidate.ts';
import { proposeAtRandom } from './propose.ts';
import { type Course, lossOf, type Metrics, type Trial, type TrialPlan } from './trial.ts';

const factor = 3;
/** Rows that a fold learns from at least, where it has as many. */
const fewestRows = 100;

interface Rung {
	/** How many trials are measured. */
	readonly trials: number;
	/** Of the rows that a fold learns from. */
	readonly share: number;
}

/** The rungs from the lowest: each has a third of the trials of the one before, at least one, and three times its rows. */
export function halvingRungs(trials: number, rows: number): Rung[] {
	const byTrials = Math.floor(Math.log(trials) / Math.log(factor) + 1e-9);
	const byRows = Math.floor(Math.log(Math.max(1, rows / fewestRows)) / Math.log(factor) + 1e-9);
	const top = Math.min(byTrials, byRows);
	return Array.from({ length: top + 1 }, (_, rung) => ({
		trials: Math.floor(trials / factor ** rung),
		share: factor ** (rung - top),
	}));
}

/**
 * Jamieson and Talwalkar (AISTATS 2016), with rows as what is spent: all trials are drawn at random and measured on a small
 * share of the rows, the best third on three times as many, and so on to all rows. The others are pruned.
 */
export async function runHalving(plan: TrialPlan, course: Course): Promise<Trial[]> {
	const { space, tune } = plan;
	const rungs = halvingRungs(tune.trials, plan.rows);
	const trials = new Array<Trial>(tune.trials);
	let entrants = Array.from(
		{ length: tune.trials },
		(_, number): Entrant => ({
			number,
			params: proposeAtRandom(space, tune.seed, number),
			losses: [],
			metrics: {},
			reason: null,
		}),
	);
	const end = (entrant: Entrant, outcome: Trial['outcome']) => {
		const loss = outcome === 'failed' ? Number.POSITIVE_INFINITY : (entrant.losses.at(-1) as number);
		const trial: Trial = { ...entrant, outcome, loss, pruned: outcome === 'pruned' };
		trials[entrant.number] = trial;
		course.ended(trial);
	};
	for (const [index, { share }] of rungs.entries()) {
		await inLanes(entrants, tune.parallel, async (entrant) => {
			if (index === 0) course.began(entrant.number, entrant.params);
			await climb(plan, course, entrant, index + 1, share);
			if (entrant.reason !== null) end(entrant, 'failed');
		});
		const standing = entrants.filter(({ reason }) => reason === null);
		standing.sort((a, b) => (a.losses.at(-1) as number) - (b.losses.at(-1) as number) || a.number - b.number);
		const places = rungs[index + 1]?.trials ?? standing.length;
		for (const entrant of standing.slice(places)) end(entrant, 'pruned');
		entrants = standing.slice(0, places);
	}
	for (const entrant of entrants) end(entrant, 'finished');
	return trials;
}

interface Entrant extends Pick<Trial, 'number' | 'params'> {
	losses: number[];
	metrics: Metrics;
	reason: string | null;
}

async function climb(plan: TrialPlan, course: Course, entrant: Entrant, step: number, share: number): Promise<void> {
	const { number, params } = entrant;
	try {
		let logged = course.remembered(number, step);
		if (logged === undefined) {
			const folds = Array.from({ length: plan.tune.folds }, (_, fold) => fold);
			logged = summarizeFolds(await course.measure({ params, folds, share })).metrics;
			course.measured(number, step, logged);
		}
		entrant.metrics = logged;
		entrant.losses.push(lossOf(plan, logged[`cv_${plan.metric}`]));
	} catch (error) {
		entrant.reason = (error as Error).message;
	}
}

/** Does the work for all, so many at once. */
async function inLanes<T>(all: readonly T[], lanes: number, work: (one: T) => Promise<void>): Promise<void> {
	let next = 0;
	await Promise.all(
		Array.from({ length: Math.min(lanes, all.length) }, async () => {
			while (next < all.length) await work(all[next++] as T);
		}),
	);
}
