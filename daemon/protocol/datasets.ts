/** Data files that runs and projects name. */

import * as z from 'zod/mini';
import { method } from './method.ts';
import { reading } from './reading.ts';
import { datasetRef } from './runs.ts';
import { described } from './schema.ts';

export const columnType = z.enum(['integer', 'double', 'boolean', 'string', 'date', 'timestamp', 'other']);
export type ColumnType = z.infer<typeof columnType>;

export const columnSchema = z.object({ name: z.string(), type: columnType });
export type ColumnSchema = z.infer<typeof columnSchema>;

export const dataset = z.object({
	...datasetRef.shape,
	columns: z.array(columnSchema),
	created_at: z.number(),
	runs: described(z.array(z.string()), 'Ids of the runs that used it.'),
});

export const datasetsList = method(
	'Lists the datasets that runs used, newest first.',
	z.object({}),
	z.object({ datasets: z.array(dataset) }),
	{ readOnly: true },
);

export const cell = z.nullable(z.union([z.string(), z.number(), z.boolean()]));

export const datasetsShow = method(
	'Describes a data file: its columns, first rows and the moments of its numeric columns.',
	z.object({
		file: z.string(),
		rows: z._default(z.int().check(z.minimum(1), z.maximum(1000)), 10),
		...reading,
		...{ progressToken: z.optional(z.union([z.string(), z.number()])) },
	}),
	z.object({
		file: z.string(),
		rows: z.number(),
		columns: z.array(columnSchema),
		head: described(z.array(z.array(cell)), 'The first rows, in the order of the columns.'),
		describe: z.array(
			z.object({
				column: z.string(),
				count: z.number(),
				mean: z.nullable(z.number()),
				std: z.nullable(z.number()),
				min: z.nullable(z.number()),
				median: z.nullable(z.number()),
				max: z.nullable(z.number()),
			}),
		),
	}),
	{ long: true },
);

export const datasetMethods = { 'datasets/list': datasetsList, 'datasets/show': datasetsShow };
