/** Drift reports: the shape that `perch drift --json`, the HTML file, the panel and the gateway all share. */

import * as z from 'zod/mini';
import { longParams } from './core.ts';
import { columnType } from './datasets.ts';
import { distribution } from './distribution.ts';
import { driftChunks } from './driftChunks.ts';
import { driftFinding } from './driftFindings.ts';
import { driftHistory } from './driftHistory.ts';
import { driftMultivariate } from './driftMultivariate.ts';
import { driftPerformance, performanceTask } from './driftPerformance.ts';
import { driftExamples, driftSample, driftSegments } from './driftSegments.ts';
import { driftMethod, driftProfile, driftTest, judgedBy } from './driftTests.ts';
import { method } from './method.ts';
import { chunkSize } from './project/chunks.ts';
import { quarantined, reading } from './reading.ts';
import { datasetVersion } from './runs.ts';
import { described } from './schema.ts';
import { projectParams } from './training.ts';

const figure = z.nullable(z.number());

export const driftStatistics = z.object({
	ks: z.optional(figure),
	psi: z.optional(
		described(figure, 'Numbers are cut at the deciles of the reference; an empty share counts as 0.0001.'),
	),
	wasserstein: z.optional(described(figure, 'Divided by the standard deviation of the reference.')),
	jensen_shannon: z.optional(described(figure, 'On the bins of psi; square root, natural logarithm: 0 to 0.8326.')),
	chi_square: z.optional(described(figure, 'Of the table of both samples by category.')),
	cramers_v: z.optional(described(figure, 'Of that table, bias-corrected; falls when one sample is much smaller.')),
});

export const columnSummary = z.object({
	rows: z.number(),
	nulls: z.number(),
	distinct: z.number(),
	mean: figure,
	std: figure,
	min: figure,
	median: figure,
	max: figure,
});

const interval = z.object({ low: z.number(), high: z.number() });
const sizes = z.object({ reference: z.number(), current: z.number() });
const rowsNeeded = z.optional(z.nullable(z.number()));

export const driftColumn = z.object({
	column: z.string(),
	type: columnType,
	test: described(z.nullable(driftTest), 'In profile evidently by the name that Evidently registers it under.'),
	statistic: figure,
	p_value: figure,
	adjusted_p: described(figure, 'Benjamini-Hochberg over the columns of the report; profile sound alone.'),
	effect: described(
		figure,
		'0 to 1: KS distance for numbers; for categories Cramér’s V, bias-corrected, as it would be with samples of equal size; with kuiper its distance, with psi and mmd what exceeds their value without drift (psi has no upper end). Profile sound alone.',
	),
	effect_interval: z.optional(
		described(z.nullable(interval), 'The effects that the samples allow for, with 95 % confidence.'),
	),
	effective_rows: z.optional(
		described(
			z.nullable(sizes),
			'As how many independent rows the values count: fewer than there are where neighbouring rows resemble one another.',
		),
	),
	rows_needed: described(
		rowsNeeded,
		'About how many rows a side would tell: where there are too few (drift is null), or where an effect large enough to matter may be an accident.',
	),
	score: described(
		figure,
		'The value held against the threshold: in profile sound the effect, in profile evidently what Evidently gives, a distance or a p-value.',
	),
	threshold: figure,
	drift: described(z.nullable(z.boolean()), 'null: it cannot be told, for the reason given.'),
	reason: z.nullable(z.string()),
	notes: described(z.array(z.string()), 'What else a reader should know, in plain sentences.'),
	importance: z.optional(
		described(
			z.object({ model: z.string(), metric: z.string(), score: z.number(), mean: z.number() }),
			'Whether it matters to the model: how much worse its metric became when the values of the column changed places between rows, where it was measured; not in the verdict.',
		),
	),
	findings: z.optional(
		described(
			z.array(driftFinding),
			'What changed beside the distribution, each but new categories beyond chance; not in the verdict.',
		),
	),
	statistics: driftStatistics,
	reference: columnSummary,
	current: columnSummary,
	distribution: z.nullable(distribution),
	segments: z.optional(described(driftSegments, 'Of a drifted column.')),
	examples: z.optional(described(driftExamples, 'Of a drifted column.')),
});
export type DriftColumn = z.infer<typeof driftColumn>;

export const driftSide = z.object({
	name: described(z.string(), 'A path, `training`, or `production` for live traffic.'),
	why: z.optional(described(z.string(), 'Why it is these rows, in one sentence.')),
	rows: z.number(),
	filtered: z.optional(described(z.number(), 'Rows that `data.filter` left out, and that are not in `rows`.')),
	digest: z.nullable(z.string()),
	quarantined: z.optional(described(quarantined, 'Rows that were set aside, and not compared.')),
	dataset: z.optional(
		described(datasetVersion, 'The version that the rows are or are taken from, or that the model was trained on.'),
	),
	from: z.optional(z.number()),
	to: z.optional(z.number()),
});

export const driftPredictions = z.object({
	from: described(z.string(), 'The model, or the column of the data.'),
	drift: described(z.nullable(z.boolean()), 'Of any of them; null: it cannot be told.'),
	reason: z.nullable(z.string()),
	columns: described(
		z.array(driftColumn),
		'What the model says of the rows: label and anomaly_score, prediction, the probability of the positive class.',
	),
});
export type DriftPredictions = z.infer<typeof driftPredictions>;

export const driftReport = z.object({
	id: z.string(),
	created_at: z.number(),
	project: z.nullable(z.string()),
	deployment: z.nullable(z.string()),
	drift: described(z.nullable(z.boolean()), 'null: too few rows to tell.'),
	reason: z.nullable(z.string()),
	rows_needed: described(rowsNeeded, 'About how many rows a side would tell, where there are too few.'),
	ordered_by: z.optional(
		described(
			z.nullable(z.string()),
			'The column of time in whose order memory was looked for; null: in the order in which the rows came.',
		),
	),
	share: described(z.number(), 'Share of drifted columns among those that could be told.'),
	threshold: described(z.number(), 'The share from which the whole is called drifted.'),
	profile: described(judgedBy, 'mean: not a profile, but a comparison of means (method: mean).'),
	reference: driftSide,
	current: driftSide,
	columns: z.array(driftColumn),
	missing: described(z.array(z.string()), 'Columns of the reference that the current data lack.'),
	added: described(z.array(z.string()), 'Columns of the current data that the reference lacks.'),
	sample: z.optional(driftSample),
	multivariate: z.optional(
		described(driftMultivariate, 'All columns together, in profile sound; not in the share, and not in drift.'),
	),
	predictions: z.optional(described(driftPredictions, 'Not among the columns, and not in the share.')),
	target: z.optional(described(driftColumn, 'The label, which is in the share only where columns names it.')),
	performance: z.optional(described(driftPerformance, 'Where labels and predictions are known.')),
	chunks: z.optional(driftChunks),
	overall_drift_detected: z.optional(
		described(z.boolean(), 'With method mean: drift of the columns or of the predictions.'),
	),
	drift_indicators: z.optional(
		described(
			z.record(z.string(), z.object({ drift_percentage: z.number(), significant_drift: z.boolean() })),
			'With method mean: by how much of itself the mean of each column of numbers, and of the predictions, moved.',
		),
	),
});
export type DriftReport = z.infer<typeof driftReport>;

export const drift = method(
	'Holds current data against a reference: two files, or a project’s live traffic against its training data.',
	z.object({
		...projectParams,
		reference: z.optional(
			described(
				z.string(),
				'A data file, `training`, `production:7d` (logged traffic before the current data), `same_month_last_year` or `same_hours`.',
			),
		),
		current: z.optional(
			described(z.string(), 'A data file; without one, the live traffic of the project’s deployment.'),
		),
		profile: z.optional(described(driftProfile, 'As the project says, else sound.')),
		method: z.optional(described(driftMethod, 'In place of a profile: the means are compared.')),
		columns: z.optional(z.array(z.string())),
		test: z.optional(
			described(
				z.enum(['auto', ...driftTest.options]),
				'The test of every column that drift.tests of the project does not name; auto: by the rules of the profile.',
			),
		),
		model: z.optional(
			described(
				z.string(),
				'Scores both sides: name@alias, name@latest, name/version or an .onnx file; without one, the project’s production version.',
			),
		),
		target: z.optional(
			described(z.string(), 'The column of labels, judged apart; data.target of the project unless told.'),
		),
		prediction: z.optional(described(z.string(), 'The column of predictions, instead of a model.')),
		task: z.optional(
			described(performanceTask, 'What labels and predictions are; as the model or the columns show unless told.'),
		),
		chunks: z.optional(
			described(chunkSize, 'Cuts the current data into chunks of so many rows or of a duration such as 1d.'),
		),
		time: z.optional(described(z.string(), 'The column that says when a row happened, where no project names it.')),
		html: z.optional(described(z.string(), 'Where to write the HTML report.')),
		markdown: z.optional(described(z.string(), 'Where to write a summary for a pull request.')),
		junit: z.optional(described(z.string(), 'Where to write JUnit XML, a test case a column.')),
		...reading,
		...longParams,
	}),
	z.object({ ...driftReport.shape, html: z.nullable(z.string()) }),
	{ long: true },
);

export const driftSummary = z.object({
	id: z.string(),
	created_at: z.number(),
	project: z.nullable(z.string()),
	deployment: z.nullable(z.string()),
	drift: z.nullable(z.boolean()),
	share: z.number(),
	threshold: z.number(),
	drifted: z.number(),
	columns: z.number(),
	psi_max: figure,
	reference: z.string(),
	current: z.string(),
	html: described(z.string(), 'Path of the kept HTML report.'),
	run: z.optional(
		described(z.nullable(z.string()), 'The run of experiment <project>-monitoring that it is; null for none.'),
	),
	look: z.optional(
		described(
			z.boolean(),
			'Made by a look at live traffic: the next look of the hour with the same verdict replaces it.',
		),
	),
});
export type DriftSummary = z.infer<typeof driftSummary>;

export const driftList = method(
	'Lists the kept drift reports, newest first.',
	z.object({ project: z.optional(z.string()), limit: z._default(z.int().check(z.minimum(1), z.maximum(10_000)), 100) }),
	z.object({ reports: z.array(driftSummary) }),
	{ readOnly: true },
);

export const driftShow = method(
	'Returns a kept drift report.',
	z.object({ id: z.string() }),
	z.object({ report: driftReport, html: z.string() }),
	{ readOnly: true },
);

export const driftMethods = {
	drift,
	'drift/list': driftList,
	'drift/show': driftShow,
	'drift/history': driftHistory,
};
