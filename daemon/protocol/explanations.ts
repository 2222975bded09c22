/** Why a model says what it says, and where it goes wrong: data on the run that trained it. */
import * as z from 'zod/mini';
import { longParams } from './core.ts';
import { method } from './method.ts';
import { described } from './schema.ts';

/** The artifact of a run that holds them. */
export const explanationsFile = 'explanations.json';

export const importance = z.object({
	metric: described(z.string(), 'r2, mae, log_loss or roc_auc.'),
	score: described(z.number(), 'The metric of these rows as they are.'),
	repeats: z.int(),
	rows: z.int(),
	columns: described(
		z.array(z.object({ column: z.string(), mean: z.number(), std: z.number() })),
		'How much worse the metric becomes when the values of the column change places between rows: mean and deviation over the repeats, as scikit-learn’s permutation_importance; the greatest first.',
	),
});
export type Importance = z.infer<typeof importance>;

export const contributionUnit = described(
	z.enum(['target', 'probability', 'log_odds', 'log2_anomaly_score', 'score']),
	'What the contributions add up to: the prediction; the probability of a class; its log-odds (before softmax with more than two classes); the binary logarithm of the anomaly score; the score, a mean of squared errors.',
);

export const contributions = z.object({
	method: described(
		z.enum(['tree_shap', 'errors']),
		'tree_shap: exact Shapley values of the trees (Lundberg et al. 2018, path dependent). errors: what each column adds to the score.',
	),
	unit: contributionUnit,
	rows: z.int(),
	outputs: z.array(
		z.object({
			class: z.nullable(z.string()),
			base: described(z.number(), 'What is said without knowing the row.'),
			columns: described(
				z.array(z.object({ column: z.string(), mean_absolute: z.number(), mean: z.number() })),
				'The greatest first, 50 at most.',
			),
		}),
	),
	abnormal: described(
		z.nullable(z.object({ rows: z.int(), columns: z.array(z.object({ column: z.string(), mean: z.number() })) })),
		'Of a model of anomalies: what makes the most abnormal rows so, the greatest first.',
	),
});
export type Contributions = z.infer<typeof contributions>;

export const residuals = z.object({
	points: described(
		z.array(z.object({ truth: z.number(), predicted: z.number() })),
		'A sample of the rows, 1,000 at most.',
	),
	histogram: described(
		z.object({ edges: z.array(z.number()), counts: z.array(z.int()) }),
		'Of prediction − truth; the last edge is included.',
	),
	quantiles: described(
		z.object({
			p1: z.number(),
			p5: z.number(),
			p25: z.number(),
			p50: z.number(),
			p75: z.number(),
			p95: z.number(),
			p99: z.number(),
		}),
		'Of prediction − truth.',
	),
});
export type Residuals = z.infer<typeof residuals>;

export const calibrationBin = z.object({
	rows: z.int(),
	predicted: described(z.number(), 'The mean probability.'),
	observed: described(z.number(), 'The share of the rows that are of the class.'),
});

export const explanations = z.object({
	part: described(
		z.enum(['held_out', 'training']),
		'Which rows were looked at: rows that were not learned from, or, where there are none, the rows of the training.',
	),
	rows: described(z.int(), 'How many were looked at.'),
	of: described(z.int(), 'How many there are.'),
	importance: z.nullable(importance),
	contributions: z.nullable(contributions),
	residuals: described(z.nullable(residuals), 'Of regression.'),
	confusion: described(
		z.nullable(z.object({ classes: z.array(z.string()), counts: z.array(z.array(z.int())) })),
		'Of classification, and of anomalies with labels: rows by class, columns by predicted class.',
	),
	calibration: described(
		z.nullable(z.array(z.object({ class: z.string(), bins: z.array(calibrationBin) }))),
		'Of classification, in tenths of the probability: of two classes the second, else of each, the 10 most frequent.',
	),
	learning_curve: described(
		z.nullable(
			z.object({
				metric: z.string(),
				points: z.array(z.object({ rows: z.int(), training: z.number(), held_out: z.number() })),
			}),
		),
		'The metric by the number of rows learned from, where training again on parts of them is cheap.',
	),
	notes: described(z.array(z.string()), 'What was left out, and why.'),
});
export type Explanations = z.infer<typeof explanations>;

export const runsExplanations = method(
	'Says why the model of a run says what it says: importance, contributions, residuals, confusion, calibration.',
	z.object({ id: described(z.string(), 'A run id, a unique prefix of one, or a unique run name.') }),
	z.object({ run: z.string(), explanations: described(z.nullable(explanations), 'Null for a run that kept none.') }),
	{ readOnly: true },
);

const cell = z.nullable(z.union([z.string(), z.number(), z.boolean()]));

export const modelsExplain = method(
	'Says what each column adds to the answer of a model for single rows.',
	z.object({
		model: described(z.string(), 'name@alias, name@latest, name/version, or the path of an .onnx file.'),
		rows: described(
			z.array(z.record(z.string(), cell)).check(z.minLength(1), z.maxLength(1000)),
			'Raw rows as /predict takes them; for a model of windows also rows of one series, in order.',
		),
		...longParams,
	}),
	z.object({
		model: z.string(),
		method: contributions.shape.method,
		unit: contributionUnit,
		rows: z.array(
			z.object({
				row: described(z.int(), 'Its number among the rows given, from 1; a window is named by its last row.'),
				outputs: z.array(
					z.object({
						class: z.nullable(z.string()),
						base: described(z.number(), 'What is said without knowing the row.'),
						said: described(z.number(), 'The base and all contributions together.'),
						columns: described(
							z.array(z.object({ column: z.string(), value: cell, contribution: z.number() })),
							'The greatest first, whatever its sign.',
						),
					}),
				),
			}),
		),
	}),
	{ long: true },
);

export const explanationMethods = { 'runs/explanations': runsExplanations, 'models/explain': modelsExplain };
