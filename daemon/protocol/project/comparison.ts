/** The one grammar of comparisons, shared by `validate` and `canary.guard`. */
import * as z from 'zod/mini';
import { described } from '../schema.ts';
import { share } from './units.ts';

/** `{metric: r2, min: 0.7}`, `{metric: p99_ms, max: 250}`, `{metric: mae, not_worse_than: production, by: 5%}`. */
export const comparison = z
	.strictObject({
		metric: z.string(),
		min: z.optional(z.union([z.number(), share])),
		max: z.optional(z.union([z.number(), share])),
		not_worse_than: z.optional(
			described(
				z.literal('production'),
				'The same metric of the version in production, on the same rows, with the 95 % interval of the difference.',
			),
		),
		by: z.optional(described(share, 'How much worse, relative to that version, is still well.')),
	})
	.check(
		z.refine(
			(value) => value.min !== undefined || value.max !== undefined || value.not_worse_than !== undefined,
			'needs min, max or not_worse_than',
		),
		z.refine((value) => value.by === undefined || value.not_worse_than !== undefined, 'by goes with not_worse_than'),
	);
export type Comparison = z.infer<typeof comparison>;

/** Metrics for which less is better; all others are better when they grow. */
const lessIsBetter = new Set([
	'mae',
	'rmse',
	'mse',
	'mape',
	'log_loss',
	'loss',
	'max_error',
	'error_rate',
	'p50_ms',
	'p95_ms',
	'p99_ms',
	'score_change',
	'time_to_detect_seconds',
	'false_alarms_per_day',
]);
/** Metrics with a better side. A comparison marks a best value for these alone. */
const moreIsBetter = new Set([
	'r2',
	'accuracy',
	'precision',
	'recall',
	'f1',
	'roc_auc',
	'average_precision',
	'detected_periods',
	'nab_score',
]);

/** Which way a metric gets better, by its name without a prefix such as `test_`; null when it has no better side. */
export function direction(metric: string): 'less' | 'more' | null {
	const name = metric.replace(/^((test|train|validation|cv|fold|production)_)+/, '');
	if (lessIsBetter.has(name)) return 'less';
	return moreIsBetter.has(name) ? 'more' : null;
}

/** Whether a value holds, given the same metric of the version that it is compared with (null when there is none). */
export function holds(rule: Comparison, value: number | null, other: number | null): boolean {
	if (value === null) return false;
	if (rule.min !== undefined && value < rule.min) return false;
	if (rule.max !== undefined && value > rule.max) return false;
	if (rule.not_worse_than !== undefined && other !== null) {
		const slack = Math.abs(other) * (rule.by ?? 0);
		return direction(rule.metric) === 'less' ? value <= other + slack : value >= other - slack;
	}
	return true;
}

/** A comparison as a person would write it, for reports and audits. */
export function describeComparison(rule: Comparison): string {
	const parts = [
		rule.min !== undefined && `at least ${rule.min}`,
		rule.max !== undefined && `at most ${rule.max}`,
		rule.not_worse_than !== undefined &&
			`not worse than ${rule.not_worse_than}${rule.by === undefined ? '' : ` by ${rule.by * 100}%`}`,
	];
	return `${rule.metric} ${parts.filter(Boolean).join(' and ')}`;
}
