/** Which test each column gets: what was asked for, checked against what the profile knows. */
import { type DriftTest, type JudgedBy, judgedBy, testsOf } from '../protocol/driftTests.ts';
import { PerchError } from '../protocol/errors.ts';
import type { TestChoice } from '../protocol/project/drift.ts';

export interface ChosenTest {
	test: 'auto' | DriftTest;
	/** Instead of the test's own. */
	threshold?: number;
}

export type ChooseTest = (column: string) => ChosenTest;

/** The rules of the profile decide. */
export const anyTest: ChooseTest = () => ({ test: 'auto' });

/** Under this name `drift.tests` holds the test of the columns that it does not name. */
const forAll = 'default';

/**
 * The choice for each column: its own in `tests`, else `test`, else the default of `tests`. Throws `invalid_arguments` for a
 * test that the profile does not know, and for a threshold where the profile has rules instead.
 */
export function chooseTests(
	profile: JudgedBy,
	test: 'auto' | DriftTest | undefined,
	tests: Readonly<Record<string, TestChoice>> = {},
): ChooseTest {
	const own = new Map(Object.entries(tests).map(([column, choice]) => [column, chosen(choice)]));
	for (const [column, choice] of own) check(profile, choice, `drift.tests.${column}`);
	const rest = test === undefined ? (own.get(forAll) ?? { test: 'auto' }) : { test };
	check(profile, rest, 'test');
	own.delete(forAll);
	return (column) => own.get(column) ?? rest;
}

function chosen(choice: TestChoice): ChosenTest {
	return typeof choice === 'string' ? { test: choice } : choice;
}

function check(profile: JudgedBy, { test, threshold }: ChosenTest, field: string): void {
	const known = testsOf(profile);
	if (test !== 'auto' && !known.includes(test)) {
		const other = judgedBy.options.find((one) => testsOf(one).includes(test)) ?? 'sound';
		throw new PerchError(
			'invalid_arguments',
			`${called(profile)} has no test ${test}; ${called(other).toLowerCase()} has.`,
			{
				field,
				hint: `${called(profile)} has ${known.join(', ')}; auto chooses among them.`,
			},
		);
	}
	if (threshold !== undefined && profile === 'sound') {
		throw new PerchError('invalid_arguments', 'Profile sound has no thresholds to set: it judges by p and effect.', {
			field,
			hint: 'Leave the threshold out, or use profile evidently or method mean.',
		});
	}
}

function called(profile: JudgedBy): string {
	return profile === 'mean' ? 'Method mean' : `Profile ${profile}`;
}
