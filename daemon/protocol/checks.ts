/** Checks of data files: whether they hold, in which rows they do not, and which ones a file suggests. */

import * as z from 'zod/mini';
import { longParams } from './core.ts';
import { cell } from './datasets.ts';
import { method } from './method.ts';
import { check as checkSchema, severity } from './project/checks.ts';
import { quarantined, reading } from './reading.ts';
import { described } from './schema.ts';
import { projectParams } from './training.ts';

export const checkResult = z.object({
	check: described(z.string(), 'In words, such as `bath max 40`.'),
	index: described(z.number(), 'Of the entry in `checks:` that it belongs to, from 0.'),
	column: z.nullable(z.string()),
	rule: z.enum([
		'type',
		'nullable',
		'min',
		'max',
		'allowed',
		'pattern',
		'unique',
		'freshness',
		'key',
		'rows',
		'relation',
	]),
	severity,
	passed: z.boolean(),
	failures: described(z.number(), 'Rows that fail it; 1 where the whole file does.'),
	message: described(z.nullable(z.string()), 'Why the whole file fails it.'),
	examples: described(
		z.array(
			z.object({
				line: described(z.nullable(z.number()), 'Where the row begins in the file, from 1; null in Parquet.'),
				row: described(z.number(), 'From 1, without the header.'),
				column: z.string(),
				value: cell,
				file: z.optional(described(z.string(), 'Of several files, the one that the row stands in.')),
			}),
		),
		'The first failing rows.',
	),
});
export type CheckResult = z.infer<typeof checkResult>;

export const checkReport = z.object({
	file: z.string(),
	rows: z.number(),
	filtered: z.optional(described(z.number(), 'Rows that `data.filter` left out before.')),
	passed: described(z.boolean(), 'No check of severity `fail` failed.'),
	checks: z.array(checkResult),
	quarantined: described(quarantined, 'Rows that were set aside, and not judged.'),
});
export type CheckReport = z.infer<typeof checkReport>;

export const check = method(
	'Holds the `checks:` of a perch.yaml against a data file, else against the data of the project.',
	z.object({
		...projectParams,
		file: z.optional(z.string()),
		examples: z._default(
			described(z.int().check(z.minimum(0), z.maximum(10_000)), 'Failing rows that are listed of each check.'),
			100,
		),
		...reading,
		...longParams,
	}),
	checkReport,
	{ long: true },
);

export const inferChecks = method(
	'Proposes checks that a data file passes.',
	z.object({ file: z.string(), ...reading, ...longParams }),
	z.object({
		file: z.string(),
		checks: z.array(checkSchema),
		quarantined,
		yaml: described(z.string(), 'The same as a section of perch.yaml.'),
	}),
	{ long: true },
);

export const checkMethods = { check, 'checks/infer': inferChecks };
