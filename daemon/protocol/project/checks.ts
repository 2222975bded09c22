/** `checks:`: what must hold of the data before a model is trained on them. */
import * as z from 'zod/mini';
import { described } from '../schema.ts';
import { columnName } from './columnName.ts';
import { duration } from './units.ts';

export const severity = z.enum(['warn', 'fail']);
export type Severity = z.infer<typeof severity>;

const weight = {
	severity: z._default(described(severity, 'A failing check stops training, unless it only warns.'), 'fail'),
};

const isoTime = z
	.string()
	.check(
		z.regex(
			/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/,
			'must be a number, or an ISO date or time such as 2024-01-31',
		),
	);
const bound = z.union([z.number(), isoTime]);

export const columnCheck = z
	.strictObject({
		column: columnName(),
		type: z.optional(z.enum(['integer', 'double', 'boolean', 'string', 'date', 'timestamp'])),
		nullable: z.optional(described(z.boolean(), 'Whether cells may be empty; they may unless told.')),
		min: z.optional(described(bound, 'A number, or an ISO date or time.')),
		max: z.optional(bound),
		allowed: z.optional(z.array(z.union([z.string(), z.number(), z.boolean()])).check(z.minLength(1))),
		pattern: z.optional(
			described(z.string(), 'A regular expression that the whole text matches, in linear time (RE2).'),
		),
		unique: z.optional(described(z.literal(true), 'No value occurs twice.')),
		freshness: z.optional(described(duration, 'How old the newest time may be, such as 2d.')),
		...weight,
	})
	.check(
		z.refine(
			({ column: _, severity: __, ...rules }) => Object.keys(rules).length > 0,
			'needs a rule: type, nullable, min, max, allowed, pattern, unique or freshness',
		),
	);
export type ColumnCheck = z.output<typeof columnCheck>;

const keyCheck = z.strictObject({
	key: described(
		z.array(columnName()).check(z.minLength(1)),
		'Columns that together name a row: never empty, never twice.',
	),
	...weight,
});

const rowsCheck = z.strictObject({
	rows: z
		.strictObject({ min: z.optional(z.int().check(z.minimum(0))), max: z.optional(z.int().check(z.minimum(0))) })
		.check(z.refine(({ min, max }) => min !== undefined || max !== undefined, 'needs min or max')),
	...weight,
});

export const relations = ['<', '<=', '=', '!=', '>=', '>'] as const;
const relationCheck = z.strictObject({
	relation: described(
		z.tuple([columnName(), z.enum(relations), columnName()]),
		'Two columns and how they stand to each other in every row that has both, such as [pickup, "<=", dropoff].',
	),
	...weight,
});

export const check = z.union([columnCheck, keyCheck, rowsCheck, relationCheck]);
export type Check = z.output<typeof check>;

export const checksSection = described(z.array(check), 'What must hold of the data before a model is trained on them.');
export type ChecksSection = z.output<typeof checksSection>;
