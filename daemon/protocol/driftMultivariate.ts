/** Whether all columns together tell the two samples of a drift report apart. */

import * as z from 'zod/mini';
import { described } from './schema.ts';

const sides = z.object({ reference: z.number(), current: z.number() });

export const driftMultivariate = z.object({
	drift: described(z.nullable(z.boolean()), 'null: it cannot be told, for the reason given.'),
	reason: z.nullable(z.string()),
	auc: described(
		z.nullable(z.number()),
		'Area under the ROC curve of a classifier that tells current rows from those of the reference, on rows that it was not fitted on: 0.5 is chance.',
	),
	interval: described(
		z.nullable(z.object({ low: z.number(), high: z.number() })),
		'Of the area, with 95 % confidence (Hanley and McNeil 1982, on the effective rows).',
	),
	p_value: described(z.nullable(z.number()), 'Of an area this large, or larger, by chance.'),
	rows: described(sides, 'Rows that were asked of: drawn by chance where there are more than 5,000 a side.'),
	effective_rows: described(z.nullable(sides), 'As how many independent rows they count.'),
	columns: described(
		z.array(z.object({ column: z.string(), auc: z.number() })),
		'What gives the samples away: the columns with the largest weights, up to 5, with the area of each by itself.',
	),
});
export type DriftMultivariate = z.infer<typeof driftMultivariate>;
