/** `model.threshold:`, from which score on a row is an anomaly, and how many of them make an alarm. */
import * as z from 'zod/mini';
import { described } from '../schema.ts';
import { share } from './units.ts';

const moment = z
	.string()
	.check(z.refine((text) => !Number.isNaN(Date.parse(text)), 'must be a date or a time such as 2026-01-31T08:00:00Z'));

/** k of n rows; it travels in the model's metadata. */
export const persistence = z
	.strictObject({ k: z.int().check(z.minimum(1)), n: z.int().check(z.minimum(1), z.maximum(10_000)) })
	.check(z.refine(({ k, n }) => k <= n, 'k must not be over n'));

export const thresholdSection = z
	.strictObject({
		quantile: z.optional(
			described(
				share.check(z.refine((value) => value > 0 && value < 1, 'must lie between 0 and 1')),
				'The share of the clean rows that count as normal.',
			),
		),
		alarms_per_day: z.optional(
			described(
				z.number().check(z.gt(0)),
				'The alarms a day that the clean rows may raise: the most sensitive threshold with no more. Rows of a series that follow one another are one alarm. Needs data.time.',
			),
		),
		clean: z.optional(
			described(
				z.strictObject({ from: z.optional(moment), to: z.optional(moment) }),
				'The period in which all was well, by data.time, without its end; else all rows. Rows that the target marks as anomalies are never among them.',
			),
		),
		per_key: z._default(
			described(
				z.boolean(),
				'A threshold for each value of data.key with at least 50 clean rows; others have that of all. The key then is an input of the model.',
			),
			false,
		),
		persistence: z.optional(
			described(
				persistence,
				'An alarm needs k of the last n rows of its series (data.key, in the order of data.time) beyond the threshold; the label says so, and not the row alone.',
			),
		),
	})
	.check(
		z.refine(
			({ quantile, alarms_per_day: alarms, persistence: several, clean, per_key: perKey }) =>
				(quantile === undefined) !== (alarms === undefined) ||
				(quantile === undefined && several !== undefined && clean === undefined && !perKey),
			'must say either quantile or alarms_per_day; persistence goes with one of them or alone',
		),
	);
export type ThresholdSection = z.output<typeof thresholdSection>;
