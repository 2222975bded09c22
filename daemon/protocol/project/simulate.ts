/** `simulate:`: series made from a seed, with season, memory, noise, labelled episodes, categories and shifts. */
import * as z from 'zod/mini';
import { described } from '../schema.ts';
import { expression } from './expression.ts';
import { duration, share } from './units.ts';

const season = z.strictObject({
	period: described(duration, 'Such as 24h.'),
	amplitude: z.number(),
	phase: z._default(described(z.number(), 'Share of the period by which the peak is late, 0 to 1.'), 0),
});

export const simulatedNumber = z.strictObject({
	base: described(z.number(), 'The level around which the values move.'),
	log: z._default(
		described(z.boolean(), 'Amplitudes, noise and changes move the logarithm of the value: a long tail to the right.'),
		false,
	),
	season: z._default(z.array(season), []),
	memory: z._default(
		described(
			z.number().check(z.minimum(0), z.maximum(0.999)),
			'How much of the last deviation stays: the coefficient of an AR(1) process.',
		),
		0,
	),
	noise: z._default(described(z.number().check(z.minimum(0)), 'Standard deviation of the stationary process.'), 0),
	spread: z._default(described(z.number().check(z.minimum(0)), 'Standard deviation of the level between series.'), 0),
	min: z.optional(z.number()),
	max: z.optional(z.number()),
	decimals: z._default(z.int().check(z.minimum(0), z.maximum(12)), 2),
	missing: z._default(described(share, 'Share of values left empty.'), 0),
});

const simulatedCategory = z.strictObject({
	categories: described(z.record(z.string(), z.number().check(z.minimum(0))), 'Weights of the values.'),
	per: z._default(described(z.enum(['row', 'series']), 'Drawn for each row, or once for each series.'), 'row'),
	missing: z._default(share, 0),
});

const change = z.strictObject({
	add: z._default(z.number(), 0),
	scale: z._default(described(z.number(), 'Multiplies the deviation from the base.'), 1),
});

export const simulateSection = z.strictObject({
	seed: z._default(z.int(), 1),
	rows: described(z.int().check(z.minimum(1), z.maximum(50_000_000)), 'Rows of each series.'),
	start: z._default(z.string(), '2024-01-01T00:00:00Z'),
	every: z._default(described(duration, 'Time between two rows.'), 60),
	time: z._default(z.string(), 'timestamp'),
	series: z.optional(
		z.strictObject({
			column: z.string(),
			count: z._default(z.int().check(z.minimum(1), z.maximum(100_000)), 1),
			prefix: z._default(z.string(), 's'),
		}),
	),
	columns: z.record(z.string(), z.union([simulatedNumber, simulatedCategory])),
	derive: z._default(
		described(
			z.record(z.string().check(z.minLength(1)), expression),
			'Columns computed of the made ones, as DuckDB expressions; one of a made name takes its place.',
		),
		{},
	),
	drop: z._default(described(z.array(z.string()), 'Columns that were needed on the way alone.'), []),
	episodes: z._default(
		z.array(
			z.strictObject({
				name: z.string(),
				share: described(share, 'Share of all rows that lie in such an episode.'),
				length: described(
					z.tuple([z.int().check(z.minimum(1)), z.int().check(z.minimum(1))]),
					'Shortest and longest, in rows.',
				),
				columns: z.record(z.string(), change),
			}),
		),
		[],
	),
	label: z.optional(described(z.string(), 'A column that is 1 within episodes and 0 elsewhere.')),
	shifts: z._default(
		z.array(
			z.strictObject({
				from: z._default(described(share, 'Share of each series after which the shift holds.'), 0),
				series: z._default(described(share, 'Share of the series that are shifted, the first ones.'), 1),
				columns: z.record(z.string(), change),
			}),
		),
		[],
	),
});
/** A description with its defaults filled in. Columns with `categories` are text, the others numbers. */
export type SimulateSection = z.output<typeof simulateSection>;
