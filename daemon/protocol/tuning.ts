/** A tuning and its trials. */
import * as z from 'zod/mini';
import { method } from './method.ts';
import { run } from './runs.ts';
import { described } from './schema.ts';

const value = z.union([z.number(), z.string(), z.boolean()]);

/** A param and what it is chosen from. */
export const tunedParam = z.union([
	z.object({
		name: z.string(),
		kind: z.enum(['int', 'float']),
		min: z.number(),
		max: z.number(),
		log: z.boolean(),
	}),
	z.object({ name: z.string(), kind: z.literal('choice'), choices: z.array(value) }),
]);
export type TunedParam = z.infer<typeof tunedParam>;

export const trial = z.object({
	number: described(z.int(), 'From 1, in the order in which they were made.'),
	run: described(z.string(), 'The child run.'),
	status: described(
		z.enum(['running', 'finished', 'pruned', 'failed', 'stopped']),
		'stopped: ended with the tuning, and taken up again when it is resumed.',
	),
	reason: z.nullable(z.string()),
	params: z.record(z.string(), value),
	value: described(z.nullable(z.number()), 'The metric, the mean over the folds that were measured.'),
	spread: described(z.nullable(z.number()), 'Its standard deviation over them.'),
	steps: described(z.array(z.nullable(z.number())), 'The metric fold by fold, or rung by rung.'),
	seconds: described(z.nullable(z.number()), 'null while it runs.'),
});
export type TunedTrial = z.infer<typeof trial>;

export const runsTuning = method(
	'Shows a tuning: its trials, the best so far, and which params matter.',
	z.object({ id: described(z.string(), 'The run of the tuning: an id, a unique prefix of one, or a unique name.') }),
	z.object({
		run,
		search: z.enum(['random', 'tpe', 'halving']),
		metric: described(z.nullable(z.string()), 'null until the data was read.'),
		direction: z.enum(['less', 'more']),
		planned: described(z.int(), 'How many trials there are to be.'),
		space: z.array(tunedParam),
		trials: z.array(trial),
		best: described(z.nullable(z.int()), 'The number of the best trial that was measured to the end.'),
		importance: described(
			z.nullable(z.record(z.string(), z.number())),
			'Share of the variance of the metric over the space that each param explains alone (functional ANOVA of a random forest over the trials); null with fewer than ten.',
		),
		at_work: z.boolean(),
	}),
	{ readOnly: true },
);

export const runsCancel = method(
	'Ends a run that is at work, and all of its processes. A tuning goes on from there when it is trained again.',
	z.object({ id: described(z.string(), 'An id, a unique prefix of one, or a unique name.') }),
	z.object({ id: z.string() }),
);

export const tuningMethods = { 'runs/tuning': runsTuning, 'runs/cancel': runsCancel };
