/** A candidate beside production: started, watched, decided on, and tried out beforehand. */

import * as z from 'zod/mini';
import { longParams } from './core.ts';
import { method } from './method.ts';
import { reading } from './reading.ts';
import { described } from './schema.ts';
import { deployment } from './serving.ts';
import { projectParams } from './training.ts';

const which = { deployment: z.optional(described(z.string(), 'The only deployment unless told.')) };

export const canaryStart = method(
	'Gives the candidate a share of the traffic.',
	z.object({ ...which, version: z.optional(z.int()), share: z.optional(z.number().check(z.minimum(0), z.maximum(1))) }),
	z.object({ deployment }),
);

export const canaryStatus = method(
	'Shows the running canary of a deployment.',
	z.object(which),
	z.object({ deployment }),
	{ readOnly: true },
);

export const guardVerdict = z.object({
	guard: z.string(),
	failed: described(z.nullable(z.boolean()), 'null: not enough traffic to tell.'),
	value: z.nullable(z.number()),
	reason: z.string(),
});
export type GuardVerdict = z.infer<typeof guardVerdict>;

export const canaryDecide = method(
	'Looks at the live traffic now instead of at the next turn, and acts on what the guards say.',
	z.object({ ...which, ...longParams }),
	z.object({ deployment, verdicts: z.array(guardVerdict), action: z.enum(['none', 'rolled_back']) }),
	{ long: true },
);

export const canaryStop = method(
	'Takes the share back to 0 without judging the candidate.',
	z.object({ ...which, reason: z.optional(z.string()) }),
	z.object({ deployment }),
);

/** A rate with its Wilson 95 % interval. */
export const rate = z.object({ share: z.number(), low: z.number(), high: z.number(), count: z.number() });

const spread = z.object({ mean: z.nullable(z.number()), p50: z.nullable(z.number()), p95: z.nullable(z.number()) });

export const simulationOutcome = z.object({
	promote: rate,
	rollback: rate,
	inconclusive: rate,
	requests: described(spread, 'Requests until the guard rolled back, over the repetitions in which it did.'),
	exposure: described(spread, 'Requests that the candidate answered until then, or to the end.'),
});
export type SimulationOutcome = z.infer<typeof simulationOutcome>;

export const canarySimulate = method(
	'Replays traffic by block bootstrap through the guard that decides live, with an A/A twin beside.',
	z.object({
		...projectParams,
		...which,
		traffic: z.optional(
			described(
				z.string(),
				'`log` for the request log, `training` for resampled training rows, or a data file; the log when it holds 100 rows, else training.',
			),
		),
		repetitions: z._default(z.int().check(z.minimum(1), z.maximum(100_000)), 500),
		requests: z._default(
			described(z.int().check(z.minimum(100), z.maximum(1_000_000)), 'Requests in one repetition.'),
			2000,
		),
		block: z.optional(
			described(
				z.int().check(z.minimum(1)),
				'Rows that stay together, in order: 50 of logged traffic, else 1: rows of a file lie series by series, while requests come from all.',
			),
		),
		share: z.optional(z.number().check(z.minimum(0), z.maximum(1))),
		seed: z._default(z.int(), 1),
		threads: z.optional(z.int().check(z.minimum(1), z.maximum(64))),
		...reading,
		...longParams,
	}),
	z.object({
		...simulationOutcome.shape,
		aa: described(simulationOutcome, 'The same with no difference at all: what rolls back here is a false alarm.'),
		harm: described(
			z.array(z.object({ shift: z.number(), outcome: simulationOutcome })),
			'The same with every number of the traffic moved by so many standard deviations.',
		),
		settings: z.object({
			traffic: z.string(),
			rows: z.number(),
			repetitions: z.number(),
			requests: z.number(),
			block: z.number(),
			share: z.number(),
			every: z.number(),
			seed: z.number(),
			guard: z.array(z.string()),
		}),
	}),
	{ long: true },
);

export const canaryMethods = {
	'canary/start': canaryStart,
	'canary/status': canaryStatus,
	'canary/decide': canaryDecide,
	'canary/stop': canaryStop,
	'canary/simulate': canarySimulate,
};
