/** `data:`: where the rows come from and what they are. */
import * as z from 'zod/mini';
import { reading } from '../reading.ts';
import { described } from '../schema.ts';
import { columnName } from './columnName.ts';
import { expression } from './expression.ts';
import { simulateSection } from './simulate.ts';

export const windowFeature = z.enum(['mean', 'std', 'min', 'max', 'slope']);

/** Windows of a series, and the features computed of each numeric column in them. It travels in the model's metadata. */
export const windowSection = z.strictObject({
	size: described(z.int().check(z.minimum(2), z.maximum(100_000)), 'Rows in a window.'),
	step: z._default(
		described(z.int().check(z.minimum(1)), 'Rows between two training windows; serving always uses 1.'),
		1,
	),
	features: z._default(
		z.union([
			described(z.literal('raw'), 'The values themselves, for a model that takes the window as it is.'),
			z.array(windowFeature).check(z.minLength(1)),
		]),
		['mean', 'std', 'min', 'max', 'slope'],
	),
});
export type WindowSection = z.output<typeof windowSection>;

const monthRange = /^\d{4}-(0[1-9]|1[0-2])\.\.\d{4}-(0[1-9]|1[0-2])$/;

export const dataSection = z.strictObject({
	source: described(
		z.union([z.string(), z.strictObject({ simulate: simulateSection })]),
		'A CSV, TSV, JSON, JSON lines or Parquet file, a pattern such as data/*.csv, one file a month such as trips_{month}.parquet, or {simulate: ...}.',
	),
	months: z.optional(
		described(
			z.string().check(z.regex(monthRange, 'must be a range of months such as 2021-01..2021-03')),
			'The first and the last month that {month} in the source stands for.',
		),
	),
	...reading,
	test: z.optional(described(z.string(), 'A file that is scored after training, and not trained on.')),
	current: z.optional(described(z.string(), 'A file that the editor and `perch drift` hold against the source.')),
	derive: z._default(
		described(
			z.record(z.string().check(z.minLength(1)), expression),
			'Columns computed of others for training, testing, checks and drift, as DuckDB expressions; not for serving.',
		),
		{},
	),
	filter: z.optional(
		z.nullable(described(expression, 'Only rows of which this DuckDB expression is true are taken; not for serving.')),
	),
	columns: z.optional(
		described(
			z.array(columnName()).check(z.minLength(1)),
			'Columns that the model takes; all usable ones unless told.',
		),
	),
	exclude: z._default(described(z.array(columnName()), 'Columns that it does not take.'), []),
	target: z.optional(
		z.nullable(columnName('The label; an anomaly model is only measured with it, never trained on it.')),
	),
	time: z.optional(z.nullable(columnName('Orders the rows of a series.'))),
	key: z.optional(z.nullable(columnName('Tells one series from another.'))),
	weight: z.optional(
		z.nullable(columnName('How much each row counts, in training and in what is measured; never a feature.')),
	),
	window: z.optional(z.nullable(windowSection)),
});
export type DataSection = z.output<typeof dataSection>;
