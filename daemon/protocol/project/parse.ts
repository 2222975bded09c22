/** `prepare: - parse:`: how text of real files becomes numbers, parts of dates, or tidy categories; docs/parse.md. */
import * as z from 'zod/mini';
import { described } from '../schema.ts';
import { columnName } from './columnName.ts';

const column = columnName('Column that the step reads.');
const decimal = z._default(described(z.enum(['.', ',']), 'The decimal sign; the other one may part thousands.'), '.');

export const durationUnit = z.enum(['seconds', 'minutes', 'hours', 'days']);
export type DurationUnit = z.output<typeof durationUnit>;

export const calendarPart = z.enum(['year', 'quarter', 'month', 'day', 'day_of_year', 'weekday', 'hour', 'minute']);
export type CalendarPart = z.output<typeof calendarPart>;

/** Spellings of a unit that mean the same: letter case, blanks, full stops and a plural s do not count. */
export function unitKey(unit: string): string {
	return unit
		.toLowerCase()
		.replaceAll(/[\s.]/g, '')
		.replace(/(?<=..)s$/, '');
}

const factors = z.record(z.string(), z.number().check(z.refine((factor) => factor > 0, 'must be over 0'))).check(
	z.refine((units) => {
		const keys = Object.keys(units).map(unitKey);
		return keys.length > 0 && !keys.includes('') && new Set(keys).size === keys.length;
	}, 'must name each unit once (letter case, blanks, full stops and a plural s do not count)'),
);

export const parseStep = z.discriminatedUnion('as', [
	z.strictObject({ column, as: z.literal('range_mean'), decimal }),
	z.strictObject({
		column,
		as: z.literal('number_with_unit'),
		decimal,
		units: described(
			z.union([z.literal('square_feet'), factors]),
			'square_feet for areas, or what one of each unit is, such as {km: 1000, m: 1}.',
		),
	}),
	z.strictObject({ column, as: z.literal('number_in_text'), decimal }),
	z.strictObject({ column, as: z.literal('currency'), decimal }),
	z.strictObject({
		column,
		as: z.literal('duration'),
		unit: z._default(described(durationUnit, 'What the number counts.'), 'seconds'),
	}),
	z.strictObject({
		column,
		as: z.literal('calendar'),
		parts: described(
			z.array(calendarPart).check(z.minLength(1)),
			'Each becomes a column such as pickup_hour in place of pickup; in UTC, weekday 1 is Monday.',
		),
	}),
	z.strictObject({
		column,
		as: z.literal('category'),
		case: z._default(described(z.enum(['keep', 'lower', 'upper']), 'Outer and repeated blanks always go.'), 'keep'),
	}),
]);
export type ParseStep = z.output<typeof parseStep>;

/** What a step makes of its column. */
export function madeOf({ as }: ParseStep): 'numbers' | 'calendar' | 'category' {
	return as === 'calendar' || as === 'category' ? as : 'numbers';
}
