/** From a table and a space of params to the best of them. */
import { availableParallelism } from 'node:os';
import type { Table } from '../../data/table.ts';
import { alone } from '../../kernels/team.ts';
import type { Progress } from '../../protocol/core.ts';
import { isPerchError, PerchError } from '../../protocol/errors.ts';
import { direction } from '../../protocol/project/comparison.ts';
import type { ModelSection } from '../../protocol/project/model.ts';
import type { TuneSection } from '../../protocol/project/tune.ts';
import { type AnyReady, estimatorOf, type Means } from '../estimators.ts';
import type { TrainingSpec } from '../training.ts';
import { requireWeighable } from '../weights/requireWeighable.ts';
import { groundOf } from './grounds.ts';
import { paramImportance } from './importance.ts';
import { runTrials } from './runTrials.ts';
import { type Dimension, type Params, readSpace } from './space.ts';
import { bestOf, type Course, type Trial } from './trial.ts';
import { startTrialThreads } from './trialThreads.ts';

export interface TuningCalls extends Omit<Course, 'measure'> {
	/** What is made best, once the target is known and all that was asked for fits. */
	planned(metric: string, direction: 'less' | 'more'): void;
	/** After so many trials have ended. */
	weighed(trials: number, importance: Record<string, number>): void;
	progress(progress: Progress): void;
}

export interface Tuned {
	/** The model with the best params, and nothing left to tune. */
	readonly model: ModelSection;
	readonly params: Record<string, string>;
	/** Those of the best trial. */
	readonly metrics: Record<string, number>;
	readonly warnings: string[];
}

/**
 * Tries params on folds of the rows that a training learns from: the rows that are measured with later stay unseen. Rows
 * are read once and prepared once a fold; `threads` names the bundle of the threads that share them.
 * Throws `invalid_config` where a param, its values or the metric do not fit, before a trial is made, and the first
 * reason where every trial failed.
 */
export async function tuneModel(
	table: Table,
	spec: TrainingSpec,
	tune: TuneSection,
	threads: string,
	calls: TuningCalls,
): Promise<Tuned> {
	const { tune: _, ...model } = spec.model;
	const space = readSpace(tune.space);
	const estimator = checkSpace(model, space, { team: alone, dir: spec.dir });
	requireWeighable(spec, estimator.kind);
	const ground = groundOf(table, spec, tune, estimator);
	const metric = tune.metric ?? (ground.metrics[0] as string);
	if (!ground.metrics.includes(metric)) {
		throw new PerchError('invalid_config', `model.tune.metric: ${metric} is not what ${ground.task} is tuned by.`, {
			field: 'model.tune.metric',
			hint: `One of ${ground.metrics.join(', ')}.`,
		});
	}
	const { lesson, rows } = ground.prepare(metric, (fold, of) =>
		calls.progress({ message: `Preparing fold ${fold} of ${of}`, share: 0 }),
	);
	const plan = { space, tune, metric, direction: direction(metric) ?? 'less', rows } as const;
	calls.planned(metric, plan.direction);
	const count = Math.min(tune.parallel, availableParallelism(), tune.trials);
	const pool = startTrialThreads(threads, count, lesson);
	try {
		const trials = await runTrials(plan, watched(pool.measure, plan, calls));
		return answer(model, tune, metric, trials);
	} finally {
		await pool.close();
	}
}

/** Holds the ends of every range and every choice against the params of the estimator. */
function checkSpace(model: ModelSection, space: readonly Dimension[], means: Means): AnyReady {
	const estimator = estimatorOf(model, means);
	for (const dimension of space) {
		const field = `model.tune.space.${dimension.name}`;
		const values = dimension.kind === 'choice' ? dimension.choices : [dimension.min, dimension.max];
		for (const value of values) {
			try {
				estimatorOf({ ...model, params: { ...model.params, [dimension.name]: value } }, means);
			} catch (error) {
				if (!isPerchError(error)) throw error;
				const message = error.message.replace(`model.params.${dimension.name}`, field).replace(/^model\.params/, field);
				throw new PerchError(error.code, message, { ...error.detail, field });
			}
		}
	}
	return estimator;
}

/** The course with progress in words, and importance now and then. */
function watched(
	measure: Course['measure'],
	{ tune, space, metric }: { tune: TuneSection; space: readonly Dimension[]; metric: string },
	calls: TuningCalls,
): Course {
	const all: Trial[] = [];
	return {
		measure,
		remembered: calls.remembered,
		began: calls.began,
		measured: calls.measured,
		ended(trial) {
			calls.ended(trial);
			all.push(trial);
			const shown = (one: Trial | undefined) => {
				const value = one?.metrics[`cv_${metric}`];
				return value === undefined ? 'none' : String(Number(value.toPrecision(5)));
			};
			const best = bestOf(all);
			const word = trial.outcome === 'finished' ? `${metric} ${shown(trial)}` : trial.outcome;
			calls.progress({
				message: `${all.length} of ${tune.trials} trials: trial ${trial.number + 1} ${word}, best ${shown(best)}`,
				share: all.length / tune.trials,
			});
			if (all.length % Math.ceil(tune.trials / 50) !== 0 && all.length < tune.trials) return;
			// Trials end in any order, and what is said of them does not depend on it.
			const known = [...all].sort((one, other) => one.number - other.number);
			// On the first rung every trial saw as many rows; later ones saw more, and are better for that alone.
			const judged =
				tune.search === 'halving'
					? known.map((one) => ({ ...one, loss: one.losses[0] ?? Number.POSITIVE_INFINITY }))
					: known;
			const importance = paramImportance(space, judged);
			if (importance !== null) calls.weighed(all.length, importance);
		},
	};
}

function answer(model: ModelSection, tune: TuneSection, metric: string, trials: readonly Trial[]): Tuned {
	const best = bestOf(trials);
	const count = (outcome: Trial['outcome']) => trials.filter((trial) => trial.outcome === outcome).length;
	if (best === undefined) {
		const reason = trials.find((trial) => trial.reason !== null)?.reason ?? `none could be measured by ${metric}`;
		throw new PerchError('invalid_data', `None of ${trials.length} trials succeeded; the first: ${reason}`, {
			field: 'model.tune',
			hint: 'Train once without model.tune to see what is wrong, or narrow the space.',
		});
	}
	const failed = count('failed');
	return {
		model: { ...model, params: { ...model.params, ...best.params } },
		params: {
			'tune.search': tune.search,
			'tune.metric': metric,
			'tune.trials': String(tune.trials),
			'tune.folds': String(tune.folds),
			'tune.pruned': String(count('pruned')),
			'tune.failed': String(failed),
			'tune.best_trial': String(best.number + 1),
		},
		metrics: best.metrics,
		warnings: [
			...(failed === 0
				? []
				: [`${failed} of ${trials.length} trials failed; the first: ${trials.find(({ reason }) => reason)?.reason}`]),
			...atTheEdge(readSpace(tune.space), best.params),
		],
	};
}

/** A best value at the end of its range asks for a wider one. */
function atTheEdge(space: readonly Dimension[], params: Params): string[] {
	return space.flatMap((dimension) => {
		const { name } = dimension;
		if (dimension.kind === 'choice' || dimension.min === dimension.max) return [];
		const value = params[name];
		if (value !== dimension.min && value !== dimension.max) return [];
		return [`The best ${name} is ${value}, at the end of its range: a wider one may hold a better.`];
	});
}
