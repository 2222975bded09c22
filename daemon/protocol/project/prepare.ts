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
	z.array(z.union([parse, impute, encode])),
	'Without a step for a column: nulls by median, booleans as 0 and 1, constants dropped, text of up to 50 values one-hot, or categories where trees take them.',
);
export type PrepareSection = z.output<typeof prepareSection>;

/** The steps that parse, in their order. */
export function parseSteps(prepare: PrepareSection): ParseStep[] {
	return prepare.flatMap((step) => ('parse' in step ? [step.parse] : []));
}
