/** Data that runs, models and reports used, and the versions that they went through. */

import * as z from 'zod/mini';
import { type ColumnType, columnType } from './columnType.ts';
import { longParams } from './core.ts';
import { method } from './method.ts';
import { quarantined, reading } from './reading.ts';
import { datasetRef } from './runs.ts';
import { described } from './schema.ts';

export { type ColumnType, columnType };

export const columnSchema = z.object({ name: z.string(), type: columnType });
export type ColumnSchema = z.infer<typeof columnSchema>;

export const cell = z.nullable(z.union([z.string(), z.number(), z.boolean()]));

const figure = z.nullable(z.number());

/** What is kept of a column of a version, for comparisons after the file is gone. */
export const datasetColumn = z.object({
	...columnSchema.shape,
	digest: described(
		z.nullable(z.string()),
		'SHA-256 of the values in their order; null, as are the figures, of versions that an older Perch kept.',
	),
	nulls: figure,
	distinct: described(figure, 'Of text; null for numbers.'),
	mean: described(figure, 'Null for text and times.'),
	std: described(figure, 'With n − 1.'),
	min: cell,
	max: cell,
});
export type DatasetColumn = z.infer<typeof datasetColumn>;

export const datasetFile = z.object({
	path: z.string(),
	size: z.number(),
	sha256: z.string(),
	modified: described(z.number(), 'Milliseconds since 1970, as are all times.'),
	changed: described(z.number(), 'When its inode changed last; 0 where it had changed just before it was read.'),
	inode: z.number(),
});
export type DatasetFile = z.infer<typeof datasetFile>;

export const dataset = z.object({
	...datasetRef.shape,
	columns: z.array(columnSchema),
	files: described(z.array(datasetFile), 'Empty for made data.'),
	created_at: z.number(),
	runs: described(z.array(z.string()), 'Ids of the runs that used it.'),
	reports: described(z.array(z.string()), 'Ids of the drift reports that used it.'),
});
export type Dataset = z.infer<typeof dataset>;

export const datasetsList = method(
	'Lists the versions of the datasets that runs and drift reports used, newest first.',
	z.object({}),
	z.object({ datasets: z.array(dataset) }),
	{ readOnly: true },
);

const describedColumn = z.object({
	column: z.string(),
	count: z.number(),
	mean: figure,
	std: figure,
	min: figure,
	median: figure,
	max: figure,
});

export const datasetsShow = method(
	'Describes a data file (its columns, first rows and the moments of its numeric columns), or a version of a dataset as it was kept.',
	z.object({
		file: z.optional(z.string()),
		dataset: z.optional(described(z.string(), 'name, name@latest or name@version, instead of a file.')),
		rows: z._default(z.int().check(z.minimum(1), z.maximum(1000)), 10),
		...reading,
		...longParams,
	}),
	z.object({
		file: z.string(),
		rows: z.number(),
		columns: z.array(columnSchema),
		quarantined,
		head: described(z.array(z.array(cell)), 'The first rows of a file, in the order of the columns.'),
		describe: z.array(describedColumn),
		dataset: described(z.nullable(dataset), 'Of a dataset; null for a file.'),
		details: described(z.array(datasetColumn), 'What is kept of its columns.'),
		models: described(z.array(z.object({ name: z.string(), version: z.number() })), 'Versions that it trained.'),
	}),
	{ long: true },
);

/** A column that both versions have, and what differs. */
const columnChange = z.object({ column: z.string(), from: datasetColumn, to: datasetColumn });

export const datasetsDiff = method(
	'Tells what changed from one version of a dataset to another: schema, rows, files, and the nulls and moments of each column.',
	z.object({
		from: described(z.string(), 'name@version; a name alone means its newest version.'),
		to: z.optional(described(z.string(), 'Without it, `from` is held against the version before it.')),
	}),
	z.object({
		from: datasetRef,
		to: datasetRef,
		same: described(z.boolean(), 'The content is the same.'),
		files: z.object({
			added: z.array(z.string()),
			removed: z.array(z.string()),
			changed: z.array(z.string()),
		}),
		added: described(z.array(columnSchema), 'Columns.'),
		removed: z.array(columnSchema),
		changed: described(z.array(columnChange), 'Columns of another type or with other values.'),
		unchanged: described(z.number(), 'Columns with the same values in the same order.'),
	}),
	{ readOnly: true },
);
export type DatasetsDiff = z.infer<typeof datasetsDiff.result>;

export const datasetMethods = {
	'datasets/list': datasetsList,
	'datasets/show': datasetsShow,
	'datasets/diff': datasetsDiff,
};
