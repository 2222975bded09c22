/** Profile `evidently`: the verdicts of Evidently 0.7 on all columns, in the shape of a report. */
import type { Column } from '../../data/table.ts';
import type { DriftColumn } from '../../protocol/drift.ts';
import type { EvidentlyTest } from '../../protocol/driftTests.ts';
import { sortOnce } from '../../stats/sort.ts';
import { reportColumn } from '../columnReport.ts';
import { type ColumnPair, type Judgement, type Judging, typeOfPair } from '../judgement.ts';
import type { ChosenTest } from '../testChoices.ts';
import { judgeColumn } from './judgeColumn.ts';

/** One column as Evidently judges it, whatever the others hold. */
export function examineAsEvidently({ name, one, other }: ColumnPair, choice: ChosenTest): DriftColumn {
	const sort = sortOnce();
	const verdict = judgeColumn(one, other, choice as Parameters<typeof judgeColumn>[2], sort);
	// Of the evidence of profile sound nothing is used here, so its quick form will do.
	const { evidence: _, notes: __, ...report } = reportColumn(one, other, { test: 'auto', live: true, sort });
	return {
		column: name,
		type: typeOfPair(one, other, report),
		test: verdict.test,
		statistic: verdict.statistic,
		p_value: verdict.p,
		adjusted_p: null,
		effect: null,
		score: verdict.score,
		threshold: verdict.threshold,
		drift: verdict.drift,
		reason: verdict.reason,
		...report,
		notes: [...aboutTypes(one, other), ...aboutTest(verdict.test)],
	};
}

/**
 * A column counts in the share where Evidently has a verdict on it. What would end Evidently's whole report with an error,
 * such as a column of nulls alone, is a column with a reason instead of a verdict.
 */
export function judgeColumns(examined: readonly DriftColumn[], { threshold, withheld }: Judging): Judgement {
	if (withheld !== null) {
		const columns = examined.map((column) => ({ ...column, drift: null, reason: withheld }));
		return { drift: null, reason: withheld, share: 0, columns };
	}
	const columns = [...examined];
	const told = columns.filter(({ drift }) => drift !== null).length;
	if (told === 0) {
		const reason = examined.length === 0 ? 'The samples have no column in common.' : 'No column could be told.';
		return { drift: null, reason, share: 0, columns };
	}
	const share = columns.filter(({ drift }) => drift === true).length / told;
	return { drift: share >= threshold, reason: null, share, columns };
}

function aboutTypes(one: Column, other: Column): string[] {
	if (one.type === other.type) return [];
	return [`The type is ${one.type} in the reference and ${other.type} in the current data.`];
}

/** What Evidently has wrong about the test, and this profile with it. */
const errors: Partial<Record<EvidentlyTest, string>> = {
	chisquare: 'Evidently takes the shares of the reference for exact, so this test calls drift too often.',
	mannw: 'Evidently asks one side alone: it sees values that grew, and none that shrank.',
	anderson: 'The p-value is interpolated in a table and never above 0.25 nor below 0.001.',
	TVD: 'The score is the p-value of 1,000 divisions, not the distance.',
	ed: 'The distance is not scaled: its size depends on the unit of the values.',
};

function aboutTest(test: EvidentlyTest | null): string[] {
	const error = test === null ? undefined : errors[test];
	return error === undefined ? [] : [error];
}
