/** `model:`, `validate:` and `register:`. */

import * as z from 'zod/mini';
import { aliasName, modelName } from '../models.ts';
import { described } from '../schema.ts';
import { comparison } from './comparison.ts';
import { share } from './units.ts';

/** Parameters of the isolation forest, named and bounded as scikit-learn's. */
export const isolationForestParams = z.strictObject({
	trees: z._default(described(z.int().check(z.minimum(1), z.maximum(10_000)), 'scikit-learn’s n_estimators.'), 100),
	sample_size: z._default(
		described(
			z.int().check(z.minimum(2), z.maximum(65_536)),
			'Rows a tree is grown from (max_samples), at most all rows.',
		),
		256,
	),
	contamination: z._default(
		z.union([
			described(z.literal('auto'), 'Threshold −0.5, as in the paper.'),
			share.check(z.refine((value) => value > 0 && value <= 0.5, 'must be over 0 and at most 0.5 (50%)')),
		]),
		'auto',
	),
	features: z._default(
		described(
			share.check(z.refine((value) => value > 0, 'must be over 0')),
			'Share of the columns that a tree sees (max_features).',
		),
		1,
	),
	seed: z._default(z.int(), 7),
});
export type IsolationForestParams = z.output<typeof isolationForestParams>;

export const modelType = z.enum(['isolation_forest']);
export const task = z.enum(['anomaly']);

export const modelSection = z.strictObject({
	type: modelType,
	task: z.optional(described(task, 'Follows from the type where that has only one.')),
	params: z._default(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])), {}),
});
export type ModelSection = z.output<typeof modelSection>;

export const validateSection = described(
	z.array(comparison),
	'A version that fails one of these is recorded, and not promoted.',
);

export const registerSection = z.strictObject({
	as: described(modelName, 'Name in the registry.'),
	alias: z._default(
		described(aliasName, 'What a later version becomes; the first valid one becomes production.'),
		'candidate',
	),
});
export type RegisterSection = z.output<typeof registerSection>;
