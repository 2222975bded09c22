/** `split:`: which rows a model is measured with. */
import * as z from 'zod/mini';
import { described } from '../schema.ts';
import { share } from './units.ts';

export const splitSection = z.strictObject({
	test: z._default(
		described(
			share.check(z.refine((value) => value > 0 && value < 1, 'must lie between 0 and 1')),
			'Share of the rows that are measured with, and not learned from.',
		),
		0.2,
	),
	by: z._default(
		described(
			z.enum(['random', 'stratified', 'time', 'group']),
			'stratified: the same share of each class. time: the last rows by data.time. group: whole groups by data.key.',
		),
		'random',
	),
	seed: z._default(z.int(), 7),
	folds: z.optional(
		described(
			z.int().check(z.minimum(2), z.maximum(50)),
			'Cross-validates on the rows learned from, in so many folds; by: time measures each stretch with all before it.',
		),
	),
});
export type SplitSection = z.output<typeof splitSection>;
