/** What a drift report says of a model's predictions where the truth is known: how well they hold, reference against current. */

import * as z from 'zod/mini';
import { distribution } from './distribution.ts';
import { described } from './schema.ts';

const figure = z.nullable(z.number());

/** The same of both samples; null where a sample has no row with a label and a prediction. */
const bothSides = <T extends z.ZodMiniType>(one: T) =>
	z.object({ reference: z.nullable(one), current: z.nullable(one) });

export const performanceTask = z.enum(['regression', 'classification', 'anomaly']);
export type PerformanceTask = z.infer<typeof performanceTask>;

export const regressionFigures = z.object({
	rows: z.number(),
	mean_error: described(z.number(), 'Prediction less truth: above 0 where the model predicts too much.'),
	error_std: described(figure, 'Standard deviation of the errors (n − 1).'),
	mae: z.number(),
	rmse: z.number(),
	mape: described(figure, 'A share, not a percentage; over the rows whose truth is not 0.'),
	r2: described(figure, 'null where the truth does not vary.'),
	max_error: z.number(),
});
export type RegressionFigures = z.infer<typeof regressionFigures>;

export const classificationFigures = z.object({
	rows: z.number(),
	accuracy: z.number(),
	precision: described(figure, 'Of the positive class; null with more than two classes.'),
	recall: described(figure, 'Of the positive class; null with more than two classes.'),
	f1: described(figure, 'Of the positive class; null with more than two classes.'),
	precision_macro: described(z.number(), 'Every class counts alike; 0 for a class that is never predicted.'),
	recall_macro: z.number(),
	f1_macro: z.number(),
	precision_weighted: described(z.number(), 'Every class counts by its rows.'),
	recall_weighted: z.number(),
	f1_weighted: z.number(),
	roc_auc: described(figure, 'With more than two classes the mean of each against the rest.'),
	log_loss: described(figure, 'Natural logarithm, probabilities kept 2.2e-16 from 0 and 1.'),
	brier: described(figure, 'Mean square of the probability of the positive class less the truth.'),
});
export type ClassificationFigures = z.infer<typeof classificationFigures>;

export const classFigures = z.object({
	rows: z.number(),
	precision: z.number(),
	recall: z.number(),
	f1: z.number(),
});

export const calibrationPoint = z.object({ rows: z.number(), predicted: z.number(), observed: z.number() });

/** One part of the rows, by the value of a feature or its range. */
export const performancePart = z.object({
	segment: z.string(),
	...bothSides(
		z.object({
			rows: z.number(),
			mean_error: described(z.optional(z.number()), 'Regression.'),
			mae: described(z.optional(z.number()), 'Regression.'),
			accuracy: described(z.optional(z.number()), 'Classification.'),
			f1: described(
				z.optional(figure),
				'Classification: of the positive class; macro with more than two. null where no row of the part is of it or predicted so.',
			),
		}),
	).shape,
});
export type PerformancePart = z.infer<typeof performancePart>;

const groupValue = z.nullable(z.union([z.number(), z.string()]));

export const biasGroups = z.object({
	overall: described(groupValue, 'Mean of a number, most frequent value of a category.'),
	underestimation: described(groupValue, 'The same in the 5 % of the rows with the lowest errors.'),
	overestimation: described(groupValue, 'The same in the 5 % of the rows with the highest errors.'),
	range: described(
		figure,
		'As Evidently has it: 100 · |over − under| / (max − min) of a number; of a category 1 where the groups differ, else 0.',
	),
});
export type BiasGroups = z.infer<typeof biasGroups>;

export const performanceFeature = z.object({
	column: z.string(),
	spread: described(
		z.number(),
		'The widest difference between parts: of the mean error, or of the accuracy; the larger side.',
	),
	parts: z.array(performancePart),
	groups: z.optional(described(bothSides(biasGroups), 'Regression.')),
});
export type PerformanceFeature = z.infer<typeof performanceFeature>;

const counts = z.array(z.array(z.number()));

export const driftPerformance = z.object({
	task: performanceTask,
	target: z.string(),
	prediction: described(z.string(), 'The column, or the model, that it is from.'),
	left_out: described(
		z.object({ reference: z.number(), current: z.number() }),
		'Rows without a label or without a prediction.',
	),
	reason: described(z.nullable(z.string()), 'Why a side, or all, cannot be told.'),
	regression: z.optional(
		z.object({
			figures: bothSides(regressionFigures),
			errors: described(z.nullable(distribution), 'Of prediction less truth.'),
		}),
	),
	classification: z.optional(
		z.object({
			classes: described(z.array(z.string()), 'Up to 20, the most frequent; others are taken together behind them.'),
			others: described(z.number(), 'Classes that are taken together.'),
			positive: described(z.nullable(z.string()), 'null with more than two classes.'),
			figures: bothSides(classificationFigures),
			by_class: z.array(z.object({ class: z.string(), ...bothSides(classFigures).shape })),
			confusion: described(bothSides(counts), 'Rows by class (down) and predicted class (across).'),
			calibration: described(
				z.nullable(bothSides(z.array(calibrationPoint))),
				'Tenths of the predicted probability of the positive class that hold rows: its mean, and the share that was positive.',
			),
		}),
	),
	features: described(z.array(performanceFeature), 'Up to 20, the widest spread first.'),
});
export type DriftPerformance = z.infer<typeof driftPerformance>;
