/** What the catalog keeps of a tuning: a run, and a child run a trial. */
import { createHash } from 'node:crypto';
import { asJson, canonicalJson } from '../catalog/canonicalJson.ts';
import type { Author, Catalog } from '../catalog/catalog.ts';
import type { NewRun } from '../catalog/runs.ts';
import { readSpace } from '../learn/tuning/space.ts';
import { PerchError } from '../protocol/errors.ts';
import type { Result } from '../protocol/methods.ts';
import type { TuneSection } from '../protocol/project/tune.ts';
import type { Run } from '../protocol/runs.ts';
import type { TunedParam, TunedTrial } from '../protocol/tuning.ts';
import type { EarlierTuning, TuningNews } from './work/tune.ts';

/** Tags of the run of a tuning and of its trials. */
const tags = {
	/** What is tuned: the same for the same sections of perch.yaml and the same Perch. */
	key: 'perch.tuning',
	digest: 'perch.tuning.data',
	section: 'perch.tuning.section',
	goal: 'perch.tuning.goal',
	resumed: 'perch.resumed',
	parent: 'mlflow.parentRunId',
	trial: 'perch.trial',
	outcome: 'perch.trial.outcome',
	reason: 'perch.reason',
} as const;

/** A tuning at work. */
export interface TuningKeeper {
	/** Its run; another one once it turns out that the data are not those of the tuning that was to be resumed. */
	run(): Run;
	/** For the job; null where nothing is resumed. */
	readonly earlier: EarlierTuning | null;
	take(news: TuningNews): void;
	/** Ends the trials that are at work. */
	stop(): void;
}

/** The key under which a tuning is found again. */
export function tuningKey(what: unknown): string {
	return createHash('sha256')
		.update(canonicalJson(asJson(what)))
		.digest('hex');
}

/** Starts the run of a tuning, or takes up the latest one with the same key that did not come to its end. */
export function keepTuning(
	{ runs, transaction }: Catalog,
	key: string,
	tune: TuneSection,
	fresh: NewRun,
	author: () => Author,
): TuningKeeper {
	const before = runs.tagged(tags.key, key).find(({ status }) => status === 'KILLED' || status === 'FAILED');
	const earlier = before === undefined ? null : earlierOf({ runs }, before);
	const create = () =>
		runs.create({ ...fresh, tags: { ...fresh.tags, [tags.key]: key, [tags.section]: JSON.stringify(tune) } }, author());
	let run = before !== undefined && earlier !== null ? runs.resume(before.id, author()) : create();
	const children = new Map(childrenOf({ runs }, run.id).map((child) => [trialOf(child), child.id]));
	const childOf = (trial: number) => children.get(trial) as string;
	const handlers: { [E in TuningNews['event']]: (news: Extract<TuningNews, { event: E }>) => void } = {
		planned({ digest, metric, direction }) {
			if (earlier !== null && earlier.digest !== digest) {
				runs.end(run.id, 'KILLED', { ...author(), reason: 'The data changed, so it was not resumed.' });
				run = create();
				children.clear();
			} else if (earlier !== null) {
				const done = childrenOf({ runs }, run.id).filter(({ status }) => status !== 'KILLED').length;
				runs.setTags(run.id, { [tags.resumed]: `${done} of ${tune.trials} trials had ended before` });
			}
			runs.setTags(run.id, { [tags.digest]: digest, [tags.goal]: JSON.stringify({ metric, direction }) });
		},
		began({ trial, params }) {
			const known = children.get(trial);
			if (known !== undefined) {
				if (runs.get(known).status !== 'FINISHED') runs.resume(known, author());
				return;
			}
			const child = runs.create(
				{
					experiment: fresh.experiment,
					name: `${run.name}-${trial + 1}`,
					source: fresh.source,
					params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)])),
					tags: { [tags.parent]: run.id, [tags.trial]: String(trial) },
				},
				author(),
			);
			children.set(trial, child.id);
		},
		measured({ trial, step, logged }) {
			const points = Object.entries(logged).map(([name, value]) => ({ key: name, value, step }));
			runs.logMetrics(childOf(trial), points);
		},
		ended({ trial: { number, outcome, metrics, reason, losses } }) {
			const id = childOf(number);
			if (runs.get(id).status !== 'RUNNING') return;
			// A rung has logged the same already.
			if (tune.search !== 'halving') {
				const points = Object.entries(metrics).map(([name, value]) => ({ key: name, value, step: losses.length }));
				runs.logMetrics(id, points);
			}
			runs.setTags(id, { [tags.outcome]: outcome });
			if (outcome === 'failed') runs.end(id, 'FAILED', { ...author(), reason: reason ?? 'It failed.' });
			else runs.end(id, 'FINISHED', author());
		},
		weighed({ trials, importance }) {
			const points = Object.entries(importance).map(([name, value]) => ({
				key: `importance_${name}`,
				value,
				step: trials,
			}));
			runs.logMetrics(run.id, points);
		},
	};
	return {
		run: () => run,
		earlier,
		take: (news) => transaction(() => handlers[news.event](news as never)),
		stop() {
			for (const id of children.values()) if (runs.get(id).status === 'RUNNING') runs.end(id, 'KILLED', author());
		},
	};
}

function childrenOf({ runs }: Pick<Catalog, 'runs'>, id: string): Run[] {
	return runs.tagged(tags.parent, id).sort((a, b) => trialOf(a) - trialOf(b));
}

function trialOf({ tags: of }: Run): number {
	return Number(of[tags.trial]);
}

/** What its trials logged; null where there is nothing to go on from. */
function earlierOf({ runs }: Pick<Catalog, 'runs'>, run: Run): EarlierTuning | null {
	const digest = run.tags[tags.digest];
	const children = childrenOf({ runs }, run.id);
	if (digest === undefined || children.length === 0) return null;
	const section = JSON.parse(run.tags[tags.section] as string) as TuneSection;
	const prefix = section.search === 'halving' ? 'cv_' : 'fold_';
	return {
		digest,
		trials: children.map((child) => {
			const steps: Record<string, number>[] = [];
			for (const [name, points] of Object.entries(runs.show(child.id).history)) {
				if (!name.startsWith(prefix)) continue;
				for (const { step, value } of points) {
					steps[step - 1] = { ...steps[step - 1], [name]: value ?? Number.NaN };
				}
			}
			return {
				number: trialOf(child),
				steps,
				failed: child.tags[tags.outcome] === 'failed' ? (child.tags[tags.reason] ?? 'It failed.') : null,
			};
		}),
	};
}

/** `runs/tuning`. */
export function showTuning(
	{ runs }: Pick<Catalog, 'runs'>,
	id: string,
	isAtWork: (run: string) => boolean,
): Result<'runs/tuning'> {
	const run = runs.find(id);
	const section = run.tags[tags.section];
	if (section === undefined) {
		throw new PerchError('invalid_arguments', `The run ${run.name} is no tuning.`, {
			hint: 'A training tunes where perch.yaml has model.tune.',
		});
	}
	const tune = JSON.parse(section) as TuneSection;
	const goal = JSON.parse(run.tags[tags.goal] ?? '{"metric":null,"direction":"less"}') as Pick<
		Result<'runs/tuning'>,
		'metric' | 'direction'
	>;
	const space = readSpace(tune.space) as TunedParam[];
	const trials = childrenOf({ runs }, run.id).map((child) =>
		shownTrial({ runs }, child, space, goal.metric, tune.search),
	);
	const measured = trials.filter(({ status, value }) => status === 'finished' && value !== null);
	const sign = goal.direction === 'less' ? 1 : -1;
	const best = measured.reduce<TunedTrial | null>(
		(least, trial) => (least === null || sign * Number(trial.value) < sign * Number(least.value) ? trial : least),
		null,
	);
	const weights = space.flatMap(({ name }) => {
		const weight = run.metrics[`importance_${name}`];
		return typeof weight === 'number' ? [[name, weight] as const] : [];
	});
	return {
		run,
		search: tune.search,
		...goal,
		planned: tune.trials,
		space: space.map((param) => ({ ...param }) as TunedParam),
		trials,
		best: best?.number ?? null,
		importance: weights.length === 0 ? null : Object.fromEntries(weights),
		at_work: isAtWork(run.id),
	};
}

function shownTrial(
	{ runs }: Pick<Catalog, 'runs'>,
	child: Run,
	space: readonly TunedParam[],
	metric: string | null,
	search: TuneSection['search'],
): TunedTrial {
	const outcome = child.tags[tags.outcome];
	const status = child.status === 'RUNNING' ? 'running' : child.status === 'KILLED' ? 'stopped' : outcome;
	const { history } = runs.show(child.id);
	const steps = (history[`${search === 'halving' ? 'cv' : 'fold'}_${metric}`] ?? []).map(({ value }) => value);
	const known = steps.filter((value) => value !== null);
	const mean = known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
	return {
		number: trialOf(child) + 1,
		run: child.id,
		status: status as TunedTrial['status'],
		reason: child.tags[tags.reason] ?? null,
		params: Object.fromEntries(
			space.flatMap((param): [string, number | string | boolean][] => {
				const text = child.params[param.name];
				if (text === undefined) return [];
				if (param.kind !== 'choice') return [[param.name, Number(text)]];
				return [[param.name, param.choices.find((choice) => String(choice) === text) ?? text]];
			}),
		),
		value: search === 'halving' ? (steps.at(-1) ?? null) : mean,
		spread: child.metrics[`cv_${metric}_std`] ?? null,
		steps,
		seconds: child.end_time === null ? null : (child.end_time - child.start_time) / 1000,
	};
}
