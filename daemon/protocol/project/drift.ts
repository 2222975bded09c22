/** `drift:`. */
import * as z from 'zod/mini';
import { type DriftProfile, driftProfile, driftTest, testsOf } from '../driftTests.ts';
import { described } from '../schema.ts';
import { share } from './units.ts';

const anyTest = z.enum(['auto', ...driftTest.options]);

/** A test, or one with a threshold of its own (profile evidently alone). */
export const testChoice = z.union([
	anyTest,
	z.strictObject({
		test: z._default(anyTest, 'auto'),
		threshold: described(z.number().check(z.minimum(0)), 'Instead of the test’s own; profile evidently alone.'),
	}),
]);
export type TestChoice = z.output<typeof testChoice>;

export const driftSection = z
	.strictObject({
		reference: z._default(described(z.string(), 'training, or a file.'), 'training'),
		profile: z._default(
			described(driftProfile, 'sound: Perch’s own rules. evidently: those of Evidently 0.7, its errors included.'),
			'sound',
		),
		threshold: z._default(described(share, 'Share of drifted columns from which the whole is called drifted.'), 0.5),
		tests: z.optional(
			described(
				z.record(z.string(), testChoice),
				'The test of each column by its name, and of all others under `default`.',
			),
		),
		columns: z.optional(z.array(z.string()).check(z.minLength(1))),
		every: z._default(described(z.int().check(z.minimum(1)), 'Requests between two looks at live traffic.'), 500),
	})
	.check(
		z.refine(({ profile, tests }) => Object.values(tests ?? {}).every((choice) => fits(profile, choice)), {
			path: ['tests'],
			error: 'must name tests of the profile (sound: ks, chi_square), and set thresholds in profile evidently alone',
		}),
	);
export type DriftSection = z.output<typeof driftSection>;

function fits(profile: DriftProfile, choice: TestChoice): boolean {
	const { test, threshold } = typeof choice === 'string' ? { test: choice, threshold: undefined } : choice;
	return (test === 'auto' || testsOf(profile).includes(test)) && (threshold === undefined || profile === 'evidently');
}
