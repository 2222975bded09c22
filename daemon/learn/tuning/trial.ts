/** One try of params: what is asked of those who measure it, and what became of it. */
import type { TuneSection } from '../../protocol/project/tune.ts';
import type { Judged } from './propose.ts';
import type { Dimension, Params } from './space.ts';

export type Metrics = Record<string, number>;

/** These params, learned from a share of the rows of some folds. */
export interface Measurement {
	readonly params: Params;
	/** From 0. */
	readonly folds: readonly number[];
	/** 0 to 1; a greater share has the rows of a smaller one and more. */
	readonly share: number;
}

export interface Trial extends Judged {
	/** From 0. */
	readonly number: number;
	readonly outcome: 'finished' | 'pruned' | 'failed';
	/** After each step: the mean over the folds so far, or that of the rung. */
	readonly losses: readonly number[];
	/** Over the folds, as far as they were measured: `cv_…` and `cv_…_std`. */
	readonly metrics: Metrics;
	/** Why it failed. */
	readonly reason: string | null;
}

/** What a course of trials needs from outside, and tells. A step is a fold or a rung, from 1. */
export interface Course {
	/** A record of metrics a fold; a rejection fails the trial. */
	measure(measurement: Measurement): Promise<Metrics[]>;
	/** What an earlier course logged of the same step of the same trial, if it came so far. */
	remembered(trial: number, step: number): Metrics | undefined;
	began(trial: number, params: Params): void;
	/** `logged` is what `remembered` is to give back. */
	measured(trial: number, step: number, logged: Metrics): void;
	ended(trial: Trial): void;
}

export interface TrialPlan {
	readonly space: readonly Dimension[];
	readonly tune: Omit<TuneSection, 'space' | 'metric'>;
	readonly metric: string;
	readonly direction: 'less' | 'more';
	/** Rows that the smallest fold learns from. */
	readonly rows: number;
}

/** What is to be small: infinite for what could not be measured. */
export function lossOf({ direction }: Pick<TrialPlan, 'direction'>, value: number | undefined): number {
	if (value === undefined || !Number.isFinite(value)) return Number.POSITIVE_INFINITY;
	return direction === 'less' ? value : -value;
}

/** The best of those that were measured to the end, the first of equals. */
export function bestOf(trials: readonly Trial[]): Trial | undefined {
	return trials
		.filter(({ outcome, loss }) => outcome === 'finished' && loss < Number.POSITIVE_INFINITY)
		.reduce<Trial | undefined>(
			(best, trial) => (best === undefined || trial.loss < best.loss ? trial : best),
			undefined,
		);
}
