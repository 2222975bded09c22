/** What a drift report says of a drifted column beyond its verdict: in which segments it drifted most, and rows that show it. */

import * as z from 'zod/mini';
import { cell } from './datasets.ts';
import { described } from './schema.ts';

const sides = z.object({ reference: z.number(), current: z.number() });

export const driftSegment = z.object({
	column: described(z.string(), 'The column that the segment is cut by.'),
	segment: described(z.string(), 'Its value there, or its range.'),
	rows: sides,
	effect: described(
		z.number(),
		'As the effect of the column, on the rows of the segment; numbers by tenths of the reference.',
	),
	elsewhere: described(z.number(), 'The same on all other rows.'),
	p_value: described(
		z.number(),
		'Of the change in the segment being the change elsewhere, corrected for the places where the two are compared.',
	),
	adjusted_p: described(z.number(), 'Benjamini-Hochberg over all segments that the report looked at.'),
});
export type DriftSegment = z.infer<typeof driftSegment>;

export const driftSegments = z.object({
	looked: described(z.number(), 'Segments with enough rows on both sides.'),
	columns: described(z.number(), 'Columns that they are cut by.'),
	found: described(z.array(driftSegment), 'Those that drifted more than the rest, the largest effect first; up to 5.'),
});
export type DriftSegments = z.infer<typeof driftSegments>;

export const driftExamples = z.object({
	gained: described(z.string(), 'The value or range of the column whose share grew most.'),
	shares: described(sides, 'Its share of the values of each sample.'),
	columns: described(z.array(z.string()), 'What the cells are of; the drifted column first.'),
	rows: described(
		z.array(
			z.object({
				row: described(z.number(), 'From 1, in the current data as they were read.'),
				line: described(z.nullable(z.number()), 'In the file; null where rows have no lines.'),
				cells: described(z.array(cell), 'Long text is cut.'),
			}),
		),
		'Rows of the current data with such a value, spread over it; up to 5.',
	),
});
export type DriftExamples = z.infer<typeof driftExamples>;

export const driftSample = described(
	z.object({
		reference: z.nullable(z.number()),
		current: z.nullable(z.number()),
		seed: z.number(),
	}),
	'Rows drawn of each side for what is told of rows (segments, examples, labels, predictions, performance); null: all of them.',
);
