/** `model.tune`: which params are tried, and how. */
import * as z from 'zod/mini';
import { described } from '../schema.ts';

const value = z.union([z.number(), z.string(), z.boolean()]);

/** Values that a param may take. */
export const dimension = z.union([
	described(
		z.array(value).check(z.minLength(1)),
		'Two numbers are a range, ends included, of whole numbers where both are whole; any other list are choices.',
	),
	z
		.strictObject({
			min: z.number(),
			max: z.number(),
			log: z._default(
				described(z.boolean(), 'Every factor is as likely, as learning rates and penalties need.'),
				false,
			),
			type: z.optional(described(z.enum(['int', 'float']), 'Without it int where both ends are whole.')),
		})
		.check(
			z.refine(({ min, max }) => min <= max, 'min must not be over max'),
			z.refine(({ log, min }) => !log || min > 0, 'log needs a min over 0'),
		),
	z.strictObject({ choices: z.array(value).check(z.minLength(1)) }),
]);
export type DimensionSection = z.output<typeof dimension>;

export const tuneSection = z.strictObject({
	search: z._default(
		described(
			z.enum(['random', 'tpe', 'halving']),
			'tpe: Bayesian, each trial learns from those before. halving: many on few rows, the best third on three times as many.',
		),
		'tpe',
	),
	trials: z._default(z.int().check(z.minimum(1), z.maximum(10_000)), 20),
	folds: z._default(
		described(
			z.int().check(z.minimum(2), z.maximum(50)),
			'A trial is measured by cross-validation on the rows learned from.',
		),
		5,
	),
	metric: z.optional(
		described(
			z.string(),
			'What is made best: rmse for numbers, log_loss for classes, average_precision for anomalies with labels, else validation_loss unless told.',
		),
	),
	space: described(
		z
			.record(z.string(), dimension)
			.check(z.refine((space) => Object.keys(space).length > 0, 'needs at least one param')),
		'The params that are tried; all others stay as model.params says.',
	),
	prune: z._default(
		described(z.boolean(), 'Ends a trial that is worse than half of those before it on the same folds.'),
		true,
	),
	parallel: z._default(
		described(
			z.int().check(z.minimum(1), z.maximum(64)),
			'Trials at once, at most. The result depends on it, and not on the machine.',
		),
		4,
	),
	seed: z._default(z.int(), 7),
});
export type TuneSection = z.output<typeof tuneSection>;
