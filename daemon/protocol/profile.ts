/** What a data file holds, column by column. */

import * as z from 'zod/mini';
import { longParams } from './core.ts';
import { cell, columnType } from './datasets.ts';
import { method } from './method.ts';
import { quarantined, reading } from './reading.ts';
import { datasetVersion } from './runs.ts';
import { described } from './schema.ts';

/** Quantiles that a profile gives, by the name under which it gives them. */
export const profileQuantiles = { p1: 0.01, p5: 0.05, p25: 0.25, p50: 0.5, p75: 0.75, p95: 0.95, p99: 0.99 } as const;

const histogram = z.object({
	edges: described(z.array(z.number()), 'Of times in milliseconds since 1970. Bins hold their lower edge.'),
	shares: described(z.array(z.number()), 'Of the finite values, one a bin; the last bin holds its upper edge too.'),
	below: described(z.number(), 'Share below the first edge; the edges leave far values out so that they hide nothing.'),
	above: z.number(),
});
export type Histogram = z.infer<typeof histogram>;

export const columnProfile = z.object({
	column: z.string(),
	type: columnType,
	count: described(z.number(), 'Values that are neither null nor NaN; infinities are among them.'),
	nulls: described(z.number(), 'Cells that are empty, null or NaN.'),
	distinct: described(z.number(), 'Different values, without infinities.'),
	min: described(cell, 'Of the finite values; null for text.'),
	max: cell,
	mean: described(z.nullable(z.number()), 'Of the finite values; null for times and text.'),
	std: described(z.nullable(z.number()), 'With n − 1.'),
	quantiles: z.nullable(z.record(z.enum(['p1', 'p5', 'p25', 'p50', 'p75', 'p95', 'p99']), cell)),
	zeros: z.nullable(z.number()),
	infinities: z.nullable(z.number()),
	lengths: described(
		z.nullable(z.object({ min: z.number(), max: z.number(), mean: z.number() })),
		'Of text, in characters.',
	),
	top: described(
		z.array(z.object({ value: cell, count: z.number() })),
		'The ten most frequent of the values that occur more than once.',
	),
	histogram: z.nullable(histogram),
	constant: described(z.boolean(), 'All rows hold the same, be it nothing.'),
	near_constant: described(z.boolean(), 'At least 95 % of the rows, but not all, hold the same, be it nothing.'),
	estimated: described(
		z.array(z.enum(['distinct', 'quantiles', 'histogram', 'top'])),
		'What is estimated from more than a million rows.',
	),
});
export type ColumnProfile = z.infer<typeof columnProfile>;

const pairs = z.object({
	columns: z.array(z.string()),
	values: described(z.array(z.array(z.nullable(z.number()))), 'A row and a value a column; null where undefined.'),
});
export type Pairs = z.infer<typeof pairs>;

export const profileReport = z.object({
	file: z.string(),
	created_at: z.number(),
	dataset: described(
		z.nullable(datasetVersion),
		'The version that the file holds, where it did not change since a run or a report read it.',
	),
	rows: z.number(),
	columns: z.array(columnProfile),
	duplicates: described(z.number(), 'Rows that repeat an earlier one.'),
	duplicate_columns: described(z.array(z.array(z.string())), 'Groups of columns that hold the same in every row.'),
	correlations: z.object({
		rows: described(z.number(), 'Rows that they were computed from.'),
		pearson: pairs,
		spearman: pairs,
		cramers_v: described(pairs, 'Of booleans and of text with up to 100 values.'),
		left_out: described(z.array(z.string()), 'Columns beyond the first hundred of a kind, or with too many values.'),
	}),
	quarantined: described(quarantined, 'Rows that were set aside, and are not described.'),
	sample: described(
		z.nullable(z.object({ rows: z.number(), rule: z.string() })),
		'The rows that estimates come from; null where all rows were used throughout.',
	),
});
export type ProfileReport = z.infer<typeof profileReport>;

export const profile = method(
	'Describes every column of a data file: values, quantiles, most frequent values, duplicates and correlations.',
	z.object({
		file: z.string(),
		html: z.optional(described(z.string(), 'Where to write the HTML page as well.')),
		...reading,
		...longParams,
	}),
	z.object({
		...profileReport.shape,
		html: described(z.string(), 'Path of the HTML page: the one asked for, else the one that is kept of the file.'),
	}),
	{ long: true },
);

/** What a list of profiles says of one. */
export const profileSummary = z.object({
	file: z.string(),
	created_at: z.number(),
	dataset: profileReport.shape.dataset,
	rows: z.number(),
	columns: z.number(),
	duplicates: z.number(),
	html: described(z.string(), 'Path of the kept HTML page.'),
});
export type ProfileSummary = z.infer<typeof profileSummary>;

export const profileList = method(
	'Lists the last profile of each data file, newest first.',
	z.object({}),
	z.object({ profiles: z.array(profileSummary) }),
	{ readOnly: true },
);

export const profileMethods = { profile, 'profile/list': profileList };
