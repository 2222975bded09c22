/** What a model says of itself: it travels as JSON in the metadata of its ONNX file, under the key `perch`. */

import * as z from 'zod/mini';
import { windowSection } from '../protocol/project/data.ts';
import { parseStep } from '../protocol/project/parse.ts';
import { persistence } from '../protocol/project/threshold.ts';
import { described } from '../protocol/schema.ts';

/** The metadata key that the description stands under. */
export const descriptionKey = 'perch';

/** Element types that the inputs of a model may have; Perch itself writes float, double and string. */
export const inputType = z.enum(['float', 'double', 'int64', 'int32', 'bool', 'string']);
export type InputType = z.infer<typeof inputType>;

/** The greatest number that float holds. */
export const greatestFloat = 3.402_823_466_385_288_6e38;

export const modelInput = z.object({
	name: z.string(),
	type: inputType,
	width: z._default(
		described(
			z.nullable(z.int().check(z.minimum(1))),
			'Columns of the input: 1 is the column of that name; more are name_0, name_1, ..., or else the columns of its kind in their order, null all of them.',
		),
		1,
	),
});
export type ModelInput = z.output<typeof modelInput>;

export const modelDescription = z.object({
	task: z.enum(['anomaly', 'regression', 'classification', 'forecast']),
	inputs: described(z.array(modelInput), 'What the graph takes, in the order that bare rows of numbers are read in.'),
	outputs: described(
		z.object({
			label: z.optional(z.string()),
			score: z.optional(z.string()),
			prediction: z.optional(z.string()),
			proba: z.optional(z.string()),
			errors: z.optional(described(z.string(), 'The squared errors that make up the score, by feature.')),
		}),
		'Which output of the graph says what.',
	),
	score: described(
		z.nullable(z.enum(['path', 'decision', 'error'])),
		'path: as score_samples of scikit-learn’s isolation forest, −1 to 0; decision: below 0 for an anomaly; error: from 0, above the threshold for an anomaly; null: no score.',
	),
	classes: described(z.array(z.string()), 'Names of the classes, in the order of the probabilities.'),
	forecast: z.optional(
		described(z.array(z.string()), 'What is forecast, in the order of the outputs: columns, with how many rows ahead.'),
	),
	features: described(z.array(z.string()), 'What the estimator sees after the preparation; empty when unknown.'),
	parse: z._default(
		described(z.array(parseStep), 'How text becomes what the inputs, or the columns of a window, hold.'),
		[],
	),
	window: described(z.nullable(windowSection), 'How the inputs are computed from a series; null for a plain table.'),
	columns: described(
		z.array(z.string()),
		'The columns that are needed: those of the series, or the inputs; parsed where `parse` says so.',
	),
	key: described(z.nullable(z.string()), 'The column that tells one series from another.'),
	time: z._default(described(z.nullable(z.string()), 'The column that orders the rows of a series.'), null),
	threshold: described(
		z.nullable(z.number()),
		'A row whose score lies beyond it is an anomaly: below, or above where the score is an error.',
	),
	persistence: z.optional(
		described(
			persistence,
			'Where set, the label of a row is −1 when k of the last n rows of its series lie beyond the threshold; the graph labels each row alone.',
		),
	),
});
export type ModelDescription = z.output<typeof modelDescription>;

/** The columns that an input stands for, in their order; of an input that takes any number, none. */
export function inputColumns({ name, width }: Pick<ModelInput, 'name' | 'width'>): string[] {
	return width === 1 ? [name] : Array.from({ length: width ?? 0 }, (_, place) => `${name}_${place}`);
}

/** What a raw row of a series has, for a model of windows: the columns that these are cut of, and its key where that is an input. */
export function rowsOfSeries({
	inputs,
	columns,
}: Pick<ModelDescription, 'inputs' | 'columns'>): { name: string; type: 'number' | 'string' }[] {
	const keys = inputs.filter(({ type }) => type === 'string');
	return [
		...columns.map((name) => ({ name, type: 'number' as const })),
		...keys.map(({ name }) => ({ name, type: 'string' as const })),
	];
}
