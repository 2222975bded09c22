/** Profile `sound` on the columns of a report: each by itself, then all together. */
import type { DriftColumn } from '../../protocol/drift.ts';
import { type ColumnOptions, type ColumnReport, reportColumn } from '../columnReport.ts';
import { type ColumnPair, type Judgement, type Judging, typeOfPair } from '../judgement.ts';
import type { ChosenTest } from '../testChoices.ts';
import { type ColumnVerdict, decide, floors, type Sizes, type Test } from './sound.ts';

/** One column before the p-values of all of them are adjusted. */
export interface SoundColumn {
	name: string;
	type: DriftColumn['type'];
	report: ColumnReport;
}

export function examineSoundly(
	{ name, one, other }: ColumnPair,
	{ test }: ChosenTest,
	{ live, order }: Pick<Required<ColumnOptions>, 'live' | 'order'>,
): SoundColumn {
	const report = reportColumn(one, other, { test: test as 'auto' | Test, live, order });
	return { name, type: typeOfPair(one, other, report), report };
}

export function judgeSoundly(examined: readonly SoundColumn[], { threshold, withheld }: Judging): Judgement {
	const verdict = decide(
		examined.map(({ report }) => report.evidence),
		threshold,
		withheld,
	);
	const columns = examined.map((column, index) => toProtocol(column, verdict.columns[index] as ColumnVerdict));
	return { ...verdict, columns };
}

function toProtocol(
	{ name, type, report: { evidence, ...report } }: SoundColumn,
	{ drift, adjustedP, reason, rowsNeeded }: ColumnVerdict,
): DriftColumn {
	const tested = evidence.kind === 'tested' ? evidence : null;
	return {
		column: name,
		type,
		test: tested?.test ?? null,
		statistic: tested?.statistic ?? null,
		p_value: tested?.p ?? null,
		adjusted_p: adjustedP,
		effect: evidence.effect,
		effect_interval: tested?.interval ?? null,
		effective_rows: evidence.effective === undefined ? null : wholeRows(evidence.effective),
		rows_needed: rowsNeeded,
		score: evidence.effect,
		threshold: evidence.effect === null ? null : floors[tested?.test ?? 'ks'],
		drift,
		reason,
		...report,
	};
}

function wholeRows({ reference, current }: Sizes): Sizes {
	return { reference: Math.floor(reference), current: Math.floor(current) };
}
