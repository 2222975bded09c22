/** Drift over reports: how a column went from one report to the next. */
import * as z from 'zod/mini';
import { method } from './method.ts';
import { described } from './schema.ts';

const figure = z.nullable(z.number());

/** What one report said of a column. */
export const historyPoint = z.object({
	report: described(z.string(), 'The id of the report.'),
	created_at: z.number(),
	drift: z.nullable(z.boolean()),
	score: figure,
	threshold: figure,
	psi: figure,
});
export type HistoryPoint = z.infer<typeof historyPoint>;

export const columnHistory = z.object({
	column: z.string(),
	drift: described(z.nullable(z.boolean()), 'As the newest report has it.'),
	since: described(
		figure,
		'The report from which on the column has drifted in each that could tell, as milliseconds since 1970; null while it does not drift.',
	),
	points: described(z.array(historyPoint), 'A report each, the oldest first.'),
});
export type ColumnHistory = z.infer<typeof columnHistory>;

export const driftHistory = method(
	'Follows columns over the kept drift reports: scores, verdicts, and since when a column drifts.',
	z.object({
		project: z.optional(z.string()),
		deployment: z.optional(described(z.string(), 'Only looks at the live traffic of this deployment.')),
		current: z.optional(
			described(z.string(), 'Only reports on these current data, by the name that reports give them.'),
		),
		column: z.optional(z.string()),
		limit: z._default(described(z.int().check(z.minimum(1), z.maximum(1000)), 'Reports, the newest.'), 100),
	}),
	z.object({
		reports: described(
			z.array(
				z.object({
					id: z.string(),
					created_at: z.number(),
					drift: z.nullable(z.boolean()),
					share: z.number(),
					threshold: described(z.number(), 'The share from which the whole is called drifted.'),
					reference: z.string(),
					current: z.string(),
				}),
			),
			'The oldest first.',
		),
		columns: z.array(columnHistory),
	}),
	{ readOnly: true },
);
