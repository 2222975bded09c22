/** `drift:`. */
import * as z from 'zod/mini';
import { parseReference } from '../driftReference.ts';
import { driftMethod, driftProfile, driftTest, type JudgedBy, testsOf } from '../driftTests.ts';
import { described } from '../schema.ts';
import { chunkSize } from './chunks.ts';
import { columnName } from './columnName.ts';
import { share } from './units.ts';

const anyTest = z.enum(['auto', ...driftTest.options]);

/** A test, or one with a threshold of its own (profile evidently alone). */
export const testChoice = z.union([
	anyTest,
	z.strictObject({
		test: z._default(anyTest, 'auto'),
		threshold: described(
			z.number().check(z.minimum(0)),
			'Instead of the test’s own; profile evidently and method mean alone.',
		),
	}),
]);
export type TestChoice = z.output<typeof testChoice>;

export const driftSection = z
	.strictObject({
		reference: z._default(
			described(
				z
					.string()
					.check(
						z.refine((text) => parseReference(text) !== null, 'must name a stretch of traffic such as production:7d'),
					),
				'training, a file, production:7d (logged traffic before the current data), same_month_last_year or same_hours (by data.time).',
			),
			'training',
		),
		profile: z._default(
			described(driftProfile, 'sound: Perch’s own rules. evidently: those of Evidently 0.7, its errors included.'),
			'sound',
		),
		method: z.optional(
			described(
				driftMethod,
				'In place of a profile. mean: a column of numbers drifts when its mean moved by 10 % of itself, or by the threshold under tests.',
			),
		),
		threshold: z.optional(
			described(
				share,
				'Share of drifted columns from which the whole is called drifted: 0.5 unless told; with method mean one column is enough.',
			),
		),
		tests: z.optional(
			described(
				z.record(columnName(), testChoice),
				'The test of each column by its name, and of all others under `default`.',
			),
		),
		columns: z.optional(
			described(z.array(columnName()).check(z.minLength(1)), 'Columns that are compared; all unless told.'),
		),
		chunks: z.optional(
			described(
				chunkSize,
				'Cuts the current data into chunks of so many rows, or of a duration such as 1d (by data.time), to draw a trend a column.',
			),
		),
		every: z._default(described(z.int().check(z.minimum(1)), 'Requests between two looks at live traffic.'), 500),
	})
	.check(
		z.refine((section) => Object.values(section.tests ?? {}).every((choice) => fits(judgedByOf(section), choice)), {
			path: ['tests'],
			error:
				'must name tests of the profile (sound: ks, chi_square, kuiper, psi, mmd), and set thresholds in profile evidently or method mean alone',
		}),
	);
export type DriftSection = z.output<typeof driftSection>;

/** By which rules a section judges: its method, where it has one, else its profile. */
export function judgedByOf({ method, profile }: Pick<DriftSection, 'method' | 'profile'>): JudgedBy {
	return method ?? profile;
}

/** The share of drifted columns from which the whole is called drifted. */
export function shareThreshold({ method, threshold }: Pick<DriftSection, 'method' | 'threshold'>): number {
	return threshold ?? (method === 'mean' ? 0 : 0.5);
}

function fits(profile: JudgedBy, choice: TestChoice): boolean {
	const { test, threshold } = typeof choice === 'string' ? { test: choice, threshold: undefined } : choice;
	return (test === 'auto' || testsOf(profile).includes(test)) && (threshold === undefined || profile !== 'sound');
}
