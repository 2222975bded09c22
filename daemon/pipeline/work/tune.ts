/** Tuning inside a training job: what it tells the daemon, and what it is told of an earlier one. */
import { join } from 'node:path';
import type { Table } from '../../data/table.ts';
import type { JobContext } from '../../jobs/runJob.ts';
import type { TrainingSpec } from '../../learn/training.ts';
import type { Params } from '../../learn/tuning/space.ts';
import type { Metrics, Trial } from '../../learn/tuning/trial.ts';
import { type Tuned, tuneModel } from '../../learn/tuning/tuneModel.ts';
import type { TuneSection } from '../../protocol/project/tune.ts';

/** What a tuning tells while it is at work; trials count from 0, steps from 1. */
export type TuningNews =
	| { readonly event: 'planned'; readonly digest: string; readonly metric: string; readonly direction: 'less' | 'more' }
	| { readonly event: 'began'; readonly trial: number; readonly params: Params }
	| { readonly event: 'measured'; readonly trial: number; readonly step: number; readonly logged: Metrics }
	| { readonly event: 'ended'; readonly trial: Trial }
	| { readonly event: 'weighed'; readonly trials: number; readonly importance: Record<string, number> };

/** How far a tuning of the same params on the same data came before it was stopped. */
export interface EarlierTuning {
	/** Of the data that it read. */
	readonly digest: string;
	readonly trials: readonly {
		readonly number: number;
		/** What it logged, by step from 1. */
		readonly steps: readonly Metrics[];
		/** Why it failed, if it did. */
		readonly failed: string | null;
	}[];
}

/** Tunes, going on from an earlier tuning where that read the same data. */
export function tuneWork(
	table: Table,
	spec: TrainingSpec,
	tune: TuneSection,
	{ dist, digest, earlier }: { dist: string; digest: string; earlier: EarlierTuning | null },
	{ progress, tell }: Pick<JobContext, 'progress' | 'tell'>,
): Promise<Tuned> {
	const known = new Map(earlier?.digest === digest ? earlier.trials.map((trial) => [trial.number, trial]) : []);
	const say = (news: TuningNews) => tell(news);
	return tuneModel(table, spec, tune, join(dist, 'trialThread.cjs'), {
		remembered(trial, step) {
			const { steps = [], failed = null } = known.get(trial) ?? {};
			if (failed !== null && step === steps.length + 1) throw new Error(failed);
			return steps[step - 1];
		},
		planned: (metric, direction) => say({ event: 'planned', digest, metric, direction }),
		began: (trial, params) => say({ event: 'began', trial, params }),
		measured: (trial, step, logged) => say({ event: 'measured', trial, step, logged }),
		ended: (trial) => say({ event: 'ended', trial }),
		weighed: (trials, importance) => say({ event: 'weighed', trials, importance }),
		progress: ({ message, share }) => progress(message, share),
	});
}
