/** From a data file to a registered version, and from a version to scored rows. */

import * as z from 'zod/mini';
import { longParams } from './core.ts';
import { method } from './method.ts';
import { modelName, modelVersion } from './models.ts';
import { quarantined, reading } from './reading.ts';
import { run } from './runs.ts';
import { described } from './schema.ts';

/** How a project is named in a request: the absolute path of its perch.yaml, with values overridden for this call. */
export const projectParams = {
	config: z.optional(described(z.string(), 'Path of a perch.yaml; without one the nearest in the root is meant.')),
	set: z._default(described(z.array(z.string()), 'Overrides such as `model.params.trees=200`.'), []),
};

export const init = method(
	'Looks at a data file and writes a commented perch.yaml for it.',
	z.object({ data: z.string(), output: z.string(), force: z._default(z.boolean(), false), ...reading, ...longParams }),
	z.object({ file: z.string(), model: z.string(), columns: z.number(), warnings: z.array(z.string()), quarantined }),
	{ long: true },
);

/** What became of one rule of `validate:`. */
export const validationResult = z.object({
	check: z.string(),
	passed: z.boolean(),
	value: z.nullable(z.number()),
	compared: described(
		z.nullable(
			z.object({
				version: described(z.number(), 'The version in production that it was compared with.'),
				rows: described(z.number(), 'Rows held out of this training that both versions answered.'),
				value: z.number(),
				difference: described(z.number(), 'The metric of this version minus that of the other.'),
				low: described(z.number(), 'Lower end of the 95 % interval of the difference (paired bootstrap).'),
				high: z.number(),
			}),
		),
		'Of `not_worse_than`, where both versions could be measured with the same rows.',
	),
	reason: described(z.nullable(z.string()), 'Why they could not be.'),
});
export type ValidationResult = z.infer<typeof validationResult>;

export const train = method(
	'Trains a model and registers it, from a perch.yaml or from a data file alone.',
	z.object({
		...projectParams,
		data: z.optional(described(z.string(), 'A data file, instead of a perch.yaml.')),
		test: z.optional(described(z.string(), 'A data file that is scored and not trained on.')),
		model: z.optional(described(z.string(), 'An estimator such as isolation_forest; with `data` only.')),
		name: z.optional(described(modelName, 'Name of the model; without a perch.yaml it is named after the data file.')),
		target: z.optional(z.string()),
		params: z._default(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])), {}),
		...reading,
		...longParams,
	}),
	z.object({
		run,
		version: z.nullable(modelVersion),
		model: described(z.string(), 'Path of the .onnx file.'),
		warnings: z.array(z.string()),
		quarantined: described(quarantined, 'Also in the warnings, and as the metric `quarantined_rows`.'),
		validation: z.array(validationResult),
	}),
	{ long: true },
);

export const predict = method(
	'Scores a data file with a model, one line of output a row of input, in order.',
	z.object({
		model: described(z.string(), 'name@alias, name@latest, name/version, or the path of an .onnx file.'),
		input: z.string(),
		output: described(z.string(), 'A .csv, .jsonl or .parquet file.'),
		key: z.optional(
			described(
				z.array(z.string()).check(z.minLength(1)),
				'Columns that are carried through; the key of the model unless told, else the number of the row.',
			),
		),
		...reading,
		...longParams,
	}),
	z.object({
		model: z.string(),
		rows: z.number(),
		rejected: z.number(),
		output: z.string(),
		quarantined: described(
			quarantined,
			'Rows that were set aside. The output has no line of those that could not be read, and an empty one of those that the model does not take.',
		),
		reasons: described(
			z.array(z.object({ row: z.number(), line: z.nullable(z.number()), reason: z.string() })),
			'The first hundred rejected rows, each from 1, and the line of the file on which it begins.',
		),
	}),
	{ long: true },
);

export const trainingMethods = { init, train, predict };
export { modelVersion };
