/** What changed in a column beside the distribution of its values. */

import * as z from 'zod/mini';
import { described } from './schema.ts';

const categories = {
	count: described(z.number(), 'How many there are.'),
	categories: described(
		z.array(z.object({ name: z.string(), share: z.number() })),
		'The most frequent of them, up to 10; names are shortened to 60 characters.',
	),
};

export const driftFinding = z.union([
	z.object({
		kind: described(z.literal('new_categories'), 'Values of the current data that the reference lacks.'),
		share: described(z.number(), 'Of the current values, all of them together.'),
		...categories,
	}),
	z.object({
		kind: described(
			z.literal('lost_categories'),
			'Values of the reference that so many current values would not lack by chance.',
		),
		share: described(z.number(), 'Of the values of the reference, all of them together.'),
		...categories,
	}),
	z.object({
		kind: described(z.literal('nulls'), 'The share of nulls changed.'),
		reference: described(z.number(), 'Share of the rows.'),
		current: z.number(),
		p_value: z.number(),
	}),
	z.object({
		kind: described(
			z.literal('out_of_range'),
			'More current values outside the range of the reference than by chance.',
		),
		share: described(z.number(), 'Of the current values.'),
		expected: described(z.number(), 'The share without any drift.'),
		min: described(z.number(), 'Smallest finite value of the reference.'),
		max: z.number(),
		p_value: z.number(),
	}),
]);
export type DriftFinding = z.infer<typeof driftFinding>;
