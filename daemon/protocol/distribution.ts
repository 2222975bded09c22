/** Both samples on one scale, as a report draws them. */

import * as z from 'zod/mini';
import { described } from './schema.ts';

/** What the report draws for a column: shares of the values that are not null, of each sample. */
export const distribution = z.union([
	z.object({
		kind: z.literal('histogram'),
		edges: described(z.array(z.number()), 'One more than bins; set so that a few far values hide nothing.'),
		reference: z.array(z.number()),
		current: z.array(z.number()),
		outside: described(
			z.object({ reference: z.number(), current: z.number() }),
			'Shares of the values that lie beyond the edges.',
		),
	}),
	z.object({
		kind: z.literal('categories'),
		labels: z.array(z.string()),
		reference: z.array(z.number()),
		current: z.array(z.number()),
		other: described(
			z.nullable(z.object({ categories: z.number(), reference: z.number(), current: z.number() })),
			'What is not among the labels, taken together.',
		),
	}),
]);
export type Distribution = z.infer<typeof distribution>;
