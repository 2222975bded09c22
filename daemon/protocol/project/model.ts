/** `model:`, `validate:` and `register:`. */

import * as z from 'zod/mini';
import { aliasName, modelName } from '../models.ts';
import { described } from '../schema.ts';
import { columnName } from './columnName.ts';
import { comparison } from './comparison.ts';
import { thresholdSection } from './threshold.ts';
import { tuneSection } from './tune.ts';
import { duration, share } from './units.ts';

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

const seed = z._default(z.int(), 7);
const positive = z.int().check(z.minimum(1), z.maximum(10_000));
const depth = z.int().check(z.minimum(0), z.maximum(60));
const someFeatures = share.check(z.refine((value) => value > 0, 'must be over 0'));

const classWeight = z._default(
	z.union([
		described(
			z.enum(['none', 'balanced']),
			'balanced: every class weighs the same as a whole, however few rows it has (class_weight).',
		),
		described(
			z.record(z.string(), z.number().check(z.gt(0))),
			'What each row of a class counts, by the name of the class; 1 for classes that are not named.',
		),
	]),
	'none',
);

/** Parameters of the random forest; those of scikit-learn in brackets. */
export const randomForestParams = z.strictObject({
	trees: z._default(described(positive, 'n_estimators.'), 100),
	max_depth: z._default(described(depth, '0: until the leaves are pure.'), 16),
	min_samples_leaf: z._default(z.int().check(z.minimum(1)), 1),
	features: z._default(
		z.union([
			z.literal('auto'),
			described(someFeatures, 'Share of the features that each cut chooses from (max_features).'),
		]),
		'auto',
	),
	bootstrap: z._default(z.boolean(), true),
	class_weight: classWeight,
	seed,
});

/** Parameters of gradient boosting, as LightGBM and scikit-learn's histogram boosting have them. */
export const gradientBoostingParams = z.strictObject({
	trees: z._default(described(positive, 'Rounds, at most (n_estimators, max_iter).'), 100),
	learning_rate: z._default(z.number().check(z.gt(0), z.maximum(1)), 0.1),
	max_leaves: z._default(z.int().check(z.minimum(2), z.maximum(4096)), 31),
	max_depth: z._default(described(depth, '0: as deep as the leaves allow.'), 0),
	min_samples_leaf: z._default(z.int().check(z.minimum(1)), 20),
	l2: z._default(z.number().check(z.minimum(0)), 0),
	features: z._default(described(someFeatures, 'Share of the features that a tree sees.'), 1),
	early_stopping: z._default(
		described(
			z.int().check(z.minimum(0)),
			'Rounds without a lower loss on rows kept apart, after which it stops; 0: never.',
		),
		0,
	),
	validation_share: z._default(
		described(
			share.check(z.refine((value) => value > 0 && value < 1, 'must lie between 0 and 1')),
			'Share of the rows kept apart for early stopping.',
		),
		0.1,
	),
	class_weight: classWeight,
	monotone: z._default(
		described(
			z.record(columnName(), z.enum(['increasing', 'decreasing'])),
			'Columns of numbers along which no prediction may fall, or none may rise (monotone_constraints).',
		),
		{},
	),
	cat_smooth: z._default(
		described(z.number().check(z.minimum(0)), 'Rows that a category needs in a node to be told from the others.'),
		10,
	),
	cat_l2: z._default(described(z.number().check(z.minimum(0)), 'Beside l2, where categories part rows.'), 10),
	max_cat_to_onehot: z._default(
		described(z.int().check(z.minimum(1)), 'Up to so many categories one is parted from all others.'),
		4,
	),
	max_cat_threshold: z._default(
		described(z.int().check(z.minimum(1), z.maximum(128)), 'Categories in a set at most.'),
		32,
	),
	min_data_per_group: z._default(
		described(z.int().check(z.minimum(1)), 'Rows that a set of categories holds at least.'),
		100,
	),
	seed,
});

/** Parameters of linear and logistic regression. */
export const linearParams = z.strictObject({
	penalty: z._default(
		described(
			z.enum(['none', 'l2', 'l1']),
			'none: ordinary least squares. l2: ridge, or logistic. l1: lasso, regression alone.',
		),
		'l2',
	),
	alpha: z._default(
		described(
			z.number().check(z.minimum(0)),
			'Strength of the penalty: of scikit-learn’s Ridge and Lasso, and 1 / C of its LogisticRegression.',
		),
		1,
	),
	standardize: z._default(
		described(
			z.boolean(),
			'Whether features are divided by their deviation first, so that the penalty is fair to all.',
		),
		true,
	),
	class_weight: classWeight,
});

/** Parameters of an ensemble. */
export const ensembleParams = z.strictObject({
	combine: z._default(
		described(
			z.enum(['average', 'vote', 'stack', 'max']),
			'average: the mean of numbers, probabilities or, on one scale, anomaly scores. max: the greatest of these scores. vote: the share of the models for each class. stack: a linear model over what the others say of rows that they did not learn from.',
		),
		'average',
	),
	folds: z._default(described(z.int().check(z.minimum(2), z.maximum(20)), 'Of stack.'), 5),
	alpha: z._default(described(z.number().check(z.minimum(0)), 'Strength of the penalty of stack’s linear model.'), 1),
	seed,
});

/** The models that an ensemble may ask: those that predict, or those of anomalies. */
const memberType = z.enum(['linear', 'random_forest', 'gradient_boosting', 'isolation_forest', 'autoencoder']);

const variable = z.string().check(z.regex(/^[A-Za-z_]\w*$/, 'must be the name of an environment variable'));

/** What a command takes is its own. */
export const commandParams = z.looseObject({});

/** What `type: command` adds to a model. */
const commandFields = {
	run: z.optional(
		described(z.string().check(z.minLength(1)), 'A command that trains and writes an ONNX file, as a shell takes it.'),
	),
	folder: z.optional(described(z.string(), 'Where it runs; the folder of perch.yaml unless told.')),
	timeout: z.optional(described(duration, 'After which it is ended; 1h unless told.')),
	env: z.optional(described(z.record(variable, z.union([z.string(), z.number()])), 'Added to its environment.')),
	secrets: z.optional(
		described(z.array(variable), 'Environment variables that it needs and whose values no log shows.'),
	),
};
const commandOptions = ['folder', 'timeout', 'env', 'secrets'] as const;

export const modelType = z.enum([
	'isolation_forest',
	'random_forest',
	'gradient_boosting',
	'linear',
	'autoencoder',
	'lstm',
	'ensemble',
	'command',
]);
export const task = z.enum(['anomaly', 'regression', 'classification', 'forecast']);

/** Params as they are written; what each estimator takes is checked when it is known. */
const writtenParams = z._default(
	z.record(
		z.string(),
		z.union([z.string(), z.number(), z.boolean(), z.record(z.string(), z.union([z.string(), z.number()]))]),
	),
	{},
);

/** A model among those that an ensemble asks. */
const memberSection = z.strictObject({ type: memberType, params: writtenParams });
export type MemberSection = z.output<typeof memberSection>;

export const modelSection = z
	.strictObject({
		type: modelType,
		task: z.optional(described(task, 'Follows from the type where that has only one.')),
		params: writtenParams,
		models: z.optional(
			described(z.array(memberSection).check(z.minLength(2)), 'Of an ensemble: the models that it asks.'),
		),
		threshold: z.optional(
			described(
				thresholdSection,
				'Of a model of anomalies, where the score from which a row is one is not the estimator’s own.',
			),
		),
		tune: z.optional(described(tuneSection, 'Tries params, and trains with the best of them.')),
		...commandFields,
	})
	.check(
		z.refine(({ type, models }) => (type === 'ensemble') === (models !== undefined), {
			path: ['models'],
			error: 'belongs to type ensemble, which needs two or more, such as [{type: linear}, {type: random_forest}]',
		}),
		z.refine(({ type, run }) => (type === 'command') === (run !== undefined), {
			path: ['run'],
			error: 'belongs to type command, which needs it, such as python train.py',
		}),
		...commandOptions.map((field) =>
			z.refine<{ type: string; [field: string]: unknown }>(
				(section) => section.type === 'command' || section[field] === undefined,
				{ path: [field], error: 'belongs to type command' },
			),
		),
	);
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
