/** `model.threshold:`, from which score on a row is an anomaly. */
import * as z from 'zod/mini';
import { described } from '../schema.ts';
import { share } from './units.ts';

const moment = z
	.string()
	.check(z.refine((text) => !Number.isNaN(Date.parse(text)), 'must be a date or a time such as 2026-01-31T08:00:00Z'));

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
	})
	.check(
		z.refine(
			({ quantile, alarms_per_day: alarms }) => (quantile === undefined) !== (alarms === undefined),
			'must say either quantile or alarms_per_day',
		),
	);
export type ThresholdSection = z.output<typeof thresholdSection>;
