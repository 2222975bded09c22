/** Profile `evidently`: the verdicts of Evidently 0.7 on all columns, in the shape of a report. */
import type { DriftColumn } from '../../protocol/drift.ts';
import type { EvidentlyTest } from '../../protocol/driftTests.ts';
import { aboutNulls } from '../columnNotes.ts';
import { reportColumn } from '../columnReport.ts';
import { type ColumnPair, type Judgement, type Judging, typeOfPair } from '../judgement.ts';
import { asTheyCame } from '../rowOrder.ts';
import { type EvidentlyVerdict, judgeColumn } from './judgeColumn.ts';

/**
 * A column counts in the share where Evidently has a verdict on it. What would end Evidently's whole report with an error,
 * such as a column of nulls alone, is a column with a reason instead of a verdict.
 */
export function judgeColumns(pairs: readonly ColumnPair[], { choose, threshold, withheld }: Judging): Judgement {
	const columns = pairs.map((pair): DriftColumn => {
		const verdict = judgeColumn(pair.one, pair.other, choose(pair.name) as Parameters<typeof judgeColumn>[2]);
		return toProtocol(pair, withheld === null ? verdict : { ...verdict, drift: null, reason: withheld });
	});
	if (withheld !== null) return { drift: null, reason: withheld, share: 0, rowsNeeded: null, columns };
	const told = columns.filter(({ drift }) => drift !== null).length;
	if (told === 0) {
		const reason = pairs.length === 0 ? 'The samples have no column in common.' : 'No column could be told.';
		return { drift: null, reason, share: 0, rowsNeeded: null, columns };
	}
	const share = columns.filter(({ drift }) => drift === true).length / told;
	return { drift: share >= threshold, reason: null, share, rowsNeeded: null, columns };
}

function toProtocol(pair: ColumnPair, verdict: EvidentlyVerdict): DriftColumn {
	const { name, one, other } = pair;
	// Of the evidence of profile sound nothing is used here, so its quick form will do.
	const {
		evidence: _,
		notes: __,
		...report
	} = reportColumn(one, other, { test: 'auto', live: true, order: asTheyCame });
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
		notes: [...aboutTypes(pair), ...aboutNulls(report.reference, report.current), ...aboutTest(verdict.test)],
	};
}

function aboutTypes({ one, other }: ColumnPair): string[] {
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
