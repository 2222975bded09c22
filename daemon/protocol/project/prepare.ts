/** `prepare:`: what happens to raw columns before the model; it travels inside the graph. */
import * as z from 'zod/mini';
import { described } from '../schema.ts';
import { columnName } from './columnName.ts';
import { type ParseStep, parseStep } from './parse.ts';

const columns = described(z.array(columnName()).check(z.minLength(1)), 'Columns that the step takes.');

const parse = z.strictObject({ parse: parseStep });
const impute = z.strictObject({
	impute: z.strictObject({
		columns,
		with: z.union([z.enum(['median', 'mean']), z.number()]),
	}),
});
const clip = z.strictObject({
	clip: z
		.strictObject({
			columns,
			min: z.optional(z.number()),
			max: z.optional(z.number()),
			quantiles: z.optional(
				described(
					z.tuple([z.number().check(z.minimum(0), z.maximum(1)), z.number().check(z.minimum(0), z.maximum(1))]),
					'Bounds from the rows learned from, such as [0.01, 0.99].',
				),
			),
		})
		.check(
			z.refine(
				({ min, max, quantiles }) => min !== undefined || max !== undefined || quantiles !== undefined,
				'clip needs min, max or quantiles',
			),
			z.refine(
				({ min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, quantiles: [low, high] = [0, 1] }) =>
					min <= max && low <= high,
				'the lower bound must not be over the upper one',
			),
		),
});
const log = z.strictObject({
	log: described(z.strictObject({ columns }), 'log(1 + v); of a number below 0 −log(1 − v).'),
});
const scale = z.strictObject({
	scale: z.strictObject({
		columns,
		as: z._default(
			described(
				z.enum(['standard', 'min_max', 'robust']),
				'standard: mean 0, deviation 1. min_max: 0 to 1. robust: median 0, quartiles 1 apart.',
			),
			'standard',
		),
	}),
});
const encode = z.strictObject({
	encode: z.strictObject({
		columns,
		as: described(
			z.enum(['one_hot', 'category']),
			'one_hot: a column of zeros and ones a value. category: one column, which trees part by sets of values; for random_forest and gradient_boosting, where it is what becomes of text.',
		),
		min_count: z._default(described(z.int().check(z.minimum(1)), 'Rarer values share one column, or one category.'), 1),
	}),
});

export const prepareSection = described(
	z.array(z.union([parse, impute, clip, log, scale, encode])),
	'Without a step for a column: nulls by median, booleans as 0 and 1, constants dropped, text of up to 50 values one-hot, or categories where trees take them.',
);
export type PrepareSection = z.output<typeof prepareSection>;

/** A step that makes a number of a number. */
export type TransformStep = z.output<typeof clip> | z.output<typeof log> | z.output<typeof scale>;

/** The steps that parse, in their order. */
export function parseSteps(prepare: PrepareSection): ParseStep[] {
	return prepare.flatMap((step) => ('parse' in step ? [step.parse] : []));
}
