/** Experiments and runs, named as in MLflow. */

import * as z from 'zod/mini';
import { progressValue, stepFigures } from './core.ts';
import { method } from './method.ts';
import { described } from './schema.ts';

export const runStatus = z.enum(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']);

/** A version of a dataset, as runs, model versions and drift reports name those that they used. */
export const datasetVersion = z.object({
	name: z.string(),
	version: described(z.int(), 'Counts the contents that were seen under the name, from 1.'),
	digest: described(z.string(), 'SHA-256 over the schema, the rows and every column, first 32 hex digits.'),
});
export type DatasetVersion = z.infer<typeof datasetVersion>;

export const datasetRef = z.object({
	...datasetVersion.shape,
	rows: z.number(),
	source: z.string(),
});
export type DatasetRef = z.infer<typeof datasetRef>;

export const run = z.object({
	id: described(z.string(), '32 hex digits.'),
	name: z.string(),
	experiment: z.string(),
	status: runStatus,
	start_time: described(z.number(), 'Milliseconds since 1970.'),
	end_time: z.nullable(z.number()),
	params: z.record(z.string(), z.string()),
	metrics: described(
		z.record(z.string(), z.nullable(z.number())),
		'The latest value of each metric; null is not a number.',
	),
	tags: z.record(z.string(), z.string()),
	dataset: z.nullable(datasetRef),
	commit: z.nullable(z.string()),
	model: z.nullable(z.object({ name: z.string(), version: z.number() })),
});
export type Run = z.infer<typeof run>;

export const metricPoint = z.object({ step: z.number(), timestamp: z.number(), value: z.nullable(z.number()) });

export const runsList = method(
	'Lists runs, newest first; the trials of a tuning only where it is asked for.',
	z.object({
		experiment: z.optional(z.string()),
		parent: z.optional(
			described(z.string(), 'A run id, a unique prefix of one, or a unique run name: lists its trials.'),
		),
		limit: z._default(z.int().check(z.minimum(1), z.maximum(50_000)), 1000),
		group: z.optional(
			described(z.string(), 'A param or tag: the answer then also holds means of every metric by its values.'),
		),
	}),
	z.object({
		runs: z.array(run),
		groups: z.optional(
			z.array(z.object({ value: z.string(), runs: z.number(), metrics: z.record(z.string(), z.nullable(z.number())) })),
		),
	}),
	{ readOnly: true },
);

export const runsShow = method(
	'Shows one run with the history of its metrics, its environment and its artifacts.',
	z.object({ id: described(z.string(), 'A run id, a unique prefix of one, or a unique run name.') }),
	z.object({
		run,
		source: described(z.nullable(z.string()), 'The perch.yaml or data file that started it.'),
		history: z.record(z.string(), z.array(metricPoint)),
		environment: z.record(z.string(), z.string()),
		warnings: z.array(z.string()),
		datasets: described(
			z.array(z.object({ ...datasetRef.shape, context: z.string() })),
			'All that it used; the context says what for: training, test.',
		),
		artifacts: z.array(z.object({ path: z.string(), size: z.number(), sha256: z.string() })),
	}),
	{ readOnly: true },
);

/** One line of a comparison: a value for each run, in the order asked for; null where a run lacks it. */
export const comparisonRow = z.object({
	section: z.enum(['metric', 'param', 'data', 'code', 'environment']),
	name: z.string(),
	values: z.array(z.nullable(z.union([z.string(), z.number()]))),
	best: described(z.nullable(z.number()), 'Index of the best value of a metric with a known direction.'),
});

export const runsCompare = method(
	'Compares two or more runs: only what differs in metrics, params, data and commit.',
	z.object({ ids: z.array(z.string()).check(z.minLength(2), z.maxLength(50)), all: z._default(z.boolean(), false) }),
	z.object({
		runs: z.array(run),
		rows: z.array(comparisonRow),
		same: described(z.number(), 'How many lines were left out because all runs agree.'),
		chart: described(
			z.nullable(z.object({ metric: z.string(), series: z.array(z.array(metricPoint)) })),
			'The first metric with a history in at least two of the runs.',
		),
		markdown: z.string(),
		csv: z.string(),
	}),
	{ readOnly: true },
);

export const runsDelete = method(
	'Deletes a run that no model version was made by.',
	z.object({ id: z.string() }),
	z.object({ id: z.string() }),
);

export const runLogLine = z.object({ time: z.number(), message: z.string() });
export type RunLogLine = z.infer<typeof runLogLine>;

export const runsLog = method(
	'Returns what a training has told of its way, and how far it is while it is at work.',
	z.object({ id: z.string() }),
	z.object({
		lines: z.array(runLogLine),
		progress: described(z.nullable(progressValue), 'null before the first word, and after the end.'),
		figures: described(z.array(stepFigures), 'Metrics by step of a run at work; runs/show has them after its end.'),
	}),
	{ readOnly: true },
);

export const runMethods = {
	'runs/list': runsList,
	'runs/show': runsShow,
	'runs/compare': runsCompare,
	'runs/delete': runsDelete,
	'runs/log': runsLog,
};
