/** Current data over time: cut into chunks, each held against the whole reference. */
import * as z from 'zod/mini';
import { described } from './schema.ts';

const figures = z.array(z.nullable(z.number()));

export const columnChunks = z.object({
	column: z.string(),
	pieces: described(
		z.number(),
		'Chunks of the reference whose distances limits come from; below 10 limits are those of chance.',
	),
	distance: described(
		figures,
		'Jensen-Shannon distance of each chunk to the reference (natural logarithm, deciles of the reference or its 50 most frequent categories); null below 20 values.',
	),
	limit: described(figures, 'What the distance of a chunk of this size stays below without drift.'),
	mean: z.optional(described(figures, 'Of columns of numbers.')),
	nulls: described(figures, 'Share of nulls, 0 to 1.'),
	beyond: described(z.number(), 'Chunks whose distance is beyond its limit.'),
});
export type ColumnChunks = z.infer<typeof columnChunks>;

export const driftChunks = z.object({
	by: z.enum(['time', 'rows']),
	size: described(z.number(), 'Of a chunk: milliseconds, or rows.'),
	left_out: described(z.number(), 'Rows in no chunk: without a time, or far from all others.'),
	chunks: described(
		z.array(z.object({ from: z.number(), to: z.number(), rows: z.number() })),
		'In order. By time: milliseconds since 1970, to before `to`. By rows: from and to a row, from 1.',
	),
	columns: z.array(columnChunks),
});
export type DriftChunks = z.infer<typeof driftChunks>;
